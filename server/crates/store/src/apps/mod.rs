//! Apps of a workspace.

pub mod app;
