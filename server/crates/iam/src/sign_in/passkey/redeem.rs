//! Signing in with a passkey (WebAuthn Level 3, 7.2). Nobody says who they are before: the authenticator does, so there is
//! nothing to find out about anybody's account.

use super::{PasskeyRequest, from_json, is_of_origin, parse, to_json};
use crate::{
    Ctx, IamError,
    core::{
        Core,
        limits::Limit,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    port::SecurityChange,
    sign_in::{
        SignIn,
        arrival::{Proved, SignInStep},
    },
};
use iam_domain::{
    audit::{PasskeyRefusal, Told},
    core::origin::Bound,
    sign_in::passkey::{BoundTo, LIFETIME, Passkey, PasskeyChallenge},
};
use iam_store::{WorkspaceTx, audit::event::Events};
use iam_types::{AuthorizationId, ErrorCode, PasskeyChallengeId, Slug, WorkspaceId};
use subtle::ConstantTimeEq;
use webauthn_rs::{
    Webauthn,
    prelude::{
        AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey as Key,
        PublicKeyCredential, WebauthnError,
    },
};

/// A passkey, and what it answered.
struct Answered {
    passkey: Passkey,
    key: Key,
    said: AuthenticationResult,
}

/// Why an answer was refused, and the passkey of which there may be a copy.
struct Refused {
    refusal: PasskeyRefusal,
    passkey: Option<Passkey>,
}

/// A sign-in by passkey that has begun.
pub struct Begun {
    /// What the browser is to ask for.
    pub request: PasskeyRequest,
    /// The cookie that ties it to this browser.
    pub browser: Secret,
}

impl SignIn<'_> {
    /// Asks whichever authenticator the person chooses to say who they are. It counts in this browser, here, on the way
    /// to where they wanted to go.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`], [`ErrorCode::NotFound`] for an unknown workspace and where passkeys cannot be;
    /// [`ErrorCode::InvalidInput`] for a request of no workspace; [`ErrorCode::AuthorizationExpired`] when the app's
    /// request does not wait here.
    pub async fn begin_passkey(
        self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<Begun, IamError> {
        let relying_party = self.core.passkeys_to_sign_in(ctx)?;
        self.core.limit(Limit::PasskeyBegin, &ctx.network()).await?;
        // At a workspace's own host there is no other.
        let slug = ctx.custom_domain.as_ref().map(|own| &own.slug).or(slug);
        let return_to = self.core.return_to(ctx, slug, authorization_id).await?;
        let (options, state) = relying_party
            .start_discoverable_authentication()
            .map_err(|_| IamError::Fault("passkey sign-in"))?;
        let (browser, now) = (self.core.browser_secret(ctx), self.core.now());
        let challenge = PasskeyChallenge {
            id: PasskeyChallengeId::from_uuid(self.core.new_uuid()),
            bound_to: BoundTo::Browser(*browser.hash()),
            return_to,
            state: to_json(state)?,
            created_at: now,
            expires_at: now + LIFETIME,
            consumed_at: None,
        };
        self.core
            .deps
            .store
            .insert_passkey_challenge(&challenge, &ctx.here())
            .await?;
        Ok(Begun {
            request: PasskeyRequest {
                challenge: challenge.id,
                options: to_json(options)?["publicKey"].take(),
            },
            browser,
        })
    }

    /// Signs in with what an authenticator `answer`s, in the browser that asked. One answer is taken, right or wrong.
    ///
    /// # Errors
    /// [`ErrorCode::PasskeyExpired`], also in another browser; [`ErrorCode::PasskeyRefused`] for whatever is wrong with
    /// the answer, the passkey or the person; [`ErrorCode::RateLimited`].
    pub async fn redeem_passkey(
        self,
        ctx: &Ctx,
        id: PasskeyChallengeId,
        answer: &str,
    ) -> Result<SignInStep, IamError> {
        let relying_party = self.core.passkeys_to_sign_in(ctx)?;
        self.core.limit_code_try(ctx).await?;
        let challenge = self.core.deps.store.passkey_challenge(id).await?;
        let challenge = self
            .core
            .own_passkey_challenge(ctx, challenge)
            .ok_or(ErrorCode::PasskeyExpired)?;
        let now = self.core.now();
        if challenge.can_be_repeated(now) {
            return self.core.repeat_passkey(ctx, &challenge).await;
        }
        if !challenge.is_open(now) {
            return Err(ErrorCode::PasskeyExpired.into());
        }
        let mut tx = self
            .core
            .deps
            .store
            .in_workspace(challenge.return_to.place())
            .await?;
        if !tx.consume_passkey_challenge(challenge.id, now).await? {
            drop(tx);
            return self.core.repeat_passkey(ctx, &challenge).await;
        }
        let origin = self.core.origin_for(ctx);
        let answer = parse::<PublicKeyCredential>(answer)
            .filter(|answer| is_of_origin(&answer.response.client_data_json, origin));
        match check_answer(&relying_party, &mut tx, &challenge, answer).await? {
            Ok(answered) => self.core.finish_passkey(tx, ctx, challenge, answered).await,
            Err(refused) => self.core.refuse_passkey(tx, ctx, &challenge, refused).await,
        }
    }
}

impl Core {
    fn own_passkey_challenge(
        &self,
        ctx: &Ctx,
        challenge: Option<Bound<PasskeyChallenge>>,
    ) -> Option<PasskeyChallenge> {
        let browser = self.hash_secret(SecretKind::Browser, ctx.browser.as_deref()?)?;
        let challenge = challenge?.at(&ctx.here())?;
        match &challenge.bound_to {
            BoundTo::Browser(asked) if bool::from(asked.ct_eq(&browser)) => Some(challenge),
            _ => None,
        }
    }

    async fn finish_passkey(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        challenge: PasskeyChallenge,
        answered: Answered,
    ) -> Result<SignInStep, IamError> {
        let Answered {
            mut passkey,
            mut key,
            said,
        } = answered;
        key.update_credential(&said);
        passkey.synced = said.backup_eligible();
        passkey.credential = to_json(&key)?;
        let used = tx.use_passkey(&passkey, challenge.created_at, self.now()).await?;
        // Asked after the passkey is held: whoever is being shut out meanwhile is found shut out.
        let person = tx.user(passkey.user_id).await?;
        let Some(person) = person.filter(|_| used) else {
            let told = Told::passkey_refused(challenge.id, PasskeyRefusal::Void);
            let (acting, code) = (Acting::Unknown(ctx), ErrorCode::PasskeyRefused);
            return self.refuse(tx, acting, told, code).await;
        };
        let proved = Proved {
            user_id: person.id,
            address: &person.address()?,
            methods: passkey.methods().map(str::to_owned).to_vec(),
            return_to: challenge.return_to,
            is_new: false,
            steps_up: false,
            model: passkey.model(),
            step: challenge.id.uuid(),
            through: None,
            made: Vec::new(),
        };
        self.let_in(tx, ctx, proved, None).await
    }

    /// Refuses an answer; a passkey of which there may be a copy signs in no more, and its person is told.
    async fn refuse_passkey(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        challenge: &PasskeyChallenge,
        refused: Refused,
    ) -> Result<SignInStep, IamError> {
        let acting = Acting::Unknown(ctx);
        let told = Told::passkey_refused(challenge.id, refused.refusal);
        let suspected = match refused.passkey {
            Some(passkey) if tx.suspect_passkey(passkey.id, self.now()).await? => passkey,
            _ => return self.refuse(tx, acting, told, ErrorCode::PasskeyRefused).await,
        };
        let event = self.event(&mut tx, acting, told).await?;
        // It is a matter of the account, wherever it was tried.
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        let (person, name) = (suspected.user_id, suspected.name.as_str());
        if let Some(person) = tx.user(person).await? {
            let change = SecurityChange::PasskeySuspected;
            self.warn(&mut tx, ctx, &person.email, change, name).await?;
        }
        let told = Told::passkey_blocked(person, suspected.id, name);
        let blocked = self.event(&mut tx, acting, told).await?;
        tx.commit(Events::from(event).after(Some(blocked))).await?;
        self.mail_waiting.notify_one();
        Err(ErrorCode::PasskeyRefused.into())
    }

    async fn repeat_passkey(&self, ctx: &Ctx, challenge: &PasskeyChallenge) -> Result<SignInStep, IamError> {
        let repeated = self
            .repeat(ctx, challenge.return_to, challenge.id.uuid(), None)
            .await?;
        repeated.ok_or(ErrorCode::PasskeyExpired.into())
    }
}

/// The passkey that answered, held, and what it said, if all is right with that.
async fn check_answer(
    relying_party: &Webauthn,
    tx: &mut WorkspaceTx,
    challenge: &PasskeyChallenge,
    answer: Option<PublicKeyCredential>,
) -> Result<Result<Answered, Refused>, IamError> {
    let refused = |refusal| {
        Ok(Err(Refused {
            refusal,
            passkey: None,
        }))
    };
    let Some(answer) = answer else {
        return refused(PasskeyRefusal::Invalid);
    };
    let Ok((person, credential_id)) = relying_party.identify_discoverable_authentication(&answer) else {
        return refused(PasskeyRefusal::Invalid);
    };
    let found = tx.hold_passkey(credential_id).await?;
    let Some(passkey) = found.filter(|passkey| passkey.user_id.uuid() == person) else {
        return refused(PasskeyRefusal::Unknown);
    };
    let state: DiscoverableAuthentication = from_json(challenge.state.clone())?;
    let key: Key = from_json(passkey.credential.clone())?;
    let checked =
        relying_party.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key));
    match checked {
        Ok(said) if said.user_verified() => Ok(Ok(Answered { passkey, key, said })),
        Ok(_) => refused(PasskeyRefusal::Invalid),
        Err(WebauthnError::CredentialPossibleCompromise) => Ok(Err(Refused {
            refusal: PasskeyRefusal::Suspected,
            passkey: Some(passkey),
        })),
        Err(error) => {
            tracing::info!(%error, "a passkey's answer was refused");
            refused(PasskeyRefusal::Invalid)
        }
    }
}
