//! Taking back a sign-in that was somebody else's, from the mail that told of it.

use crate::{
    Ctx, IamError,
    core::{
        Core,
        limits::Limit,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    port::SecurityChange,
    sign_in::{SignIn, arrival::Proved, ending::Ending},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{
    audit::{Ended, Told},
    sign_in::session::DISOWNED_WITHIN,
};
use iam_store::{
    WorkspaceTx,
    account::address::Claimed,
    audit::event::{Event, Events},
};
use iam_types::{ErrorCode, SessionId, UserId, WorkspaceId, paths};
use subtle::ConstantTimeEq;

/// What the link of such a mail names.
#[derive(Debug, Clone, Copy)]
pub struct Disowned<'a> {
    /// Whose account it is.
    pub person: UserId,
    /// Which sign-in was somebody else's.
    pub session: SessionId,
    /// What only the mail has.
    pub key: &'a str,
}

impl SignIn<'_> {
    /// Whether a link of such a mail is one of ours and not too old. Looks only: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub fn inspect_disown(self, ctx: &Ctx, link: Disowned<'_>) -> Result<(), IamError> {
        self.core.began(ctx, link).map(|_| ())
    }

    /// Signs out everywhere whoever owns the account, takes away the passkeys and addresses that were added since that sign-in,
    /// puts back the addresses that were removed since, and ends what apps may do. Who does so need not be signed in: they have the mail, as those who sign in by mail do.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`]; [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn disown(self, ctx: &Ctx, link: Disowned<'_>) -> Result<(), IamError> {
        let began = self.core.began(ctx, link)?;
        self.core.limit_code_try(ctx).await?;
        let person = link.person;
        let tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let (mut tx, mut events) = self
            .core
            .end_what_lets_in(ctx, tx, (person, Ended::ByMail), Ending::Credentials)
            .await?;
        let acting = Acting::User(person, ctx);
        for (id, name) in tx.delete_passkeys_since(person, began).await? {
            let told = Told::passkey_removed(id, &name);
            events.push(self.core.event(&mut tx, acting, told).await?);
        }
        if tx.delete_second_factors(person, Some(began)).await? {
            let told = Told::totp_removed(person);
            events.push(self.core.event(&mut tx, acting, told).await?);
        }
        let (mut tx, changed) = self.core.take_addresses_back(tx, ctx, person, began).await?;
        events.extend(changed);
        let told = Told::sessions_ended(person, Ended::ByMail);
        let event = self.core.event(&mut tx, acting, told).await?;
        Ok(tx.commit(Events::from(event).after(events)).await?)
    }
}

impl Core {
    /// Tells somebody by mail of a sign-in in a browser that never signed in to their account before, so that they can take it
    /// back if it was not theirs. Beyond some of these mails it stays unsaid.
    pub(crate) async fn tell_of_new_browser(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        proved: &Proved<'_>,
        session: SessionId,
    ) -> Result<(), IamError> {
        if self.knows_browser(ctx, proved.address) {
            return Ok(());
        }
        let key = format!("{}/new-browser", proved.user_id);
        if !self.within(Limit::Notice, &key).await {
            return Ok(());
        }
        let secret = self.disown_key(proved.user_id, session);
        let path = paths::disown(proved.user_id, session, secret.expose());
        let to = proved.address.as_str();
        let from = match self.place_of(&ctx.client_ip, ctx) {
            Some(place) => format!("{} ({place})", ctx.client_ip),
            None => ctx.client_ip.clone(),
        };
        self.warn_at(tx, ctx, to, SecurityChange::NewBrowser, (&from, &path))
            .await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    /// Gives a person the addresses again that they had at `began`, as far as they can be told, and no others. Whoever signs
    /// in meanwhile with one of the others is signed out too.
    async fn take_addresses_back(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        person: UserId,
        began: DateTime<Utc>,
    ) -> Result<(WorkspaceTx, Vec<Event>), IamError> {
        let (acting, now) = (Acting::User(person, ctx), self.now());
        let mut added = tx.delete_addresses_since(person, began).await?;
        let mut events = Vec::new();
        for (address, verified_at) in tx.addresses_removed_since(person, began, now).await? {
            if tx.claim_address(person, &address, verified_at, now).await? == Claimed::Now {
                let told = Told::address_restored(person, &self.pseudonym(address.as_str()));
                events.push(self.event(&mut tx, acting, told).await?);
            }
        }
        tx.forget_young_removals_of(person).await?;
        if tx.is_primary_new(person, began).await?
            && let Some(oldest) = tx.oldest_address(person, began).await?
            && let Some(new) = tx.set_primary_address(person, &oldest).await?
        {
            tx = self.list_under(tx, person, &oldest).await?;
            let (from, to) = (self.pseudonym(&new), self.pseudonym(oldest.as_str()));
            let told = Told::address_made_primary(person, &from, &to);
            events.push(self.event(&mut tx, acting, told).await?);
            added.extend(tx.delete_addresses_since(person, began).await?);
        }
        for address in added {
            let told = Told::address_removed(person, &self.pseudonym(&address));
            events.push(self.event(&mut tx, acting, told).await?);
        }
        tx.delete_sessions_of(person).await?;
        Ok((tx, events))
    }

    fn disown_key(&self, person: UserId, session: SessionId) -> Secret {
        let (person, session) = (person.to_string(), session.to_string());
        self.derived_secret(SecretKind::Disown, &[person.as_bytes(), session.as_bytes()])
    }

    /// When the sign-in of a link began, if the link is ours and not too old.
    fn began(&self, ctx: &Ctx, link: Disowned<'_>) -> Result<DateTime<Utc>, IamError> {
        if ctx.custom_domain.is_some() {
            return Err(ErrorCode::NotFound.into());
        }
        let invalid = IamError::Refused(ErrorCode::LinkInvalid);
        let own = self.disown_key(link.person, link.session);
        let presented = self.hash_secret(SecretKind::Disown, link.key);
        if !presented.is_some_and(|hash| hash.ct_eq(own.hash()).into()) {
            return Err(invalid);
        }
        let age = self.age(link.session.uuid()).ok_or(invalid)?;
        if age >= DISOWNED_WITHIN {
            return Err(ErrorCode::LinkInvalid.into());
        }
        // The identifier tells whole seconds.
        Ok(self.now() - age - TimeDelta::seconds(1))
    }
}
