//! Claims of ID tokens, access tokens and the userinfo endpoint.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

/// What an app may know of a person, by scope (OpenID Connect Core 5.1, 5.4).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct UserClaims {
    /// With `profile`, if the person has given one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// With `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// With `profile`, if the person has one: where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// With `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// With `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// With `roles`: what the person is to the app (RFC 9068 2.2.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

/// ID token (OpenID Connect Core 2).
#[derive(Debug, Clone, Serialize)]
pub struct IdTokenClaims {
    /// Issuer.
    pub iss: String,
    /// The person.
    pub sub: String,
    /// The app.
    pub aud: String,
    /// Unix seconds.
    pub exp: i64,
    /// Unix seconds.
    pub iat: i64,
    /// Unix seconds of the sign-in.
    pub auth_time: i64,
    /// How sure of the person that sign-in makes.
    pub acr: &'static str,
    /// How the person signed in (RFC 8176).
    pub amr: Vec<String>,
    /// From the authorization request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Binds the access token (OpenID Connect Core 3.1.3.6); none where there is no such token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// What the scopes let through.
    #[serde(flatten)]
    pub person: UserClaims,
}

/// Access token (RFC 9068 2.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Issuer.
    pub iss: String,
    /// The person.
    pub sub: String,
    /// The app's own APIs, as [`app_audience`] names them.
    pub aud: String,
    /// The app.
    pub client_id: String,
    /// Unix seconds.
    pub exp: i64,
    /// Unix seconds.
    pub iat: i64,
    /// Unix seconds of the sign-in.
    pub auth_time: i64,
    /// How sure of the person that sign-in makes (RFC 9470 6.1); a token of the version before does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Unique per token.
    pub jti: String,
    /// Space-delimited scopes.
    pub scope: String,
    /// With `roles` (RFC 9068 2.2.3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The family of tokens it belongs to, so that userinfo can tell whether it still lives.
    pub gid: String,
}

/// The `aud` of an app's access tokens: its default resource (RFC 9068 3). Each app has its own, so that a resource server
/// that looks at `aud` and nothing else takes no other app's tokens; it is no `client_id`, so that no ID token passes either.
pub fn app_audience(issuer: &str, client_id: &str) -> String {
    format!("{issuer}/apps/{client_id}")
}

/// Userinfo answer (OpenID Connect Core 5.3.2).
#[derive(Debug, Clone, Serialize)]
pub struct UserInfo {
    /// The person.
    pub sub: String,
    /// What the scopes let through.
    #[serde(flatten)]
    pub person: UserClaims,
}

/// `at_hash` of an access token: the left half of the hash that goes with the ID token's algorithm. Ed25519 goes with SHA-512.
pub fn at_hash(access_token: &str, alg: &str) -> String {
    if alg == "EdDSA" {
        URL_SAFE_NO_PAD.encode(&Sha512::digest(access_token)[..32])
    } else {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
    }
}
