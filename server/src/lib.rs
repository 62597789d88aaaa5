//! The server: configuration, HTTP, adapters, workers and the private database of `rooiam dev`.

pub mod adapter;
pub mod admin;
pub mod application;
pub mod command;
pub mod config;
pub mod dev;
pub mod ending;
pub mod http;
pub mod insecure;
mod meaning;
mod say;
pub mod telemetry;
pub mod worker;
