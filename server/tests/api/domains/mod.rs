//! Domains of workspaces.

pub mod custom_domain;
pub mod proof;
pub mod related;
mod related_decided;
