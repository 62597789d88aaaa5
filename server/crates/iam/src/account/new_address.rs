//! Adding an address: whoever adds it proves that its mails reach them, in the session that asked and nowhere else. To whom
//! an address belongs is told nobody but those who read its mails.

use crate::{
    Actor, Ctx, IamError,
    account::Account,
    core::{Core, limits::Limit, secret::SecretKind},
    ctx::Acting,
    port::{AddressMail, Mail, SecurityChange},
};
use iam_domain::{
    account::{
        address::{AddressChallenge, CODE_ATTEMPTS, LIFETIME},
        email::Email,
        pasted::parse_pasted,
    },
    audit::{ChallengeRefusal, Told},
    core::secret_hash::SecretHash,
    sign_in::user_agent,
};
use iam_store::{WorkspaceTx, account::address::Claimed};
use iam_types::{AddressChallengeId, ErrorCode, WorkspaceId, paths};
use subtle::ConstantTimeEq;

/// How a person proves an address.
#[derive(Debug, Clone, Copy)]
pub enum AddressProof<'a> {
    /// By the six digits of the mail.
    Code(AddressChallengeId, &'a str),
    /// By its link.
    Link(&'a str),
}

impl Account<'_> {
    /// Sends a link and a code to an address that is to be added. If it belongs to somebody else, that person is told
    /// instead, and nothing here looks different.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::InvalidEmail`];
    /// [`ErrorCode::AddressKnown`] for one of their own; [`ErrorCode::RateLimited`].
    pub async fn add_address(self, ctx: &Ctx, address: &str) -> Result<AddressChallengeId, IamError> {
        let actor = ctx.actor()?;
        self.core.require_recent(actor)?;
        let (person, address, now) = (actor.user.id, parse_pasted(address)?, self.core.now());
        let mailed = self.core.limit_address_mail(ctx, actor, &address).await?;
        let id = AddressChallengeId::from_uuid(self.core.new_uuid());
        let (token, code) = (
            self.core.new_secret(SecretKind::AddressLink),
            self.core.new_code(),
        );
        let challenge = AddressChallenge {
            id,
            user_id: person,
            session_id: actor.session.id,
            address: address.clone(),
            code_hash: self.core.hash_address_code(id, &code),
            code_attempts: 0,
            expires_at: now + LIFETIME,
            consumed_at: None,
        };
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if tx.owns_address(person, &address).await? {
            return Err(ErrorCode::AddressKnown.into());
        }
        tx.put_address_challenge(&challenge, token.hash(), now).await?;
        let holder = tx.holder_of(&address, now).await?;
        if mailed && holder.is_none_or(|holder| holder == person) {
            let mail = Mail::Address(AddressMail {
                to: address.to_string(),
                locale: ctx.locale.clone(),
                by: actor.user.email.clone(),
                url: format!("{}{}", self.core.origin(), paths::address_link(token.expose())),
                code,
                asked_by: user_agent::described(&ctx.user_agent),
            });
            self.core
                .enqueue(&mut tx, &mail, Some(id.uuid()), challenge.expires_at)
                .await?;
        } else if mailed {
            let what = (actor.user.email.as_str(), paths::SECURITY);
            self.core
                .warn_at(
                    &mut tx,
                    ctx,
                    address.as_str(),
                    SecurityChange::AddressWanted,
                    what,
                )
                .await?;
        }
        let told = Told::address_added(person, &self.core.pseudonym(address.as_str()));
        self.core.commit(tx, Acting::User(person, ctx), told).await?;
        self.core.mail_waiting.notify_one();
        Ok(id)
    }

    /// The address that a proof is about, without using anything up: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::LinkInvalid`]; [`ErrorCode::LinkOtherBrowser`] for a link that another
    /// session asked for.
    pub async fn new_address(self, ctx: &Ctx, proof: AddressProof<'_>) -> Result<String, IamError> {
        let challenge = self.core.own_address_challenge(ctx.actor()?, proof).await?;
        let open = challenge.is_open(self.core.now()) || challenge.consumed_at.is_some();
        open.then(|| challenge.address.to_string())
            .ok_or(ErrorCode::LinkInvalid.into())
    }

    /// Adds the address that is proved, and tells the primary one. Once more does nothing more.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::RateLimited`]; [`ErrorCode::LinkInvalid`],
    /// [`ErrorCode::LinkOtherBrowser`], [`ErrorCode::CodeWrong`], [`ErrorCode::CodeSpent`];
    /// [`ErrorCode::AddressTaken`] when it is somebody else's by now; [`ErrorCode::TooMany`].
    pub async fn verify_address(self, ctx: &Ctx, proof: AddressProof<'_>) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        self.core.require_recent(actor)?;
        self.core.limit_code_try(ctx).await?;
        let challenge = self.core.own_address_challenge(actor, proof).await?;
        let tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let tx = match proof {
            AddressProof::Code(_, code) => self.core.check_address_code(tx, ctx, &challenge, code).await?,
            AddressProof::Link(_) => tx,
        };
        self.core.claim_address(tx, ctx, actor, &challenge).await
    }
}

impl Core {
    /// Takes one mail to a new address from what this person may send. False when the address has had enough of them,
    /// whoever asked: then none is sent, and nothing else looks different.
    async fn limit_address_mail(&self, ctx: &Ctx, actor: &Actor, address: &Email) -> Result<bool, IamError> {
        let (person, receiver) = (actor.user.id.to_string(), self.pseudonym(address.as_str()));
        self.limit(Limit::AddressPerson, &person).await?;
        self.limit(Limit::AddressNetwork, &ctx.network()).await?;
        self.limit(Limit::AddressOnePerson, &format!("{receiver}/{person}"))
            .await?;
        Ok(self.within(Limit::AddressMail, &receiver).await)
    }

    /// The challenge that a proof is about, if this session asked for it.
    async fn own_address_challenge(
        &self,
        actor: &Actor,
        proof: AddressProof<'_>,
    ) -> Result<AddressChallenge, IamError> {
        let store = &self.deps.store;
        let found = match proof {
            AddressProof::Code(id, _) => store.address_challenge(id).await?,
            AddressProof::Link(token) => match self.hash_secret(SecretKind::AddressLink, token) {
                Some(hash) => store.address_challenge_by_link(&hash).await?,
                None => None,
            },
        };
        let challenge = found.ok_or(ErrorCode::LinkInvalid)?;
        if challenge.user_id == actor.user.id && challenge.session_id == actor.session.id {
            return Ok(challenge);
        }
        // Whoever has the link has the mail; an identifier alone tells nothing.
        Err(match proof {
            AddressProof::Link(_) => ErrorCode::LinkOtherBrowser.into(),
            AddressProof::Code(..) => ErrorCode::LinkInvalid.into(),
        })
    }

    /// Spends a try at the code, and gives the transaction back where it is right.
    async fn check_address_code(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        challenge: &AddressChallenge,
        code: &str,
    ) -> Result<WorkspaceTx, IamError> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let hash = self.hash_address_code(challenge.id, &digits);
        if !tx.spend_address_attempt(challenge.id, CODE_ATTEMPTS).await? {
            return Err(ErrorCode::CodeSpent.into());
        }
        if hash.ct_eq(&challenge.code_hash).into() {
            return Ok(tx);
        }
        let code = if challenge.code_attempts + 1 >= CODE_ATTEMPTS {
            ErrorCode::CodeSpent
        } else {
            ErrorCode::CodeWrong
        };
        let told = Told::address_refused(challenge.id, ChallengeRefusal::WrongCode);
        self.refuse(tx, ctx.acting(), told, code).await
    }

    /// Makes the address of a challenge that was proved the person's.
    async fn claim_address(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        challenge: &AddressChallenge,
    ) -> Result<(), IamError> {
        let (person, address, now) = (actor.user.id, &challenge.address, self.now());
        if !tx.consume_address_challenge(challenge.id, now).await? {
            let done = challenge.consumed_at.is_some() || challenge.is_open(now);
            return if done && tx.owns_address(person, address).await? {
                Ok(())
            } else {
                Err(ErrorCode::LinkInvalid.into())
            };
        }
        match tx.claim_address(person, address, now, now).await? {
            Claimed::Now => {}
            Claimed::Already => return Ok(()),
            Claimed::Taken => return Err(ErrorCode::AddressTaken.into()),
            Claimed::TooMany => return Err(ErrorCode::TooMany.into()),
        }
        let primary = actor.user.email.as_str();
        self.tell_of_address(&mut tx, ctx, primary, SecurityChange::AddressAdded, address)
            .await?;
        let told = Told::address_verified(person, &self.pseudonym(address.as_str()));
        self.commit(tx, Acting::User(person, ctx), told).await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    fn hash_address_code(&self, id: AddressChallengeId, code: &str) -> SecretHash {
        let text = format!("{id}{code}");
        SecretHash::new(self.deps.master_keys.hash("code", text.as_bytes()))
    }
}
