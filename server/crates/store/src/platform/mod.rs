//! What operators decide and see.

pub mod health;
pub mod settings;
pub mod support;
pub mod user;
