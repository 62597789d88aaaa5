//! What the log tells.

use crate::Role;
use serde::{Deserialize, Serialize};

/// Something that happened. Pages put it into words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// What, `noun.verb`.
    pub action: String,
    /// Address of who did it, empty if unknown.
    pub actor: String,
    /// What it was done to, by the name that it has here; empty if it has none.
    pub subject: String,
    /// The group that it was about beside that, empty for none.
    pub group: String,
    /// The provider that caused it by what it said, empty for none.
    pub provider: String,
    /// The workspace where it happened, empty where that goes without saying.
    pub place: String,
    /// Why it was refused, as stored; empty where nothing was.
    pub reason: String,
    /// The built-in roles before and after it.
    pub roles: Option<(Role, Role)>,
    /// How often it happened, where that was counted.
    pub times: Option<i64>,
    /// Client address, empty if there was none.
    pub client_ip: String,
    /// Browser name, empty when unknown.
    pub browser: String,
    /// Operating system, empty when unknown.
    pub system: String,
    /// When.
    pub occurred_at: i64,
}
