//! Workspaces and their states.

pub mod workspace;
