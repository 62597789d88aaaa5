//! PostgreSQL, the one source of truth, and Redis or an in-process stand-in, the accelerator.
//!
//! A workspace's rows are reached only through [`WorkspaceTx`], which puts the tenant context into the transaction.
//! One module per noun holds all SQL about it.

pub mod apps;
pub mod audit;
pub mod authorizations;
pub mod brands;
pub mod cache;
pub mod domains;
pub mod endings;
pub mod error;
pub mod folded_events;
pub mod grants;
pub mod groups;
pub mod invitations;
pub mod joining;
pub mod life_cycle;
pub mod magic_links;
pub mod members;
pub mod migrate;
pub mod outbox;
pub mod outcomes;
pub mod overview;
pub mod people;
pub mod platform;
pub mod roles;
pub mod sessions;
pub mod signing_keys;
pub mod support;
pub mod sweep;
pub mod tx;
pub mod workspaces;

pub use error::StoreError;
pub use sqlx::postgres::{PgConnectOptions as ConnectOptions, PgSslMode as SslMode};
pub use tx::{PersonTx, Store, WorkspaceTx};
