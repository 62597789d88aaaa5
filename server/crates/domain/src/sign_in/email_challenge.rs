//! Sign-in by mail: one challenge, redeemed by its link or its code, both only in the browser that asked.

use crate::{account::email::Email, core::secret_hash::SecretHash};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AuthorizationId, ConnectionAttemptId, EmailChallengeId, WorkspaceId};

/// How long a link and its code work.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Wrong codes after which the challenge is spent: 5 in 1,000,000.
pub const CODE_ATTEMPTS: i16 = 5;

/// A finished step, taken again by the browser that took it, comes to the same result for this long: an impatient second
/// click must not lose what the first one did.
pub const REPEAT_WINDOW: TimeDelta = TimeDelta::seconds(60);

/// Where the person was when they asked for the mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReturnTo {
    /// The workspace whose login page it was, none for the platform's own.
    pub workspace_id: Option<WorkspaceId>,
    /// The app's request that waits for the sign-in.
    pub authorization_id: Option<AuthorizationId>,
}

impl ReturnTo {
    /// The workspace in which the sign-in happens, and whose log tells of it.
    pub fn place(self) -> WorkspaceId {
        self.workspace_id.unwrap_or(WorkspaceId::PLATFORM)
    }
}

/// A stored challenge.
#[derive(Debug, Clone)]
pub struct EmailChallenge {
    /// Which one.
    pub id: EmailChallengeId,
    /// Whose address it proves.
    pub address: Email,
    /// Where to go on.
    pub return_to: ReturnTo,
    /// Hash of the code.
    pub code_hash: SecretHash,
    /// Hash of the cookie of the browser that asked.
    pub browser_hash: SecretHash,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Wrong codes so far.
    pub code_attempts: i16,
    /// How far it has come.
    pub progress: Progress,
    /// The sign-in at a provider with whose outcome the person is linked by this.
    pub attempt_id: Option<ConnectionAttemptId>,
}

/// How far a challenge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It waits.
    Open,
    /// The same browser asked again, for the same.
    Replaced,
    /// It was redeemed.
    Redeemed(DateTime<Utc>),
}

impl EmailChallenge {
    /// Whether it can still be redeemed.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.progress == Progress::Open && now < self.expires_at && self.code_attempts < CODE_ATTEMPTS
    }

    /// Whether it was redeemed just now, so that the same browser may do so again.
    pub fn can_be_repeated(&self, now: DateTime<Utc>) -> bool {
        matches!(self.progress, Progress::Redeemed(at) if now - at < REPEAT_WINDOW)
    }
}
