//! Operating the platform.

mod health;
mod models;
mod operators;
mod recovery;
mod related;
pub mod settings;
pub mod support;
mod users;
mod workspaces;

use crate::core::Core;

/// Operating the platform.
#[derive(Clone, Copy)]
pub struct Platform<'a> {
    pub(crate) core: &'a Core,
}
