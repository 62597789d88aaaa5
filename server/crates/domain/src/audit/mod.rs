//! What the log tells.

mod action;

pub use action::Action;
