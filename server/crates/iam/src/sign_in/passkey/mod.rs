//! Passkeys (WebAuthn Level 3): adding one to an account, and signing in with it.
//!
//! A passkey belongs to the host of the configured public origin (its RP ID), and is added there alone. Own hosts of workspaces ask for
//! it where operators let them (related origins, 5.11).
//! webauthn-rs checks what authenticators say; to whom and when they may say it is decided here.

mod attestation;
mod redeem;
mod register;

use crate::{
    Ctx, IamError,
    core::{Core, relying_party::related_party},
};
use iam_types::{ErrorCode, PasskeyChallengeId, UserId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::sync::Arc;
use url::Url;
use webauthn_rs::Webauthn;

/// The most bytes of an answer: public keys and signatures are small, and so are the few certificates of an attestation.
const MOST_OF_AN_ANSWER: usize = 32 * 1024;

/// What a browser is asked to get from an authenticator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasskeyRequest {
    /// Names it in the answer.
    pub challenge: PasskeyChallengeId,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3, 5.1).
    pub options: Value,
}

impl Core {
    /// What checks passkeys that are added here: at the platform alone, for whoever holds a workspace's host changes nobody's account.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] at a workspace's own host, and where passkeys cannot be.
    pub(crate) fn passkeys(&self, ctx: &Ctx) -> Result<&Webauthn, IamError> {
        self.relying_party
            .as_deref()
            .filter(|_| ctx.custom_domain.is_none())
            .ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    /// Whether passkeys can be added where this request came to.
    pub(crate) fn has_passkeys(&self, ctx: &Ctx) -> bool {
        self.passkeys(ctx).is_ok()
    }

    /// What checks sign-ins by passkey where this request came to: the platform, or a workspace's own host at which operators let
    /// them work.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where passkeys do not work.
    pub(crate) fn passkeys_to_sign_in(&self, ctx: &Ctx) -> Result<Arc<Webauthn>, IamError> {
        let own = &ctx.custom_domain;
        let party = self.relying_party.as_ref().and_then(|platform| match own {
            None => Some(Arc::clone(platform)),
            Some(own) if own.passkeys => {
                let related = Url::parse(&own.origin).ok()?;
                related_party(&self.deps.public_url, &related).map(Arc::new)
            }
            Some(_) => None,
        });
        party.ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    /// Whether passkeys sign in where this request came to.
    pub(crate) fn signs_in_by_passkey(&self, ctx: &Ctx) -> bool {
        let works = ctx.custom_domain.as_ref().is_none_or(|own| own.passkeys);
        works && self.relying_party.is_some()
    }

    /// Whether somebody has a passkey that signs in where this request came to.
    pub(crate) async fn can_use_passkey(&self, ctx: &Ctx, person: UserId) -> Result<bool, IamError> {
        let passkeys = self.deps.store.passkeys_of(person).await?;
        let is_able = passkeys.iter().any(|passkey| passkey.suspected_at.is_none());
        Ok(is_able && self.signs_in_by_passkey(ctx))
    }
}

/// Whether an answer is of a page of `origin` and of no other: what was asked for at the platform is worth nothing at a host, and the
/// other way round.
fn is_of_origin(client_data: &[u8], origin: &str) -> bool {
    #[derive(Deserialize)]
    struct ClientData {
        origin: String,
    }
    serde_json::from_slice::<ClientData>(client_data).is_ok_and(|said| said.origin == origin)
}

/// What a browser answered; nothing for what is no answer at all.
fn parse<T: DeserializeOwned>(answer: &str) -> Option<T> {
    (answer.len() <= MOST_OF_AN_ANSWER)
        .then(|| serde_json::from_str(answer).ok())
        .flatten()
}

fn to_json(value: impl Serialize) -> Result<Value, IamError> {
    serde_json::to_value(value).map_err(|_| IamError::Fault("passkey encoding"))
}

fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, IamError> {
    serde_json::from_value(value).map_err(|_| IamError::Fault("passkey decoding"))
}
