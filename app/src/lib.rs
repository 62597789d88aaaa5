//! The pages of Rooiam: rendered on the server, complete without scripts, made comfortable by hydration.

mod error;
mod feature;
mod fingerprint;
pub mod i18n;
mod json;
pub mod plurals;
mod routes;
#[cfg(feature = "ssr")]
pub mod server;
mod ui;

pub use error::AppError;
pub use fingerprint::FINGERPRINT;
#[cfg(feature = "hydrate")]
pub use fingerprint::fits;
pub use routes::{App, paths};
#[cfg(feature = "ssr")]
pub use server::shell::shell;
pub use ui::layout::OwnHost;
