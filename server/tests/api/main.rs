//! The server over HTTP, against a real PostgreSQL and Redis. `make test` starts both.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod account;
mod apps;
mod branding;
mod connections;
mod core;
mod domains;
mod external;
mod harness;
mod http;
mod isolation;
mod limits;
mod members;
mod named_tests;
mod platform;
mod provider;
mod sign_in;
mod texts;
mod workspaces;
