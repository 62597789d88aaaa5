//! Domains of workspaces.

pub mod domain_name;
