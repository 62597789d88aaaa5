//! The OpenID provider: requests, grants, scopes.

pub mod authorization;
pub mod grant;
pub mod scope;
