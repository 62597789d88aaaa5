//! People of a workspace: members, invitations, joining and leaving.

pub(crate) mod api;
mod invitations;
mod join;
mod page;

pub use invitations::InvitationsPage;
pub use join::{Answer, JoinPage, LeavePage};
pub use page::{MemberPage, MembersPage, member_name};
