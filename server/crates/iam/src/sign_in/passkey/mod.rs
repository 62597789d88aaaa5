//! Passkeys (WebAuthn Level 3): adding one to an account, and signing in with it.
//!
//! A passkey belongs to the host of the configured public origin (its RP ID), and is asked for and answered nowhere else.
//! webauthn-rs checks what authenticators say; to whom and when they may say it is decided here.

mod redeem;
mod register;

use crate::{Ctx, IamError, core::Core};
use iam_types::{ErrorCode, PasskeyChallengeId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use webauthn_rs::Webauthn;

/// The most bytes of an answer: public keys and signatures are small, and nobody is asked for attestation.
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
    /// What checks passkeys where this request came to.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] at a workspace's own host, and where passkeys cannot be.
    pub(crate) fn passkeys(&self, ctx: &Ctx) -> Result<&Webauthn, IamError> {
        self.relying_party
            .as_deref()
            .filter(|_| ctx.custom_domain.is_none())
            .ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    /// Whether passkeys can be added and used where this request came to.
    pub(crate) fn has_passkeys(&self, ctx: &Ctx) -> bool {
        self.passkeys(ctx).is_ok()
    }
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
