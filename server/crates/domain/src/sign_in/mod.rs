//! Proving who one is, and staying signed in.

pub mod authenticator;
pub mod email_challenge;
pub mod passkey;
pub mod session;
pub mod user_agent;
