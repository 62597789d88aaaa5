//! A person’s own account.

use crate::{PasskeyId, SessionId};
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
    /// When it signed in.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
    /// Whether it is the viewer's own.
    pub current: bool,
}

/// The account overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Whose.
    pub viewer: Viewer,
    /// Signed-in browsers, the latest first.
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
