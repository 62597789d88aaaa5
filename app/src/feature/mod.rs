//! One folder a journey: the page, and the server functions it calls.

pub mod account;
pub mod apps;
pub mod branding;
pub mod consent;
pub mod dev;
pub mod domains;
pub mod login;
pub mod members;
pub mod platform;
pub mod roles;
pub mod workspace;
