//! The pages of Rooiam. The server renders them, complete as they are; a browser with scripts brings the [`islands`] in them
//! to life and gets nothing else.

#[cfg(feature = "ssr")]
mod error;
#[cfg(feature = "ssr")]
mod feature;
#[cfg(feature = "ssr")]
pub mod i18n;
mod islands;
#[cfg(feature = "ssr")]
mod layout;
#[cfg(feature = "ssr")]
pub mod plurals;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
mod ui;

#[cfg(feature = "ssr")]
pub use {error::AppError, iam_types::paths, layout::CustomDomain, routes::App, server::shell::shell};
