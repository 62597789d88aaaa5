//! The way back of somebody who lost their second factors: begun by others, after a delay in which the person can say no. It gives
//! nobody a session; it lets the person's own sign-in by mail pass once.

use crate::sign_in::pending::PendingSignIn;
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{RecoveryId, UserId, WorkspaceId};

/// After how long one counts that a workspace's admin began.
pub const BY_WORKSPACE: TimeDelta = TimeDelta::days(3);
/// After how long one counts that an operator began.
pub const BY_OPERATOR: TimeDelta = TimeDelta::days(1);
/// After how long that counts if the person objects to it: other operators have time to look.
pub const OBJECTED: TimeDelta = TimeDelta::days(3);
/// For how long one that counts waits for its person.
pub const USABLE: TimeDelta = TimeDelta::days(7);

/// A recovery of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Which one.
    pub id: RecoveryId,
    /// Whose.
    pub user_id: UserId,
    /// The workspace whose admin began it; the platform for operators.
    pub workspace_id: WorkspaceId,
    /// Who did.
    pub begun_by: UserId,
    /// Why, in their words.
    pub reason: String,
    /// Whether passkeys are lost too.
    pub with_passkeys: bool,
    /// When.
    pub begun_at: DateTime<Utc>,
    /// From when on it counts.
    pub counts_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// When the person objected.
    pub objected_at: Option<DateTime<Utc>>,
    /// When it was stopped or used.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Recovery {
    /// Whether operators began it. The person cannot stop that, since whoever has their mailbox and set up a second factor first
    /// could: they object, and it counts later.
    pub fn is_by_operator(&self) -> bool {
        self.workspace_id == WorkspaceId::PLATFORM
    }

    /// After how long it counts, if nobody says anything.
    pub fn delay(workspace_id: WorkspaceId) -> TimeDelta {
        if workspace_id == WorkspaceId::PLATFORM {
            BY_OPERATOR
        } else {
            BY_WORKSPACE
        }
    }

    /// Whether it waits to count, or counts.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }

    /// Whether it counts.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.is_open(now) && now >= self.counts_at
    }

    /// The same, to which the person objected: other operators have time to look from then on, even if it counted already. It takes
    /// longer once, so that nobody keeps it from counting.
    #[must_use]
    pub fn objected(mut self, now: DateTime<Utc>) -> Self {
        if self.objected_at.is_some() {
            return self;
        }
        let looked_at = now + (OBJECTED - BY_OPERATOR);
        self.counts_at = self.counts_at.max(self.begun_at + OBJECTED).max(looked_at);
        self.expires_at = self.counts_at + USABLE;
        self.objected_at = Some(now);
        self
    }

    /// Whether it is about a sign-in that waits for a second factor: one of its person that began anew, and by mail. A session
    /// proves nothing of its person now, a password may be known to others, and what a provider says is its owner's word.
    pub fn concerns(&self, pending: &PendingSignIn) -> bool {
        pending.user_id == self.user_id
            && pending.session_id.is_none()
            && pending.through.is_none()
            && pending.amr == ["email"]
    }

    /// Whether a sign-in that waits for a second factor may do without.
    pub fn lets_past(&self, pending: &PendingSignIn, now: DateTime<Utc>) -> bool {
        self.counts(now) && self.concerns(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn begun(workspace_id: WorkspaceId) -> Recovery {
        let begun_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let counts_at = begun_at + Recovery::delay(workspace_id);
        Recovery {
            id: RecoveryId::from_uuid(Uuid::from_u128(1)),
            user_id: UserId::from_uuid(Uuid::from_u128(2)),
            workspace_id,
            begun_by: UserId::from_uuid(Uuid::from_u128(3)),
            reason: "Phone stolen".to_owned(),
            with_passkeys: false,
            begun_at,
            counts_at,
            expires_at: counts_at + USABLE,
            objected_at: None,
            ended_at: None,
        }
    }

    #[test]
    fn it_counts_between_its_delay_and_its_end_and_never_once_it_ended() {
        for place in [WorkspaceId::PLATFORM, WorkspaceId::from_uuid(Uuid::from_u128(9))] {
            let recovery = begun(place);
            let second = TimeDelta::seconds(1);
            assert!(!recovery.counts(recovery.counts_at - second));
            assert!(recovery.counts(recovery.counts_at));
            assert!(recovery.counts(recovery.expires_at - second));
            assert!(!recovery.counts(recovery.expires_at));
            let ended = Recovery {
                ended_at: Some(recovery.begun_at),
                ..recovery.clone()
            };
            assert!(!ended.counts(recovery.counts_at));
        }
    }

    #[test]
    fn an_objection_makes_it_later_and_never_sooner() {
        let recovery = begun(WorkspaceId::PLATFORM);
        let later = recovery.clone().objected(recovery.begun_at);
        assert_eq!(later.counts_at, recovery.begun_at + OBJECTED);
        let again = later.clone().objected(later.counts_at);
        assert_eq!(again, later, "once");
        // Whoever was away for long gives others time to look, too.
        let late = recovery.counts_at + TimeDelta::days(5);
        assert!(!recovery.clone().objected(late).counts(late));
    }
}
