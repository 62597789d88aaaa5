//! Operating the platform.

mod api;
mod frame;
mod health;
mod page;
mod people;

pub use health::HealthPage;
pub use page::{PlatformPage, PlatformSettingsPage, PlatformWorkspacePage};
pub use people::{PeoplePage, PersonPage};
