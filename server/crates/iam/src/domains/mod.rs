//! Domains of workspaces.

mod proof;
