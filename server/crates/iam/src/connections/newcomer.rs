//! Somebody whom a provider vouches for and whom nobody knows by it.

use crate::{
    Ctx, IamError,
    connections::{callback::Outcome, vouched::Vouched},
    core::Core,
    ctx::Acting,
    sign_in::Linking,
};
use iam_domain::{
    account::email::Email,
    audit::{ConnectionRefusal, Told},
    connections::{
        attempt::{Attempt, Returned, Said},
        connection::{Connection, Provisioning},
        word::Word,
    },
    core::visible::VisibleName,
};
use iam_store::{WorkspaceTx, account::user::Found};
use iam_types::{Slug, UserId, WorkspaceId, view::AddressWord};

/// What to do with somebody whom a provider vouches for and whom nobody knows by it.
pub(super) enum Newcomer {
    /// They are let in, with an account of their own.
    LetIn(Email),
    /// They prove an address first.
    Prove(Email),
    /// Nothing.
    Refuse(ConnectionRefusal),
}

impl Core {
    /// What to do with somebody who is not known by a provider. Its word makes an account only for an address at a domain that the
    /// workspace has proved, or whose accounts operators say that it keeps, and gives nobody's account away: whoever has one says by
    /// mail that it is theirs.
    pub(super) async fn newcomer(
        &self,
        tx: &mut WorkspaceTx,
        connection: &Connection,
        said: &Said,
    ) -> Result<Newcomer, IamError> {
        let settings = &connection.settings;
        if settings.provisioning == Provisioning::Linked {
            // Whether or not anybody has the address, so that nobody learns it.
            return Ok(Newcomer::Refuse(ConnectionRefusal::NotLinked));
        }
        let address = said.email.as_deref().map(str::parse::<Email>);
        let Some(Ok(address)) = address else {
            return Ok(Newcomer::Refuse(ConnectionRefusal::NoAddress));
        };
        Ok(
            match (tx.owner_of_address(&address).await?, settings.provisioning) {
                (None | Some((_, false)), Provisioning::Members) => {
                    Newcomer::Refuse(ConnectionRefusal::NoAccount)
                }
                (None, Provisioning::Joining | Provisioning::Everybody)
                    if self.word_on(tx, connection, said).await? == AddressWord::Counts =>
                {
                    Newcomer::LetIn(address)
                }
                _ => Newcomer::Prove(address),
            },
        )
    }

    /// Whether the address counts that a provider says.
    pub(super) async fn word_on(
        &self,
        tx: &mut WorkspaceTx,
        connection: &Connection,
        said: &Said,
    ) -> Result<AddressWord, IamError> {
        let address = said.email.as_deref().map(str::parse::<Email>);
        let Some(Ok(address)) = address else {
            return Ok(AddressWord::Missing);
        };
        match connection.word_on(&address, said) {
            Word::Unverified => return Ok(AddressWord::Unverified),
            Word::NotOfDomain => return Ok(AddressWord::NotOfDomain),
            Word::Counts => {}
        }
        let own = match tx.workspace_id() {
            WorkspaceId::PLATFORM => connection
                .settings
                .domains
                .iter()
                .any(|kept| kept == address.domain()),
            _ => tx.has_proved(address.domain()).await?,
        };
        Ok(if own {
            AddressWord::Counts
        } else {
            AddressWord::OtherDomain
        })
    }

    pub(super) async fn let_newcomer_in(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        (slug, attempt, connection): (&Slug, &Attempt, &Connection),
        (said, address): (&Said, &Email),
    ) -> Result<Outcome, IamError> {
        let new = UserId::from_uuid(self.new_uuid());
        let Found::New(person) = tx.find_or_create_user(address, new, self.now()).await? else {
            // Somebody was faster, whose account it is now.
            drop(tx);
            return self
                .ask_for_proof(ctx, slug, attempt, connection, (said, address))
                .await;
        };
        let acting = Acting::User(person, ctx);
        let created = self.event(&mut tx, acting, Told::user_created(person)).await?;
        if let Some(Ok(name)) = said.name.as_deref().map(str::parse::<VisibleName>) {
            tx.set_display_name(person, Some(&name)).await?;
        }
        let returned = returned(said);
        let Some(linked) = self.link(&mut tx, ctx, connection, &returned, person).await? else {
            let refusal = ConnectionRefusal::Taken;
            drop(tx);
            let tx = self.in_workspace_behind(slug).await?;
            return self.refuse_attempt(tx, ctx, attempt, connection, refusal).await;
        };
        let vouched = Vouched {
            slug,
            attempt,
            connection: connection.id,
            who: (person, address),
        };
        self.let_in_vouched(tx, ctx, vouched, (vec![linked], Some(created)))
            .await
    }

    pub(super) async fn ask_for_proof(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        attempt: &Attempt,
        connection: &Connection,
        (said, address): (&Said, &Email),
    ) -> Result<Outcome, IamError> {
        self.limit_sign_in_mail(ctx, address, "").await?;
        self.require_waiting(ctx, attempt.return_to).await?;
        let linking = Linking {
            place: self.workspace_id(slug).await?,
            attempt: attempt.id,
            returned: &returned(said),
            provider: connection.settings.name.as_str(),
        };
        let asked = self
            .ask_by_mail(ctx, address, attempt.return_to, Some(linking))
            .await?;
        Ok(Outcome::ProveAddress(asked.id))
    }
}

/// Who somebody is at a provider, and what to know them by: the address, since what else a provider says may be anything.
pub(super) fn returned(said: &Said) -> Returned {
    let address = said.email.as_deref().map(str::parse::<Email>);
    Returned {
        subject: said.subject.clone(),
        label: address
            .and_then(Result::ok)
            .map_or_else(String::new, |address| address.to_string()),
    }
}
