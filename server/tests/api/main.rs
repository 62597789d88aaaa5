//! The server over HTTP, against a real PostgreSQL and Redis. `make test` starts both.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod account;
mod app_roles;
mod apps;
mod assets;
mod bodies;
mod branding;
mod compression;
mod cors;
mod disabled;
mod disabling;
mod domains;
mod fresh_sign_ins;
mod hints;
mod hosts;
mod house;
mod isolation;
mod languages;
mod life_cycle;
mod limits;
mod mail_as_it_leaves;
mod mail_queue;
mod mail_transfer;
mod mail_worker;
mod members;
mod methods;
mod oidc;
mod origins;
mod outage;
mod outcomes;
mod outside;
mod own_host;
mod owners;
mod pasted;
mod people;
mod platform;
mod readiness;
mod refresh;
mod requests;
mod roles;
mod runtime_role;
mod sign_in;
mod steps;
mod support;
mod tenancy;
mod texts;
mod threats;
mod to_app;
mod wire;
