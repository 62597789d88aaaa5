//! Members and invitations.

use crate::{
    GroupId, InvitationId, Permission, Role, Slug, UserId,
    view::{
        AccessCheck, AppSession, Brand, EventRow, GroupCard, JoinRequestCard, Page, RecoveryView, RoleChoice,
        WorkspaceCard,
    },
};
use serde::{Deserialize, Serialize};

/// How many members are changed at once.
pub const MOST_CHANGED: usize = 200;

/// Members that were picked from a list, to change them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkView {
    /// Whether somebody among them holds what the viewer does not, so that the viewer cannot change them.
    pub beyond_reach: bool,
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Who was picked.
    pub members: Vec<MemberCard>,
    /// How many were asked for: those beyond the most that can be changed at once are not among them.
    pub asked: i64,
    /// The roles that the viewer may give to all of them.
    pub givable: Vec<Role>,
    /// The groups that the viewer may put them into.
    pub groups: Vec<GroupCard>,
    /// Whether the viewer may take all of them out.
    pub may_remove: bool,
    /// The server's time.
    pub now: i64,
}

/// A member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCard {
    /// The person.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Where their picture is, if they have one.
    pub picture: Option<String>,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: i64,
    /// Whether it is the viewer.
    pub own: bool,
}

/// A member in the list, with what only the list shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedMemberCard {
    /// Who.
    pub member: MemberCard,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// When they last did something that this workspace's log tells of.
    pub last_active_at: Option<i64>,
}

/// The members of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that were asked for.
    pub members: Page<ListedMemberCard>,
    /// How many there are in all.
    pub total: i64,
    /// How many of them the filter lets through.
    pub matching: i64,
    /// Whether the viewer may invite people.
    pub may_invite: bool,
    /// Whether the viewer may change several at once.
    pub may_change: bool,
    /// The server's time.
    pub now: i64,
}

/// Why somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Their built-in role.
    BuiltIn(Role),
    /// A role that was given to them.
    Role(String),
    /// A role of a group they are in.
    Group {
        /// The group.
        group: String,
        /// Its role.
        role: String,
        /// The providers that put them into it; none where somebody did.
        providers: Vec<String>,
    },
}

/// Something that a member may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// What.
    pub permission: Permission,
    /// Why; at least one reason.
    pub because: Vec<Reason>,
}

/// A member's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The member.
    pub member: MemberCard,
    /// When they last did something that this workspace's log tells of.
    pub last_active_at: Option<i64>,
    /// Why they do not get in, if they do not.
    pub check: AccessCheck,
    /// The roles the viewer may give them; none when the viewer may not change them.
    pub givable: Vec<Role>,
    /// Whether the viewer may take them out.
    pub may_remove: bool,
    /// All they may do, and why.
    pub rights: Vec<Right>,
    /// Roles of the workspace's own making that they could have.
    pub roles: Vec<RoleChoice>,
    /// Whether the viewer may change which of them they have.
    pub may_assign: bool,
    /// Their groups.
    pub groups: Vec<GroupCard>,
    /// The providers that put them into some of those.
    pub group_sources: Vec<(GroupId, String)>,
    /// What apps still may do in their name.
    pub app_sessions: Vec<AppSession>,
    /// Whether the viewer may end those.
    pub may_end: bool,
    /// How they can be recovered, for who may.
    pub recovery: Option<RecoveryView>,
    /// What they did and what happened to them; none when the viewer may not know.
    pub history: Option<Vec<EventRow>>,
    /// The server's time.
    pub now: i64,
}

/// How far a mail has come. Reasons are codes (`550 5.1.1`) or classes (`timeout`), which name nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// It waits for its turn.
    Waiting,
    /// It could not be sent yet, and is tried again.
    Delayed(String),
    /// A mail server has taken it.
    Left,
    /// It was refused for good, or could not be sent in time.
    Failed(String),
}

/// An invitation that waits for an answer, as the workspace sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCard {
    /// Which one.
    pub id: InvitationId,
    /// Who is asked.
    pub email: String,
    /// As what they would join.
    pub role: Role,
    /// Address of who invited them.
    pub invited_by: String,
    /// When it was sent.
    pub sent_at: i64,
    /// How far its mail has come.
    pub delivery: Delivery,
    /// Whether it is too late to accept it.
    pub expired: bool,
    /// Whether the viewer may send it again or take it back.
    pub may_change: bool,
}

/// The invitations of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that wait, the newest first.
    pub invitations: Page<InvitationCard>,
    /// People who ask to join, the longest waiting first.
    pub requests: Vec<JoinRequestCard>,
    /// The roles the viewer may give; none when the viewer may not invite.
    pub givable: Vec<Role>,
    /// The server's time.
    pub now: i64,
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingInvitation {
    /// Which one.
    pub id: InvitationId,
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
    /// As what they would join.
    pub role: Role,
    /// Address of who invited them.
    pub invited_by: String,
    /// The invited address.
    pub email: String,
}

/// Whether whoever looks at an invitation can accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinState {
    /// Nobody is signed in.
    SignedOut,
    /// The invited person is.
    Ready,
    /// Somebody with this address is, who is not the invited one.
    SomebodyElse(String),
}

/// The page behind the link of an invitation mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinView {
    /// The invitation.
    pub waiting: WaitingInvitation,
    /// How the workspace looks.
    pub brand: Brand,
    /// Whether it can be accepted here.
    pub state: JoinState,
}
