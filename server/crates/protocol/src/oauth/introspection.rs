//! What a token means, for whoever was given it (RFC 7662), in plain and in signed answers (RFC 9701).

use crate::oidc::claims::AccessTokenClaims;
use serde::Serialize;

/// The `typ` of a signed answer, and with `application/` before it its media type (RFC 9701 4, 5).
pub const SIGNED: &str = "token-introspection+jwt";

/// An answer (RFC 7662 2.2).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Introspection {
    /// Whether the token still means anything to whoever asks. Nothing else is said of one that does not.
    pub active: bool,
    /// What it says.
    #[serde(flatten)]
    pub token: Option<ActiveToken>,
}

/// A token that means something.
#[derive(Debug, Clone, Serialize)]
pub struct ActiveToken {
    /// Issuer.
    pub iss: String,
    /// The person.
    pub sub: String,
    /// The app that was given it.
    pub client_id: String,
    /// Space-delimited scopes.
    pub scope: String,
    /// Unix seconds.
    pub exp: i64,
    /// Unix seconds; an access token says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// How an access token is used (RFC 6749 7.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// For whom an access token is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    /// Which access token it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Unix seconds of the sign-in (RFC 9470 6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How sure of the person that sign-in makes (RFC 9470 6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// What the person is to the app (RFC 9068 2.2.3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

impl From<AccessTokenClaims> for ActiveToken {
    fn from(claims: AccessTokenClaims) -> Self {
        Self {
            iss: claims.iss,
            sub: claims.sub,
            client_id: claims.client_id,
            scope: claims.scope,
            exp: claims.exp,
            iat: Some(claims.iat),
            token_type: Some("Bearer"),
            aud: Some(claims.aud),
            jti: Some(claims.jti),
            auth_time: Some(claims.auth_time),
            acr: claims.acr,
            roles: claims.roles,
        }
    }
}

impl From<ActiveToken> for Introspection {
    fn from(token: ActiveToken) -> Self {
        Self {
            active: true,
            token: Some(token),
        }
    }
}

/// The claims of a signed answer (RFC 9701 5). It has neither `sub` nor `exp`, so that nobody takes it for a token.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIntrospection {
    /// Issuer.
    pub iss: String,
    /// Who asked.
    pub aud: String,
    /// Unix seconds of the answer.
    pub iat: i64,
    /// The answer.
    pub token_introspection: Introspection,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_token_that_means_nothing_nothing_is_said() {
        let json = serde_json::to_string(&Introspection::default()).unwrap();
        assert_eq!(json, r#"{"active":false}"#);
    }
}
