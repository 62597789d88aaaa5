//! Challenges, sessions, and what ends them.

pub mod email_challenge;
pub mod ending;
pub mod models;
pub mod passkey;
pub mod passkey_challenge;
pub mod password;
pub mod pending;
pub(crate) mod policy;
pub mod recovery;
pub mod second_factor;
pub mod session;
pub mod trusted_browser;
mod ways;
