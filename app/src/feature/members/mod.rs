//! People of a workspace: members, invitations, joining and leaving.

pub(crate) mod api;
mod invitations;
mod join;
mod page;
mod selection;

pub use invitations::InvitationsPage;
pub use join::{Answer, JoinPage, LeavePage};
pub use page::{MemberPage, MembersPage, member_name};
pub use selection::SelectionPage;
