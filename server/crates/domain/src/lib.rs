//! Rules without IO: what an address, a redirect URI, a scope or a session is and when it is good.
//!
//! Time and entropy are arguments. `iam-store` stores these types, `iam` combines them into use cases.
//!
//! One module is one room of the house; every floor has the same rooms.

pub mod access;
pub mod account;
pub mod apps;
pub mod audit;
pub mod branding;
pub mod connections;
pub mod core;
pub mod domains;
pub mod members;
pub mod platform;
pub mod provider;
pub mod sign_in;
pub mod workspaces;
