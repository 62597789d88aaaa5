//! People and their addresses.

pub mod user;
