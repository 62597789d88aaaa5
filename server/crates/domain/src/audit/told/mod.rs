//! What the log is told of each change: one constructor for each way in which an action can have come about. Their details are
//! kept for ever, so no name in them changes; no detail is a secret.

mod access;
mod account;
mod apps;
mod connections;
mod members;
mod password;
mod platform;
mod provider;
mod recovery;
mod sign_in;
mod workspaces;

pub use connections::ConnectionRefusal;
pub use password::{PasswordRefusal, PasswordSpent};
pub use provider::ClientRefusal;
pub use recovery::RecoveryStop;
pub use sign_in::{ChallengeRefusal, Ended, FactorRefusal, PasskeyRefusal};

use crate::audit::Action;
use chrono::{DateTime, Utc};
use iam_types::{Permission, WorkspaceId};
use serde_json::{Value, json};

/// An event, but for who caused it and when.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use = "a change lasts only with its event"]
pub struct Told {
    /// What happened.
    pub action: Action,
    /// To what: a printed identifier.
    pub target: String,
    /// What else there is to know.
    pub detail: Value,
    /// The workspace whose log tells of it too, beside the one where it happened.
    pub also_in: Option<WorkspaceId>,
}

/// What was counted instead of written one by one.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// Why, in one word.
    pub reason: &'a str,
    /// How often.
    pub times: i64,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl Told {
    fn new(action: Action, target: impl ToString, detail: Value) -> Self {
        Self {
            action,
            target: target.to_string(),
            detail,
            also_in: None,
        }
    }

    /// Of which there is nothing else to know.
    fn bare(action: Action, target: impl ToString) -> Self {
        Self::new(action, target, json!({}))
    }

    /// The same, told in the log of `workspace` too.
    pub fn also_in(mut self, workspace: WorkspaceId) -> Self {
        self.also_in = Some(workspace);
        self
    }

    /// Somebody tried what they may not do: for want of a permission, or for another reason.
    pub fn access_denied(permission: Option<Permission>, reason: &str) -> Self {
        let permission = permission.map_or("", Permission::as_str);
        Self::new(Action::AccessDenied, permission, json!({ "reason": reason }))
    }

    /// How often in an hour that happened which was only counted.
    pub fn counted(action: Action, target: &str, counted: Counted<'_>) -> Self {
        let detail = json!({
            "reason": counted.reason,
            "times": counted.times,
            "from": counted.first_at,
            "to": counted.last_at,
        });
        Self::new(action, target, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_for_two_logs_says_the_same_in_both() {
        let once = Told::support_closed(WorkspaceId::PLATFORM);
        let twice = once.clone().also_in(WorkspaceId::PLATFORM);
        assert_eq!(twice.also_in, Some(WorkspaceId::PLATFORM));
        assert_eq!((twice.action, &twice.detail), (once.action, &once.detail));
    }
}
