//! How a workspace looks.

pub mod api;
mod page;

pub use page::BrandingPage;
