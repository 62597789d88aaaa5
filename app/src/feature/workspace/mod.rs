//! Choosing, creating and setting up workspaces.

mod api;
mod overview;
mod page;
mod settings;

pub use overview::OverviewPage;
pub use page::{Home, NewWorkspacePage, WorkspacesPage};
pub use settings::SettingsPage;
