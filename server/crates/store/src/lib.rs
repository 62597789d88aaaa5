//! PostgreSQL, the one source of truth, and Redis or an in-process stand-in, the accelerator.
//!
//! A workspace's rows are reached only through [`WorkspaceTx`], which puts the tenant context into the transaction.
//! One file per noun holds all SQL about it; the rooms that they stand in are the same on every floor.

pub mod access;
pub mod account;
pub mod apps;
pub mod audit;
pub mod branding;
pub mod cache;
pub mod changes;
pub mod connections;
pub mod domains;
pub mod error;
pub mod members;
pub mod migrate;
pub mod outbox;
pub mod outcomes;
pub mod platform;
mod pool;
pub mod provider;
pub mod sign_in;
pub mod sweep;
pub mod tx;
pub mod workspaces;

pub use error::{Conflict, StoreError};
pub use sqlx::postgres::{PgConnectOptions as ConnectOptions, PgSslMode as SslMode};
pub use tx::{Store, UserTx, WorkspaceTx};
