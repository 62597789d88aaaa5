//! The embedded default: a data folder with a private PostgreSQL and a master key.

mod folder;
mod postgres;

pub use folder::Folder;
pub use postgres::Postgres;
