//! How workspaces look.

pub mod brand;

use crate::core::Core;

/// How a workspace looks.
#[derive(Clone, Copy)]
pub struct Branding<'a> {
    pub(crate) core: &'a Core,
}
