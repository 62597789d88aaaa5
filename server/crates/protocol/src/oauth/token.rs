//! The token request and response (RFC 6749 4.1.3, 5.1, 6).

use super::error::{OAuthError, OAuthErrorCode};
use crate::params::Params;
use serde::Serialize;

/// What a client asks the token endpoint for.
#[derive(Clone)]
pub enum TokenRequest {
    /// RFC 6749 4.1.3 with RFC 7636 4.5.
    AuthorizationCode {
        /// The code.
        code: String,
        /// The redirect URI of the authorization request.
        redirect_uri: String,
        /// The PKCE verifier.
        code_verifier: String,
    },
    /// RFC 6749 6.
    RefreshToken {
        /// The token.
        refresh_token: String,
        /// A narrower scope.
        scope: Option<String>,
    },
}

impl TokenRequest {
    /// Reads the grant.
    ///
    /// # Errors
    /// `invalid_request` or `unsupported_grant_type`.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        let required = |name, description| {
            params
                .get(name)
                .map(str::to_owned)
                .ok_or(OAuthError::new(OAuthErrorCode::InvalidRequest, description))
        };
        match params.get("grant_type") {
            Some("authorization_code") => Ok(Self::AuthorizationCode {
                code: required("code", "code is missing")?,
                redirect_uri: required("redirect_uri", "redirect_uri is missing")?,
                code_verifier: required("code_verifier", "code_verifier is missing")?,
            }),
            Some("refresh_token") => Ok(Self::RefreshToken {
                refresh_token: required("refresh_token", "refresh_token is missing")?,
                scope: params.get("scope").map(str::to_owned),
            }),
            Some(_) => Err(OAuthError::new(
                OAuthErrorCode::UnsupportedGrantType,
                "this grant type is not supported",
            )),
            None => Err(OAuthError::new(
                OAuthErrorCode::InvalidRequest,
                "grant_type is missing",
            )),
        }
    }
}

/// A successful answer (RFC 6749 5.1, OpenID Connect Core 3.1.3.3).
#[derive(Clone, Serialize)]
pub struct TokenResponse {
    /// RFC 9068 JWT.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// Granted scope.
    pub scope: String,
    /// With `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// With `offline_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}
