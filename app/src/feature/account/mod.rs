//! The viewer's own account.

pub(crate) mod api;
mod profile;
mod sessions;

pub use profile::ProfilePage;
pub use sessions::SessionsPage;
