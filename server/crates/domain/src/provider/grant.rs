//! What a person gave an app: a family of tokens that lives and dies together.

use crate::{
    provider::scope::Scopes,
    sign_in::decision::{Proof, Reason, SignInPolicy, decide},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AppId, GrantId, SessionId, UserId};
use uuid::Uuid;

/// Access and ID tokens live this long.
pub const ACCESS_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// A refresh token unused for this long is dead.
pub const REFRESH_IDLE: TimeDelta = TimeDelta::days(14);
/// How long a refresh token that was just used is taken once more, as long as nobody has used what it was exchanged for:
/// an answer can get lost on its way, and a client can ask twice at once (RFC 9700 4.14.2 leaves room for this). Long
/// enough for a client's time limit and its second try, short enough that a token found in a log is worth nothing.
pub const REFRESH_RETRY: TimeDelta = TimeDelta::seconds(30);
/// The whole family ends this long after the sign-in.
pub const ABSOLUTE: TimeDelta = TimeDelta::days(90);

/// A family of tokens.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Which one.
    pub id: GrantId,
    /// For which app.
    pub app_id: AppId,
    /// By whom.
    pub user_id: UserId,
    /// The session it came from; gone once that session ended.
    pub session_id: Option<SessionId>,
    /// Whether it outlives the session (`offline_access`).
    pub offline: bool,
    /// What was given.
    pub scopes: Scopes,
    /// How the person had signed in.
    pub amr: Vec<String>,
    /// The model of the authenticator whose passkey that took, if it was shown.
    pub model: Option<Uuid>,
    /// When the person had signed in.
    pub auth_time: DateTime<Utc>,
    /// The absolute end.
    pub expires_at: DateTime<Utc>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Grant {
    /// As it stands under `policy`: it ends with the sign-in that it came from, offline or not, and at once where that would
    /// not count whatever its age.
    #[must_use]
    pub fn under(mut self, policy: SignInPolicy) -> Self {
        if let Some(end) = policy.ends(self.auth_time) {
            self.expires_at = self.expires_at.min(end);
        }
        let proof = Proof::alone(self.user_id, &self.amr, self.auth_time).by(self.model);
        let decision = decide(proof, &policy.into(), self.auth_time);
        self.revoked |= decision.reasons().iter().any(|reason| *reason != Reason::TooOld);
        self
    }

    /// Whether its tokens still mean anything.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        !self.revoked && now < self.expires_at && (self.offline || self.session_id.is_some())
    }
}

/// Whether a refresh token first used at `used_at` may still be a retry of that use. Nodes' clocks may differ a little, so
/// a use that seems to lie ahead is a recent one.
pub fn may_be_retry(used_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - used_at).abs() < REFRESH_RETRY
}

/// Why a family died before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeReason {
    /// Its code came a second time (RFC 6749 4.1.2).
    CodeReplayed,
    /// A used refresh token came again (RFC 9700 4.14.2).
    RefreshReused,
    /// Somebody who may wanted it to end.
    Withdrawn,
}

impl RevokeReason {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeReplayed => "code_replayed",
            Self::RefreshReused => "refresh_reused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_ends_to_the_second_with_the_sign_in_that_it_came_from_and_never_later_than_by_itself() {
        let begin = DateTime::UNIX_EPOCH;
        let hour = TimeDelta::hours(1);
        let family = |limit| {
            Grant {
                id: "grt_01920000000070008000000000000042".parse().unwrap(),
                app_id: "app_01920000000070008000000000000042".parse().unwrap(),
                user_id: "usr_01920000000070008000000000000042".parse().unwrap(),
                session_id: None,
                offline: true,
                scopes: Scopes::default(),
                amr: Vec::new(),
                model: None,
                auth_time: begin,
                expires_at: begin + ABSOLUTE,
                revoked: false,
            }
            .under(SignInPolicy {
                max_age: limit,
                ..SignInPolicy::default()
            })
        };
        let second = TimeDelta::seconds(1);
        assert!(family(Some(hour)).is_live(begin + hour - second));
        assert!(!family(Some(hour)).is_live(begin + hour));
        assert!(family(None).is_live(begin + ABSOLUTE - second));
        assert!(!family(Some(ABSOLUTE * 2)).is_live(begin + ABSOLUTE));
    }
}
