//! OAuth 2.0, OpenID Connect, JOSE, problem+json and FIDO metadata on the wire: parse and print, without IO or clock.
//!
//! What the words mean for a workspace or a session is decided above, in `iam`.

pub mod fido;
pub mod jose;
pub mod oauth;
pub mod oidc;
pub mod params;
pub mod problem;
