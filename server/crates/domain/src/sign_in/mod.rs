//! Proving who one is, and staying signed in.

pub mod assurance;
pub mod authenticator;
pub mod decision;
pub mod email_challenge;
pub mod max_age;
pub mod models;
pub mod passkey;
pub mod password;
pub mod pending;
pub mod policy_form;
pub mod recovery;
pub mod second_factor;
pub mod session;
pub mod trusted_browser;
pub mod user_agent;
