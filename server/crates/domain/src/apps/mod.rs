//! Apps that people sign in to.

pub mod app;
pub mod client_type;
pub mod redirect_uri;
