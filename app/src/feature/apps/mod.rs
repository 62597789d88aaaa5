//! Registering apps and connecting them.

mod api;
mod page;

pub use page::{AppPage, AppsPage, NewAppPage};
