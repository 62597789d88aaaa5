//! What members may do.

pub mod check;
pub mod group;
pub mod role;

use crate::core::Core;

/// Roles and groups.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    pub(crate) core: &'a Core,
}
