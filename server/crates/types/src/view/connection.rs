//! Providers through which people sign in.

use crate::{
    ConnectionId, GroupId, Slug,
    view::{EventRow, GroupCard, WorkspaceCard},
};
use serde::{Deserialize, Serialize};

/// A provider on a login page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionButton {
    /// Which one.
    pub id: ConnectionId,
    /// What it is called.
    pub name: String,
}

/// Where people with addresses at a domain sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The workspace whose domain it is, or the platform.
    pub slug: Slug,
    /// Its name, unless it is the platform.
    pub workspace: Option<String>,
    /// Its provider, by its name; where it is a workspace's on the platform's page, by the workspace's.
    pub connection: ConnectionButton,
    /// The address that was typed.
    pub address: String,
}

/// A provider in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionCard {
    /// Which one.
    pub id: ConnectionId,
    /// What its button says.
    pub name: String,
    /// `oidc`, `google`, `entra`, `entra_any`, `gitlab`, `apple`, `github` or `github_server`.
    pub preset: String,
    /// Who it says it is.
    pub issuer: String,
    /// When it was connected.
    pub created_at: i64,
    /// Whether nobody signs in through it.
    pub disabled: bool,
}

/// The providers of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// By name.
    pub connections: Vec<ConnectionCard>,
    /// Whether the viewer may connect and change them.
    pub may_update: bool,
    /// The server's time.
    pub now: i64,
}

/// What somebody needs who connects a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConnectionView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// What to register there.
    pub redirect_uris: Vec<String>,
    /// Whether the viewer signed in recently enough.
    pub recent: bool,
}

/// What can be changed about a provider. Its secret is not among what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSettingsView {
    /// Who we are there.
    pub client_id: String,
    /// What it is asked for, between spaces.
    pub scopes: String,
    /// `members` or `joining`; of the platform's, `linked` or `everybody`.
    pub provisioning: String,
    /// Whether an address counts of which it says nothing.
    pub trusts_addresses: bool,
    /// The tenants whose people sign in by it, between spaces.
    pub tenants: String,
    /// The domains whose people sign in by it, between spaces.
    pub domains: String,
    /// Whether they are led there from the platform's login page too.
    pub everywhere: bool,
    /// The claim that says what somebody is called.
    pub name_claim: String,
    /// The claim that says at which address they are.
    pub address_claim: String,
}

/// What a value of a claim gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// The value.
    pub value: String,
    /// The group.
    pub group: GroupId,
}

/// The groups that a provider gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMappingView {
    /// The claim that names them, empty for none.
    pub claim: String,
    /// What its values give.
    pub lines: Vec<GroupLine>,
    /// The workspace's groups.
    pub choices: Vec<GroupCard>,
}

/// A provider's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// The provider.
    pub connection: ConnectionCard,
    /// Its settings.
    pub settings: ConnectionSettingsView,
    /// The groups that it gives, where it can give any.
    pub groups: Option<GroupMappingView>,
    /// What is registered there.
    pub redirect_uris: Vec<String>,
    /// What happened with it, for those who may read the log.
    pub events: Vec<EventRow>,
    /// The server's time.
    pub now: i64,
    /// Whether the viewer may change it.
    pub may_update: bool,
    /// Whether they signed in recently enough to.
    pub recent: bool,
}

/// A provider that a person has linked, or could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnConnection {
    /// The workspace whose provider it is, or the platform.
    pub slug: Slug,
    /// Its name; empty where it is the platform.
    pub workspace: String,
    /// The provider.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// Whether people can sign in through it.
    pub enabled: bool,
    /// The address that it knew them by when they were linked, empty if it said none.
    pub label: String,
    /// Since when they are, if they are.
    pub linked_at: Option<i64>,
    /// When they last signed in through it.
    pub last_used_at: Option<i64>,
}

/// Those of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnConnectionsView {
    /// Linked ones first.
    pub connections: Vec<OwnConnection>,
    /// Whether they signed in recently enough to change that.
    pub recent: bool,
    /// The server's time.
    pub now: i64,
}
