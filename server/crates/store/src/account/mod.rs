//! People and their addresses.

pub mod connected_app;
pub mod user;
