//! Operating the platform.

mod disabling;
mod support;
pub mod users;
mod workspaces;
