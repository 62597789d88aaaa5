//! How workspaces look.

pub mod brand;
