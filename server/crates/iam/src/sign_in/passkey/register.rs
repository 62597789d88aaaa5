//! Adding a passkey (WebAuthn Level 3, 7.1).

use super::{PasskeyRequest, attestation::New, from_json, is_of_origin, parse, to_json};
use crate::{
    Ctx, IamError,
    core::limits::Limit,
    ctx::{Acting, Actor},
    port::SecurityChange,
    sign_in::{SignIn, arrival::SignedIn},
};
use iam_domain::{
    audit::Told,
    core::visible::VisibleName,
    sign_in::{
        authenticator,
        email_challenge::ReturnTo,
        passkey::{BoundTo, LIFETIME, MOST, Passkey, PasskeyChallenge},
        user_agent,
    },
};
use iam_types::{ErrorCode, PasskeyChallengeId, PasskeyId, WorkspaceId};
use serde_json::json;
use uuid::Uuid;
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

/// What a passkey is called of which nothing is known.
const NAMELESS: &str = "Passkey";

impl SignIn<'_> {
    /// Whether passkeys can be added where this request came to.
    pub fn has_passkeys(self, ctx: &Ctx) -> bool {
        self.core.has_passkeys(ctx)
    }

    /// Whether passkeys sign in where this request came to.
    pub fn signs_in_by_passkey(self, ctx: &Ctx) -> bool {
        self.core.signs_in_by_passkey(ctx)
    }

    /// Whether to offer a passkey to somebody who has just signed in: they have none, and have not put it off.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn is_passkey_due(self, ctx: &Ctx, signed_in: &SignedIn) -> Result<bool, IamError> {
        let (store, now) = (&self.core.deps.store, self.core.now());
        Ok(self.core.has_passkeys(ctx) && store.is_passkey_due(signed_in.user_id, now).await?)
    }

    /// Asks an authenticator of the signed-in person for a new passkey, which must verify who uses it and be able to name
    /// them by itself. Who has lost sight of their session for a while proves first who they are: whoever finds it must
    /// not be able to stay.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`], [`ErrorCode::NotFound`] where passkeys cannot be,
    /// [`ErrorCode::TooMany`].
    pub async fn begin_adding_passkey(self, ctx: &Ctx) -> Result<PasskeyRequest, IamError> {
        let (actor, relying_party) = (ctx.actor()?, self.core.passkeys(ctx)?);
        let now = self.core.now();
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        self.core.require_factor_change(&mut tx, actor).await?;
        drop(tx);
        self.core.limit(Limit::PasskeyBegin, &ctx.network()).await?;
        let attests = self.core.models_matter_to(actor.user.id).await?;
        let known = self.core.deps.store.passkeys_of(actor.user.id).await?;
        if known.len() >= MOST {
            return Err(ErrorCode::TooMany.into());
        }
        // One that did not show its model is made anew by the same authenticator, to show it.
        let stays = known.into_iter().filter(|passkey| passkey.attested || !attests);
        let exclude = stays.map(|passkey| passkey.credential_id).collect();
        let (address, name) = (actor.user.email.as_str(), actor.user.display_name.as_str());
        let shown = if name.is_empty() { address } else { name };
        let (options, state) = relying_party
            .start_passkey_registration(actor.user.id.uuid(), address, shown, Some(exclude))
            .map_err(|_| IamError::Fault("passkey registration"))?;
        let mut options = to_json(options)?["publicKey"].take();
        // Nobody types a name to sign in with one.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        if attests {
            options["attestation"] = json!("direct");
        }
        let challenge = PasskeyChallenge {
            id: PasskeyChallengeId::from_uuid(self.core.new_uuid()),
            bound_to: BoundTo::Session(actor.session.id),
            return_to: ReturnTo::default(),
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
        Ok(PasskeyRequest {
            challenge: challenge.id,
            options,
        })
    }

    /// Adds the passkey with which an authenticator `answer`s, in the session that asked for it, and tells the person by
    /// mail.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::PasskeyExpired`], also in another session;
    /// [`ErrorCode::PasskeyRefused`], [`ErrorCode::PasskeyKnown`].
    pub async fn add_passkey(self, ctx: &Ctx, id: PasskeyChallengeId, answer: &str) -> Result<(), IamError> {
        let (actor, relying_party) = (ctx.actor()?, self.core.passkeys(ctx)?);
        let (store, now) = (&self.core.deps.store, self.core.now());
        let challenge = store
            .passkey_challenge(id)
            .await?
            .and_then(|challenge| challenge.at(&ctx.here()))
            .filter(|challenge| challenge.is_open(now) && is_of(challenge, actor));
        let Some(challenge) = challenge else {
            // Who got none is told why.
            self.core.require_recent(actor)?;
            return Err(ErrorCode::PasskeyExpired.into());
        };
        let state: PasskeyRegistration = from_json(challenge.state)?;
        let answer = parse::<RegisterPublicKeyCredential>(answer)
            .filter(|answer| is_of_origin(&answer.response.client_data_json, self.core.origin()))
            .ok_or(ErrorCode::PasskeyRefused)?;
        let New { key, model, attested } = self.core.read_new(relying_party, answer, &state)?;
        let known = store.passkeys_of(actor.user.id).await?;
        let passkey = Passkey {
            id: PasskeyId::from_uuid(self.core.new_uuid()),
            user_id: actor.user.id,
            credential_id: key.cred_id().to_vec(),
            credential: to_json(&key)?,
            name: name(model.aaguid, &ctx.user_agent, &known),
            aaguid: model.aaguid,
            attested,
            synced: model.synced,
            created_at: now,
            last_used_at: None,
            suspected_at: None,
        };
        let mut tx = store.in_workspace(WorkspaceId::PLATFORM).await?;
        // Asked again: what it takes may have grown meanwhile.
        self.core.require_factor_change(&mut tx, actor).await?;
        if !tx.consume_passkey_challenge(id, now).await? {
            return Err(ErrorCode::PasskeyExpired.into());
        }
        if tx.count_passkeys(actor.user.id).await? >= MOST as i64 {
            return Err(ErrorCode::TooMany.into());
        }
        if !tx.insert_passkey(&passkey).await? {
            return Err(ErrorCode::PasskeyKnown.into());
        }
        let (name, change) = (passkey.name.as_str(), SecurityChange::PasskeyAdded);
        self.core
            .warn(&mut tx, ctx, &actor.user.email, change, name)
            .await?;
        let told = Told::passkey_added(passkey.id, name, passkey.aaguid, passkey.attested, passkey.synced);
        self.core
            .commit(tx, Acting::User(actor.user.id, ctx), told)
            .await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }
}

fn is_of(challenge: &PasskeyChallenge, actor: &Actor) -> bool {
    matches!(challenge.bound_to, BoundTo::Session(id) if id == actor.session.id)
}

/// A name to tell a new passkey from the others by.
fn name(aaguid: Uuid, user_agent: &str, known: &[Passkey]) -> VisibleName {
    let base = match (authenticator::name_of(aaguid), user_agent::described(user_agent)) {
        (Some(model), _) => model.to_owned(),
        (None, browser) if browser.is_empty() => NAMELESS.to_owned(),
        (None, browser) => browser,
    };
    let is_new = |name: &String| known.iter().all(|other| other.name.as_str() != name);
    let numbered = (2..).map(|n| format!("{base} {n}"));
    let found = std::iter::once(base.clone()).chain(numbered).find(is_new);
    VisibleName::stored(found.unwrap_or(base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use iam_types::UserId;

    fn passkey(name: &str) -> Passkey {
        Passkey {
            id: PasskeyId::from_uuid(Uuid::nil()),
            user_id: UserId::from_uuid(Uuid::nil()),
            credential_id: Vec::new(),
            credential: json!({}),
            name: VisibleName::stored(name.to_owned()),
            aaguid: Uuid::nil(),
            attested: false,
            synced: false,
            created_at: DateTime::UNIX_EPOCH,
            last_used_at: None,
            suspected_at: None,
        }
    }

    #[test]
    fn a_new_passkey_is_called_after_its_model_else_after_the_browser_and_never_as_another() {
        let bitwarden = "d548826e-79b4-db40-a3d8-11116f7e8349".parse().unwrap();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(name(bitwarden, firefox, &[]).as_str(), "Bitwarden");
        assert_eq!(name(Uuid::nil(), firefox, &[]).as_str(), "Firefox, Linux");
        assert_eq!(name(Uuid::nil(), "", &[]).as_str(), NAMELESS);
        let two = [passkey("Bitwarden"), passkey("Bitwarden 2")];
        assert_eq!(name(bitwarden, "", &two).as_str(), "Bitwarden 3");
    }
}
