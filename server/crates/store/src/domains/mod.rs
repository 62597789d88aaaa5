//! Domains of workspaces.

pub mod domain;
