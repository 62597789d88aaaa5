//! What a person sees and changes of their own.

mod activity;
mod addresses;
mod apps;
mod deletion;
mod export;
pub mod new_address;
mod passkeys;
mod profile;
pub mod restore;
mod sessions;

use crate::core::Core;

/// What a person sees and changes of their own.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(crate) core: &'a Core,
}
