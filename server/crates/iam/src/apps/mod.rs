//! Apps of a workspace.

pub mod app;

use crate::core::Core;

/// Apps of a workspace.
#[derive(Clone, Copy)]
pub struct Apps<'a> {
    pub(crate) core: &'a Core,
}
