//! Signing in with a passkey (WebAuthn Level 3, 7.2). Nobody says who they are before: the authenticator does, so there is
//! nothing to find out about anybody's account.

use super::{PasskeyRequest, from_json, parse, to_json};
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
        arrival::{Proved, SignedIn},
    },
};
use iam_domain::{
    audit::{PasskeyRefusal, Told},
    core::origin::Bound,
    sign_in::passkey::{BoundTo, LIFETIME, Passkey, PasskeyChallenge},
};
use iam_store::{WorkspaceTx, sign_in::passkey::Answered};
use iam_types::{AuthorizationId, ErrorCode, PasskeyChallengeId, Slug};
use subtle::ConstantTimeEq;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, PublicKeyCredential, WebauthnError,
};

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
        let relying_party = self.core.passkeys(ctx)?;
        self.core.limit(Limit::PasskeyBegin, &ctx.network()).await?;
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
    ) -> Result<SignedIn, IamError> {
        self.core.passkeys(ctx)?;
        self.core.limit_code_try(ctx).await?;
        let challenge = self.core.deps.store.passkey_challenge(id).await?;
        let challenge = self
            .core
            .own_passkey_challenge(ctx, challenge)
            .ok_or(ErrorCode::PasskeyExpired)?;
        let now = self.core.now();
        let secret = self.core.step_secret(ctx, &challenge.id.to_string());
        if challenge.can_be_repeated(now) {
            return self.core.repeat_passkey(ctx, &challenge, secret).await;
        }
        if !challenge.is_open(now) {
            return Err(ErrorCode::PasskeyExpired.into());
        }
        match self.core.check_answer(ctx, &challenge, answer).await? {
            Ok((passkey, result)) => {
                self.core
                    .finish_passkey(ctx, challenge, passkey, &result, secret)
                    .await
            }
            Err((refusal, passkey)) => self.core.refuse_passkey(ctx, challenge, refusal, passkey).await,
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

    /// Whose passkey answered, if all is right with the answer.
    async fn check_answer(
        &self,
        ctx: &Ctx,
        challenge: &PasskeyChallenge,
        answer: &str,
    ) -> Result<Result<(Passkey, AuthenticationResult), (PasskeyRefusal, Option<Passkey>)>, IamError> {
        let relying_party = self.passkeys(ctx)?;
        let Some(answer) = parse::<PublicKeyCredential>(answer) else {
            return Ok(Err((PasskeyRefusal::Invalid, None)));
        };
        let Ok((person, credential_id)) = relying_party.identify_discoverable_authentication(&answer) else {
            return Ok(Err((PasskeyRefusal::Invalid, None)));
        };
        let found = self.deps.store.passkey_by_credential(credential_id).await?;
        let Some(passkey) = found.filter(|passkey| passkey.user_id.uuid() == person) else {
            return Ok(Err((PasskeyRefusal::Unknown, None)));
        };
        let state: DiscoverableAuthentication = from_json(challenge.state.clone())?;
        let key: webauthn_rs::prelude::Passkey = from_json(passkey.credential.clone())?;
        let checked =
            relying_party.finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key));
        Ok(match checked {
            Ok(result) if result.user_verified() => Ok((passkey, result)),
            Ok(_) => Err((PasskeyRefusal::Invalid, None)),
            Err(WebauthnError::CredentialPossibleCompromise) => {
                Err((PasskeyRefusal::Suspected, Some(passkey)))
            }
            Err(error) => {
                tracing::info!(%error, "a passkey's answer was refused");
                Err((PasskeyRefusal::Invalid, None))
            }
        })
    }

    async fn finish_passkey(
        &self,
        ctx: &Ctx,
        challenge: PasskeyChallenge,
        mut passkey: Passkey,
        result: &AuthenticationResult,
        secret: Secret,
    ) -> Result<SignedIn, IamError> {
        let now = self.now();
        let mut tx = self.at_passkey_challenge(&challenge).await?;
        if !tx.consume_passkey_challenge(challenge.id, now).await? {
            drop(tx);
            return self.repeat_passkey(ctx, &challenge, secret).await;
        }
        let mut key: webauthn_rs::prelude::Passkey = from_json(passkey.credential.clone())?;
        key.update_credential(result);
        passkey.synced = result.backup_eligible();
        let answered = Answered {
            credential: &to_json(&key)?,
            synced: passkey.synced,
            asked_at: challenge.created_at,
        };
        let used = tx.use_passkey(passkey.id, answered, now).await?;
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
            methods: &passkey.methods(),
            return_to: challenge.return_to,
            secret,
        };
        self.let_in(tx, ctx, proved, None).await
    }

    async fn refuse_passkey(
        &self,
        ctx: &Ctx,
        challenge: PasskeyChallenge,
        refusal: PasskeyRefusal,
        suspected: Option<Passkey>,
    ) -> Result<SignedIn, IamError> {
        let now = self.now();
        let mut tx = self.at_passkey_challenge(&challenge).await?;
        if !tx.consume_passkey_challenge(challenge.id, now).await? {
            return Err(ErrorCode::PasskeyExpired.into());
        }
        if let Some(passkey) = suspected
            && tx.suspect_passkey(passkey.id, now).await?
            && let Some(person) = tx.user(passkey.user_id).await?
        {
            let (change, name) = (SecurityChange::PasskeySuspected, passkey.name.as_str());
            self.warn(&mut tx, ctx, &person.email, change, name).await?;
            self.mail_waiting.notify_one();
        }
        let told = Told::passkey_refused(challenge.id, refusal);
        let (acting, code) = (Acting::Unknown(ctx), ErrorCode::PasskeyRefused);
        self.refuse(tx, acting, told, code).await
    }

    async fn repeat_passkey(
        &self,
        ctx: &Ctx,
        challenge: &PasskeyChallenge,
        secret: Secret,
    ) -> Result<SignedIn, IamError> {
        let repeated = self.repeat(ctx, challenge.return_to, secret, None).await?;
        repeated.ok_or(ErrorCode::PasskeyExpired.into())
    }

    async fn at_passkey_challenge(&self, challenge: &PasskeyChallenge) -> Result<WorkspaceTx, IamError> {
        Ok(self.deps.store.in_workspace(challenge.return_to.place()).await?)
    }
}
