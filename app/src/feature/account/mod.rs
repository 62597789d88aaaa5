//! The viewer's own account.

pub(crate) mod api;
mod apps;
mod profile;
mod sessions;

pub use apps::ConnectedAppsPage;
pub use profile::ProfilePage;
pub use sessions::SessionsPage;
