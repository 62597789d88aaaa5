//! Rules without IO: what an address, a redirect URI, a scope or a session is and when it is good.
//!
//! Time and entropy are arguments. `iam-store` stores these types, `iam` combines them into use cases.

pub mod app;
pub mod audit;
pub mod authorization;
pub mod brand;
pub mod domain_name;
pub mod email;
pub mod grant;
pub mod invitation;
pub mod magic_link;
pub mod mail;
pub mod member;
pub mod origin;
pub mod pasted;
pub mod platform;
pub mod redirect_uri;
pub mod role;
pub mod scope;
pub mod session;
pub mod user_agent;
pub mod visible;
pub mod workspace;
