//! What is written down, and what is counted instead.

pub mod event;
mod log;
