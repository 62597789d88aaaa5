//! Operating the platform.

mod api;
mod page;

pub use page::{PlatformPage, PlatformSettingsPage, PlatformWorkspacePage};
