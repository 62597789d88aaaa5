//! People and their addresses.

pub mod connected_app;
mod export;
pub mod user;
