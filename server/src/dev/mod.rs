//! The embedded default: a data folder with a private PostgreSQL and a master key.

pub mod demo;
mod folder;
mod postgres;

pub use folder::Folder;
pub use postgres::Postgres;
