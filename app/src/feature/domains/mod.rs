//! Domains of a workspace, and coming in without an invitation.

pub mod api;
mod door;
mod page;

pub use door::{DoorPage, reachable_panel};
pub use page::DomainsPage;
