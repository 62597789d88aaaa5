//! Domains of workspaces.

pub mod custom_domain;
mod proof;

use crate::core::Core;

/// Domains of a workspace.
#[derive(Clone, Copy)]
pub struct Domains<'a> {
    pub(crate) core: &'a Core,
}
