//! How people who lost their second factors come back. Each is told to the log of whoever began it: a workspace's, or the platform's.

use super::Told;
use crate::{audit::Action, sign_in::recovery::Recovery};
use chrono::{DateTime, Utc};
use iam_types::UserId;
use serde_json::json;

/// What stopped a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStop {
    /// The person, in a session of theirs or by the mail that told of it.
    ByPerson,
    /// The person proved the factors that they are said to have lost.
    ByProof,
    /// Somebody who could have begun it.
    Withdrawn,
}

impl RecoveryStop {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByPerson => "person",
            Self::ByProof => "proof",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Told {
    /// Somebody who may began to recover a person.
    pub fn recovery_begun(recovery: &Recovery) -> Self {
        let detail = json!({
            "recovery": recovery.id,
            "reason": recovery.reason,
            "passkeys": recovery.with_passkeys,
            "counts_at": recovery.counts_at,
        });
        Self::new(Action::RecoveryBegun, recovery.user_id, detail)
    }

    /// A person does not want a recovery that operators began: it counts later.
    pub fn recovery_objected(person: UserId, counts_at: DateTime<Utc>) -> Self {
        Self::new(
            Action::RecoveryObjected,
            person,
            json!({ "counts_at": counts_at }),
        )
    }

    /// A recovery was stopped.
    pub fn recovery_stopped(person: UserId, by: RecoveryStop) -> Self {
        Self::new(Action::RecoveryStopped, person, json!({ "by": by.as_str() }))
    }

    /// A person came back by a recovery.
    pub fn recovery_used(recovery: &Recovery) -> Self {
        let detail = json!({ "recovery": recovery.id, "passkeys": recovery.with_passkeys });
        Self::new(Action::RecoveryUsed, recovery.user_id, detail)
    }
}
