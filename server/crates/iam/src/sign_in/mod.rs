//! Proving who one is, staying signed in, and what ends that.

pub mod arrival;
mod ask;
mod code;
pub mod disown;
pub mod email_challenge;
pub(crate) mod ending;
mod limits;
mod models;
pub mod passkey;
pub mod password;
pub mod pending;
pub mod recovery;
pub(crate) mod second_factor;
mod session;
pub mod trusted_browser;

pub(crate) use ask::Linking;

use crate::core::Core;

/// Signing in and out.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    pub(crate) core: &'a Core,
}
