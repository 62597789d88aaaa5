//! Domains of a workspace.

mod api;
mod page;

pub use page::DomainsPage;
