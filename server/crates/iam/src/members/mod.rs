//! Who is in a workspace, and how they come and go.

pub mod bulk;
pub mod invitation;
pub(crate) mod joining;
mod member;
mod recovery;

use crate::core::Core;

/// Who is in a workspace, and how they come and go.
#[derive(Clone, Copy)]
pub struct Members<'a> {
    pub(crate) core: &'a Core,
}
