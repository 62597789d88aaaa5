//! The OpenID provider: requests, grants, keys.

pub mod authorization;
pub mod code;
pub mod grant;
pub mod presented;
pub mod refresh_token;
pub mod signing_key;
pub mod token_grant;
pub mod visit;
