//! The OpenID provider: consent, codes, tokens, keys.

use super::Told;
use crate::{
    apps::app::SigningAlg,
    audit::Action,
    core::visible::TextLine,
    provider::{grant::RevokeReason, scope::Scopes},
};
use iam_types::{AppId, GrantId, KeyId, UserId};
use serde_json::json;

/// Why a client was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefusal {
    /// It did not prove that it is this app.
    Authentication(AppId),
    /// It says to be an app that there is not.
    Unknown,
}

impl Told {
    /// A client did not prove that it is the app it says it is.
    pub fn client_refused(refusal: ClientRefusal) -> Self {
        match refusal {
            ClientRefusal::Authentication(app) => {
                Self::new(Action::ClientRefused, app, json!({ "reason": "authentication" }))
            }
            ClientRefusal::Unknown => Self::new(Action::ClientRefused, "", json!({ "reason": "unknown" })),
        }
    }

    /// A code or refresh token was refused.
    pub fn grant_refused(app: AppId) -> Self {
        Self::new(Action::GrantRefused, app, json!({ "reason": "grant" }))
    }

    /// A member let an app have scopes.
    pub fn consent_granted(app: AppId, scopes: &Scopes) -> Self {
        Self::new(
            Action::ConsentGranted,
            app,
            json!({ "scope": scopes.to_string() }),
        )
    }

    /// A member refused an app.
    pub fn consent_denied(app: AppId, scopes: &Scopes) -> Self {
        Self::new(Action::ConsentDenied, app, json!({ "scope": scopes.to_string() }))
    }

    /// A member took back what they had let an app have, and so many families of tokens ended with it.
    pub fn consent_withdrawn(app: AppId, families: u64) -> Self {
        Self::new(Action::ConsentWithdrawn, app, json!({ "families": families }))
    }

    /// An authorization code was handed out.
    pub fn code_issued(app: AppId, grant: GrantId) -> Self {
        Self::new(Action::CodeIssued, app, json!({ "grant": grant }))
    }

    /// A code or refresh token became tokens; `again` if the answer before may have got lost.
    pub fn tokens_issued(app: AppId, grant: GrantId, scopes: &Scopes, again: bool) -> Self {
        let mut detail = json!({ "grant": grant, "scope": scopes.to_string() });
        if again {
            detail["again"] = true.into();
        }
        Self::new(Action::TokensIssued, app, detail)
    }

    /// A family of tokens was revoked.
    pub fn grant_revoked(id: GrantId, reason: RevokeReason) -> Self {
        Self::new(Action::GrantRevoked, id, json!({ "reason": reason.as_str() }))
    }

    /// An app may do nothing more in a member's name.
    pub fn app_session_ended(member: UserId, grant: GrantId) -> Self {
        let detail = json!({ "grant": grant, "reason": RevokeReason::Withdrawn.as_str() });
        Self::new(Action::GrantRevoked, member, detail)
    }

    /// No app may do anything more in a member's name: so many families of tokens ended.
    pub fn app_sessions_ended(member: UserId, families: u64, reason: &TextLine) -> Self {
        let detail = json!({ "families": families, "reason": reason.as_str() });
        Self::new(Action::GrantRevoked, member, detail)
    }

    /// A signing key was made.
    pub fn signing_key_created(id: KeyId, alg: SigningAlg) -> Self {
        Self::new(Action::SigningKeyCreated, id, json!({ "alg": alg.as_str() }))
    }
}
