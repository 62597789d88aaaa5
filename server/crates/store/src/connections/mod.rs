//! Providers through which people sign in.

pub mod attempt;
pub mod connection;
pub mod home;
pub mod identity;
