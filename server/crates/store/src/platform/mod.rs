//! What operators decide and see.

pub mod health;
pub mod person;
pub mod settings;
pub mod support;
