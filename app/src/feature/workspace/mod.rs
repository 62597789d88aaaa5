//! Choosing, creating and setting up workspaces.

mod api;
mod page;

pub use page::{Home, NewWorkspacePage, SettingsPage, WorkspacesPage};
