//! What a person sees and changes of their own.

mod activity;
mod apps;
mod export;
mod passkeys;
mod profile;
pub(crate) mod sessions;

use crate::core::Core;

/// What a person sees and changes of their own.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(crate) core: &'a Core,
}
