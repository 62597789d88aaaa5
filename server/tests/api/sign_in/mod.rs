//! Proving who one is, staying signed in, and what ends that.

mod decision;
mod disown;
mod email_challenge;
mod ending;
mod fresh;
mod idle;
mod models;
mod network;
mod origins;
pub mod passkeys;
mod passkeys_refused;
pub mod passwords;
pub mod raced;
mod recovery;
mod recovery_refused;
pub mod steps;
mod trusted_browsers;
pub mod two_step;
mod wanted;
