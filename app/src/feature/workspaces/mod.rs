//! Choosing, creating and setting up workspaces.

mod api;
mod overview;
mod page;
mod settings;
mod support;

pub use overview::OverviewPage;
pub use page::{Home, NewWorkspacePage, WorkspacesPage};
pub use settings::SettingsPage;
pub use support::hours_left;
