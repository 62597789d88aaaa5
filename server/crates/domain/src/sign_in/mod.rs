//! Proving who one is, and staying signed in.

pub mod magic_link;
pub mod session;
pub mod user_agent;
