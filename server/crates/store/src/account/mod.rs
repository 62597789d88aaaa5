//! People and their addresses.

pub mod person;
