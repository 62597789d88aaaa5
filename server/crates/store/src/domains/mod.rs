//! Domains of workspaces.

pub mod domain;
pub mod own_host;
