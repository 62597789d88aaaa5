//! A person’s own account.

use crate::SessionId;
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
