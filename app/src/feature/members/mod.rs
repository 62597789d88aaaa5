//! People of a workspace: members, invitations, joining and leaving.

pub(crate) mod api;
mod invitations;
mod join;
mod join_path;
mod join_path_api;
mod page;
mod selection;

pub use invitations::InvitationsPage;
pub use join::{Answer, JoinPage, LeavePage};
pub use join_path::{JoinPathPage, reachable_panel};
pub use page::{MemberPage, MembersPage, member_name};
pub use selection::SelectionPage;
