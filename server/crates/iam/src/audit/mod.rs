//! What is written down, and what is counted instead.

pub mod event;
pub(crate) mod history;
mod log;

use crate::core::Core;

/// The log.
#[derive(Clone, Copy)]
pub struct Audit<'a> {
    pub(crate) core: &'a Core,
}
