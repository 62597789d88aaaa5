//! People of a workspace: members, invitations, joining and leaving.

pub(crate) mod api;
mod app_sessions;
mod bulk;
mod check;
mod invitations;
mod join;
mod join_path;
mod join_path_api;
mod list;
mod member;
mod requests;
mod words;

pub use bulk::BulkPage;
pub use check::AccessCheckPage;
pub use invitations::InvitationsPage;
pub use join::{Answer, JoinPage, LeavePage};
pub use join_path::{JoinPathPage, reachable_panel};
pub use list::MembersPage;
pub use member::MemberPage;
pub use words::Face;
