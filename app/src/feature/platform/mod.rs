//! Operating the platform.

mod api;
mod frame;
mod health;
mod own_host;
mod page;
mod sessions;
mod users;

pub use health::HealthPage;
pub use page::{PlatformPage, PlatformSettingsPage, PlatformWorkspacePage};
pub use users::{UserPage, UsersPage};
