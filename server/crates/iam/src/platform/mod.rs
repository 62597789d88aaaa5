//! Operating the platform.

mod health;
mod operators;
mod people;
pub mod settings;
pub mod support;
mod workspaces;
