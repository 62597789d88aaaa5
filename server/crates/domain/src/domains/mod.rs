//! Domains of workspaces.

pub mod domain_name;
pub mod related;
