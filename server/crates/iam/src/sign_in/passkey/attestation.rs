//! What a new passkey says of its authenticator (WebAuthn Level 3, 6.5), and what of that is believed.

use crate::{IamError, core::Core};
use iam_types::{ErrorCode, UserId};
use serde::{Deserialize, Serialize};
use serde_cbor_2::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use webauthn_rs::{
    Webauthn,
    prelude::{
        Credential, ParsedAttestation, Passkey as Key, PasskeyRegistration, RegisterPublicKeyCredential,
    },
};

/// A new passkey that was checked.
pub(super) struct New {
    /// What later answers are checked by. Who attested what is not in it.
    pub(super) key: Key,
    /// What its authenticator says of itself.
    pub(super) model: Model,
    /// Whether whoever makes that model says so too.
    pub(super) attested: bool,
}

impl Core {
    /// Whether somebody's passkeys count by their models anywhere: in a workspace of theirs, or on the platform. Others are not
    /// asked what they have.
    pub(super) async fn models_matter_to(&self, person: UserId) -> Result<bool, IamError> {
        if self.deps.models.is_none() {
            return Ok(false);
        }
        if !self.deps.store.platform_settings().await?.asks.models.any() {
            return Ok(true);
        }
        let memberships = self.deps.store.as_user(person).await?.memberships().await?;
        Ok(memberships
            .iter()
            .any(|membership| !membership.workspace.asks.models.any()))
    }

    /// Checks what an authenticator answered that was asked for a new passkey. A statement that shows nothing is as good as none.
    ///
    /// # Errors
    /// [`ErrorCode::PasskeyRefused`].
    pub(super) fn read_new(
        &self,
        relying_party: &Webauthn,
        mut answer: RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Result<New, IamError> {
        let model = model(&answer.response.attestation_object).ok_or(ErrorCode::PasskeyRefused)?;
        let made = relying_party
            .finish_passkey_registration(&answer, state)
            .or_else(|error| {
                tracing::info!(%error, "a new passkey does not count as its authenticator attests");
                let bare = without_statement(&answer.response.attestation_object).ok_or(error)?;
                answer.response.attestation_object = bare;
                relying_party.finish_passkey_registration(&answer, state)
            })
            .map_err(|error| {
                tracing::info!(%error, "a new passkey was refused");
                ErrorCode::PasskeyRefused
            })?;
        let credential = Credential::from(made);
        let attested = self
            .deps
            .models
            .as_ref()
            .is_some_and(|known| known.show(model.aaguid, &credential.attestation, self.now()));
        let key = Key::from(Credential {
            attestation: ParsedAttestation::default(),
            ..credential
        });
        Ok(New { key, model, attested })
    }
}

/// What an authenticator says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) aaguid: Uuid,
    pub(super) synced: bool,
}

/// Reads the authenticator data of an attestation object (6.1 and 6.5): after 32 bytes of hash come the flags, of which 0x08 says
/// that it may be backed up, four bytes of counter and the AAGUID.
fn model(attestation: &[u8]) -> Option<Model> {
    let data = authenticator_data(attestation)?;
    Some(Model {
        aaguid: Uuid::from_slice(data.get(37..53)?).ok()?,
        synced: data.get(32)? & 0x08 != 0,
    })
}

fn authenticator_data(attestation: &[u8]) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Attestation {
        #[serde(rename = "authData")]
        data: Value,
    }
    match serde_cbor_2::from_slice(attestation).ok()? {
        Attestation {
            data: Value::Bytes(data),
        } => Some(data),
        Attestation { .. } => None,
    }
}

/// The same attestation object, as of an authenticator that attests nothing (8.7); nothing for one that does not.
fn without_statement(attestation: &[u8]) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Format {
        fmt: String,
    }
    #[derive(Serialize)]
    struct Bare {
        fmt: &'static str,
        #[serde(rename = "attStmt")]
        statement: BTreeMap<(), ()>,
        #[serde(rename = "authData")]
        data: Value,
    }
    let Format { fmt } = serde_cbor_2::from_slice(attestation).ok()?;
    let bare = Bare {
        fmt: "none",
        statement: BTreeMap::new(),
        data: Value::Bytes(authenticator_data(attestation)?),
    };
    (fmt != bare.fmt)
        .then(|| serde_cbor_2::to_vec(&bare).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_attestation_object_names_no_model_and_has_no_statement_to_leave_out() {
        for bad in [&b""[..], b"\xa0", b"\xa1\x68authData\x41\x00", &[0xff; 64]] {
            assert_eq!(model(bad), None);
            assert_eq!(without_statement(bad), None);
        }
    }
}
