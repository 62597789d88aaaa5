//! Workspaces.

use crate::{
    Permissions, Role, SignInMethods, Slug, UserId,
    view::{ModelsView, ReachableWorkspace, SupportWindow, WaitingInvitation},
};
use serde::{Deserialize, Serialize};

/// A workspace the viewer belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCard {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The viewer's role in it.
    pub role: Role,
    /// All that the viewer may do in it; empty where workspaces are only listed.
    pub may: Permissions,
    /// Why the operator has suspended it, if so.
    pub suspended: Option<String>,
    /// When everything in it will be deleted, if an owner wants that.
    pub delete_after: Option<i64>,
    /// Until when the viewer looks at it as the operator's support, if that is what they are.
    pub support_until: Option<i64>,
}

/// Ownership of a workspace that is offered to the viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingOffer {
    /// Who offers it.
    pub from: UserId,
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
    /// Address of who offers it.
    pub from_email: String,
}

/// What is asked of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPolicyView {
    /// How old it may be, in seconds; empty for as old as a session gets.
    pub max_age: String,
    /// For how long its browser may not be heard of, in seconds; empty for as long as a session lives so.
    pub max_idle: String,
    /// Whether it takes two factors.
    pub two_factors: bool,
    /// Whether it counts in the network alone in which it was made.
    pub same_network: bool,
    /// By which methods it may not begin.
    pub refused: SignInMethods,
}

/// A workspace's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSettingsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// `members`, `requests` or `open`.
    pub admission: String,
    /// What it asks of a sign-in.
    pub sign_in: SignInPolicyView,
    /// What the platform asks of each.
    pub platform_sign_in: SignInPolicyView,
    /// Which models of authenticators count, where the operator brought what tells of them.
    pub models: Option<ModelsView>,
    /// Until when, and why, the operator's support may look.
    pub support: Option<SupportWindow>,
    /// Whom the viewer has offered their ownership to.
    pub offered_to: Option<String>,
    /// The server's time.
    pub now: i64,
    /// Whether the viewer may change it.
    pub may_update: bool,
}

/// The viewer's workspaces and the invitations that wait for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspacesView {
    /// Where they are a member.
    pub workspaces: Vec<WorkspaceCard>,
    /// Ownership that is offered to them.
    pub offers: Vec<WaitingOffer>,
    /// Whether they may create a workspace.
    pub may_create: bool,
    /// The server's time.
    pub now: i64,
    /// Where they could be.
    pub invitations: Vec<WaitingInvitation>,
    /// Where they could be without an invitation.
    pub reachable: Vec<ReachableWorkspace>,
}

/// How often something happened on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day in UTC, as `2026-11-24`.
    pub date: String,
    /// How often.
    pub count: i64,
}

/// Something that somebody should look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attention {
    /// If the one owner loses their mail, nobody else can help.
    OneOwner,
    /// So many people ask to join.
    JoinRequests(i64),
    /// So many proved domains miss their proof.
    FailingDomains(i64),
    /// So many invitations can be accepted no more.
    ExpiredInvitations(i64),
    /// So many invitations have not reached anybody.
    UndeliveredInvitations(i64),
    /// So many apps are disabled.
    DisabledApps(i64),
}

/// What a new workspace needs before people can use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FirstStep {
    /// An app.
    App,
    /// Somebody who signed in to one.
    SignIn,
    /// Somebody who was invited.
    Invitation,
    /// A look of its own.
    Brand,
}

/// A workspace at a glance. What the viewer may not know is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// How many members.
    pub members: Option<i64>,
    /// How many invitations wait for an answer.
    pub waiting_invitations: Option<i64>,
    /// How many apps.
    pub apps: Option<i64>,
    /// The first steps that the viewer may take, and whether they are done; none once all are.
    pub first_steps: Vec<(FirstStep, bool)>,
    /// What somebody should look after.
    pub attention: Vec<Attention>,
    /// Sign-ins to apps by day, the latest last.
    pub sign_ins: Vec<Day>,
}
