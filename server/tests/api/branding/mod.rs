//! How workspaces look.

mod brand;
