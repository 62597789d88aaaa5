//! A person’s own account.

use super::{EventRow, Page};
use crate::{AppId, PasskeyId, SessionId, Slug};
use serde::{Deserialize, Serialize};

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
}

/// A signed-in browser in the account's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Which one.
    pub id: SessionId,
    /// Browser name, empty when unknown.
    pub browser: String,
    /// Operating system, empty when unknown.
    pub system: String,
    /// Client address.
    pub client_ip: String,
    /// Roughly where that is, empty when unknown.
    pub place: String,
    /// How the person proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// When it signed in.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
    /// Whether it is the viewer's own.
    pub current: bool,
}

/// Where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsView {
    /// Signed-in browsers, the latest used first.
    pub sessions: Vec<SessionView>,
    /// The server's time, so that both halves of the page say the same "3 minutes ago".
    pub now: i64,
}

/// A passkey in the account's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Which one.
    pub id: PasskeyId,
    /// What the person calls it.
    pub name: String,
    /// Whether the person's other devices have it too.
    pub synced: bool,
    /// Whether somebody may have a copy, so that it signs in no more.
    pub suspected: bool,
    /// When it was added.
    pub created_at: i64,
    /// When it was last used, if ever.
    pub last_used_at: Option<i64>,
}

/// How the person signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityView {
    /// The address that sign-in mails go to.
    pub email: String,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Whether the sign-in is so recent that passkeys can be added and removed.
    pub recent: bool,
    /// Whether this server can have passkeys at all: not where its address is no name.
    pub available: bool,
    /// The server's time.
    pub now: i64,
}

/// An app that a person let have something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedApp {
    /// Which one.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Its workspace.
    pub slug: Slug,
    /// The name of that.
    pub workspace: String,
    /// What it may have, by the wire names of scopes.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: i64,
    /// When it was used last, if that is known.
    pub last_used_at: Option<i64>,
}

/// What a person let apps have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAppsView {
    /// The apps, workspace by workspace.
    pub apps: Vec<ConnectedApp>,
    /// The server's time.
    pub now: i64,
}

/// Which of a person's sessions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndedSessions {
    /// That of the browser that asked.
    Own,
    /// That of another browser.
    Another,
    /// All but that of the browser that asked.
    Others,
    /// Those that were not used for the longest.
    Oldest,
    /// All.
    All,
}

/// Something that happened with a person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// What; of what others did, neither who nor from where.
    pub event: EventRow,
    /// Whether it was the person.
    pub own: bool,
    /// Which sessions ended, where that is what happened.
    pub ended: Option<EndedSessions>,
}

/// What happened with a person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityView {
    /// The events, the latest first.
    pub events: Page<ActivityRow>,
    /// The server's time.
    pub now: i64,
}
