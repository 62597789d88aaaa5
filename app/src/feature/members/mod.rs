//! People of a workspace: members, invitations, joining and leaving.

mod api;
mod invitations;
mod join;
mod page;

pub use invitations::InvitationsPage;
pub use join::{Answer, JoinPage, LeavePage};
pub use page::{MemberPage, MembersPage};
