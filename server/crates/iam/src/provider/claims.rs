//! What tokens say: the same for those that are issued and for those that are only shown.

use chrono::{DateTime, Utc};
use iam_domain::{
    apps::app::App,
    provider::{grant::ACCESS_TOKEN_LIFETIME, scope::Scopes},
    sign_in::assurance::Assurance,
};
use iam_protocol::oidc::claims::{AccessTokenClaims, IdTokenClaims, UserClaims, app_audience};
use iam_types::{GrantId, UserId};
use uuid::Uuid;

/// Whom tokens speak of, to which app, and when.
pub(super) struct TokenSubject<'a> {
    pub(super) iss: String,
    pub(super) app: &'a App,
    pub(super) user: UserId,
    pub(super) scopes: &'a Scopes,
    pub(super) auth_time: DateTime<Utc>,
    pub(super) amr: &'a [String],
    pub(super) person: UserClaims,
    pub(super) now: DateTime<Utc>,
}

impl TokenSubject<'_> {
    /// An access token of the family `grant`.
    pub(super) fn access_token(&self, id: Uuid, grant: GrantId) -> AccessTokenClaims {
        AccessTokenClaims {
            iss: self.iss.clone(),
            sub: self.user.to_string(),
            aud: app_audience(&self.iss, &self.app.id.to_string()),
            client_id: self.app.id.to_string(),
            exp: self.exp(),
            iat: self.now.timestamp(),
            auth_time: self.auth_time.timestamp(),
            acr: Some(Assurance::of(self.amr).acr().to_owned()),
            jti: id.to_string(),
            scope: self.scopes.to_string(),
            roles: self.person.roles.clone(),
            gid: grant.to_string(),
        }
    }

    /// An ID token that goes with the access token of that hash.
    pub(super) fn id_token(&self, nonce: Option<String>, at_hash: Option<String>) -> IdTokenClaims {
        IdTokenClaims {
            iss: self.iss.clone(),
            sub: self.user.to_string(),
            aud: self.app.id.to_string(),
            exp: self.exp(),
            iat: self.now.timestamp(),
            auth_time: self.auth_time.timestamp(),
            acr: Assurance::of(self.amr).acr(),
            amr: self.amr.to_vec(),
            nonce,
            at_hash,
            person: self.person.clone(),
        }
    }

    fn exp(&self) -> i64 {
        (self.now + ACCESS_TOKEN_LIFETIME).timestamp()
    }
}
