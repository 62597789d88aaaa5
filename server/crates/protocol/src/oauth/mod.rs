//! OAuth 2.0 (RFC 6749) with PKCE (RFC 7636) and issuer identification (RFC 9207).

pub mod authorize;
pub mod client_auth;
pub mod error;
pub mod pkce;
pub mod token;
