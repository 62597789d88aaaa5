//! Domains, and coming in without an invitation.

use crate::{
    Slug, UserId,
    view::{Brand, WorkspaceCard},
};
use serde::{Deserialize, Serialize};

/// A domain that a workspace claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCard {
    /// Which one, in punycode.
    pub name: String,
    /// Where its proof must stand in DNS.
    pub record_name: String,
    /// What the proof is.
    pub record_value: String,
    /// Whether it is proved.
    pub verified: bool,
    /// When the proof was last looked at.
    pub checked_at: Option<i64>,
    /// Since when a proof that once stood there is missing.
    pub failing_since: Option<i64>,
    /// Who may join by it: `nobody`, `requests` or `everybody`.
    pub joining: String,
    /// Whether it is the workspace's own host.
    pub is_host: bool,
    /// Whether passkeys work there: operators decide it.
    pub passkeys: bool,
}

/// The domains of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainsView {
    /// The workspace.
    pub workspace: WorkspaceCard,
    /// Those that it claims, by name.
    pub domains: Vec<DomainCard>,
    /// Whether the viewer may change them.
    pub may_update: bool,
    /// Whether the viewer may decide where sign-in pages live.
    pub may_host: bool,
    /// Whether that takes a more recent sign-in than the viewer's.
    pub host_needs_sign_in: bool,
    /// The server's time.
    pub now: i64,
}

/// How somebody who is no member may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinPathState {
    /// At once.
    Open,
    /// By asking.
    Ask,
    /// They have asked and wait.
    Asked,
}

/// A workspace that the viewer could join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachableWorkspace {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// How.
    pub state: JoinPathState,
}

/// A workspace as somebody sees it who could join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinPathView {
    /// How it looks.
    pub brand: Brand,
    /// The viewer's address.
    pub email: String,
    /// How they may come in.
    pub state: JoinPathState,
}

/// Somebody who asks to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequestCard {
    /// Who.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Since when.
    pub asked_at: i64,
}
