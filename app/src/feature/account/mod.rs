//! The viewer's own account.

mod activity;
pub(crate) mod api;
mod apps;
mod data;
mod profile;
mod security;
mod sessions;

pub use activity::ActivityPage;
pub use apps::ConnectedAppsPage;
pub use data::DataPage;
pub use profile::ProfilePage;
pub use security::SecurityPage;
pub use sessions::SessionsPage;
