//! Workspaces: their ways in, settings, beginning and end.

mod card;
pub mod enter;
mod life_cycle;
mod models;
mod overview;
mod ownership;
mod reach;
mod workspace;

use crate::core::Core;

/// Workspaces: settings, beginning, end, owners.
#[derive(Clone, Copy)]
pub struct Workspaces<'a> {
    pub(crate) core: &'a Core,
}
