//! The log.

pub mod event;
pub mod folded_event;
pub mod history;
