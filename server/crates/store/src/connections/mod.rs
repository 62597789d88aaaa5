//! Providers through which people sign in.

pub mod attempt;
pub mod connection;
pub mod groups;
pub mod home;
pub mod identity;
