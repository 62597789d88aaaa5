//! The viewer's own account.

mod activity;
pub(crate) mod api;
mod apps;
mod profile;
mod sessions;

pub use activity::ActivityPage;
pub use apps::ConnectedAppsPage;
pub use profile::ProfilePage;
pub use sessions::SessionsPage;
