//! What a person sees and changes of their own.

mod activity;
mod addresses;
mod apps;
mod deletion;
mod export;
pub mod new_address;
mod passkeys;
mod password;
mod picture;
mod profile;
mod recovery;
pub mod restore;
pub(crate) mod sessions;
mod trusted_browsers;
mod two_step;

pub use two_step::TurnedOn;

use crate::core::Core;

/// What a person sees and changes of their own.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(crate) core: &'a Core,
}
