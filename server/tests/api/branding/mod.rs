//! How workspaces look.

mod brand;

pub use brand::{PIXEL, upload_from};
