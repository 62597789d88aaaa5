//! OpenID Connect: discovery and claims.

pub mod claims;
pub mod discovery;
pub mod verify;
