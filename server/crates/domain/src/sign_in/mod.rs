//! Proving who one is, and staying signed in.

pub mod email_challenge;
pub mod session;
pub mod user_agent;
