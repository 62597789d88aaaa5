//! OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), issuer identification (RFC 9207) and introspection (RFC 7662).

pub mod authorize;
pub mod client_auth;
pub mod error;
pub mod introspection;
pub mod pkce;
pub mod token;
