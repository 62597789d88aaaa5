//! People and their addresses.

pub mod address;
mod address_challenge;
pub mod connected_app;
mod deletion;
mod export;
mod picture;
pub mod user;
