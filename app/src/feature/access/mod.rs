//! Roles of a workspace's own making, and groups that carry them.

pub(crate) mod api;
mod choices;
mod groups;
mod matrix;

pub use choices::RoleChoices;
pub use groups::{GroupPage, GroupsPage};
pub use matrix::{RolePage, RolesPage};
