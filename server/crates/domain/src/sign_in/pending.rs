//! A sign-in between its first factor and its second, and a session that is to prove more.

use crate::{
    account::email::Email,
    core::secret_hash::SecretHash,
    sign_in::{
        email_challenge::{REPEAT_WINDOW, ReturnTo},
        session::Through,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{PendingSignInId, SessionId, UserId};

/// How long a second factor may take.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Somebody who has proved the first factor in this browser, and is to prove another.
#[derive(Debug, Clone)]
pub struct PendingSignIn {
    /// Which one: it bears the identifier of the step that began it.
    pub id: PendingSignInId,
    /// Hash of the cookie of the browser in which it happens.
    pub browser_hash: SecretHash,
    /// Who they are.
    pub user_id: UserId,
    /// The session that is to prove more; none for a new one.
    pub session_id: Option<SessionId>,
    /// The address by which the browser is known from then on.
    pub address: Email,
    /// By which methods they proved who they are so far (RFC 8176).
    pub amr: Vec<String>,
    /// Where they wanted to go.
    pub return_to: ReturnTo,
    /// The provider that proved the first factor, if one did.
    pub through: Option<Through>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it stops waiting.
    pub expires_at: DateTime<Utc>,
    /// When the second factor was proved.
    pub finished_at: Option<DateTime<Utc>>,
}

impl PendingSignIn {
    /// Whether it waits.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.finished_at.is_none() && now < self.expires_at
    }

    /// Whether it was finished just now, so that the same browser may do so again.
    pub fn can_be_repeated(&self, now: DateTime<Utc>) -> bool {
        self.finished_at.is_some_and(|at| now - at < REPEAT_WINDOW)
    }
}
