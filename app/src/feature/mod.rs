//! One folder a room: its pages, what they load, and the server functions that their forms are sent to.

pub mod access;
pub mod account;
pub mod apps;
pub mod branding;
pub mod connections;
pub mod dev;
pub mod domains;
pub mod members;
pub mod platform;
pub mod provider;
pub mod sign_in;
pub mod workspaces;
