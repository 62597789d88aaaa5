//! Providers through which people sign in, and who they are there.

pub mod attempt;
pub mod claims;
pub mod connection;
pub mod issuer;
pub mod word;
