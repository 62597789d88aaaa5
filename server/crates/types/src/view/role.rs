//! Roles and groups.

use crate::{
    GroupId, Permissions, RoleId, UserId,
    view::{MemberCard, Page, WorkspaceCard},
};
use serde::{Deserialize, Serialize};

/// A role in a form that gives it to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    /// Which one.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// The app that it belongs to, if it is one of an app.
    pub app: Option<String>,
    /// Whether they have it.
    pub held: bool,
    /// Whether the viewer may give and take it.
    pub givable: bool,
}

/// A role of a workspace's own making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCard {
    /// Which one.
    pub id: RoleId,
    /// Its name; of an app's role, what its tokens say.
    pub name: String,
    /// What it lets its holders do in the workspace.
    pub permissions: Permissions,
    /// Counts changes.
    pub version: i32,
    /// How many members have it, by themselves or through a group.
    pub holders: i64,
    /// Whether the viewer may change it.
    pub may_change: bool,
}

/// The roles of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those of its own making, by name.
    pub roles: Vec<RoleCard>,
    /// What the viewer may put into a role; none when they may change no role.
    pub grantable: Permissions,
}

/// One role of a workspace's own making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The role.
    pub role: RoleCard,
}

/// A group in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// Which one.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many members are in it.
    pub members: i64,
}

/// The groups of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Its groups, by name.
    pub groups: Vec<GroupCard>,
    /// Whether the viewer may make one.
    pub may_create: bool,
}

/// A group's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The group.
    pub group: GroupCard,
    /// The roles that it could carry.
    pub roles: Vec<RoleChoice>,
    /// Who is in it.
    pub members: Page<MemberCard>,
    /// The providers that put some of them there.
    pub sources: Vec<(UserId, String)>,
    /// Whether the viewer may change it.
    pub may_update: bool,
    /// The server's time.
    pub now: i64,
}
