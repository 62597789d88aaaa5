//! The embedded default: a data folder with a private PostgreSQL and a master key.

pub mod demo;
mod folder;
mod postgres;
mod seed_file;

pub use folder::Folder;
pub use postgres::Postgres;
pub use seed_file::SeedFile;
