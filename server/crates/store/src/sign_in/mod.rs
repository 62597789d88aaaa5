//! Challenges, sessions, and what ends them.

pub mod ending;
pub mod magic_link;
pub mod session;
