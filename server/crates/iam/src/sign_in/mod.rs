//! Proving who one is, staying signed in, and what ends that.

pub mod arrival;
mod code;
pub mod disown;
pub mod email_challenge;
pub(crate) mod ending;
mod limits;
pub mod passkey;
pub mod pending;
pub(crate) mod second_factor;
mod session;

use crate::core::Core;

/// Signing in and out.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    pub(crate) core: &'a Core,
}
