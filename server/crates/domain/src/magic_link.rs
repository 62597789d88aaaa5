//! Sign-in by mail: one challenge, redeemed by its link or its code, both only in the browser that asked.

use crate::email::Email;
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AuthorizationId, MagicLinkId, WorkspaceId};

/// How long a link and its code work.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Wrong codes after which the challenge is spent: 5 in 1,000,000.
pub const CODE_ATTEMPTS: i16 = 5;

/// Where the person was when they asked for the mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Errand {
    /// The workspace whose login page it was, none for the platform's own.
    pub workspace_id: Option<WorkspaceId>,
    /// The app's request that waits for the sign-in.
    pub authorization_id: Option<AuthorizationId>,
}

/// A stored challenge.
#[derive(Debug, Clone)]
pub struct MagicLink {
    /// Which one.
    pub id: MagicLinkId,
    /// Whose address it proves.
    pub address: Email,
    /// Where to go on.
    pub errand: Errand,
    /// Hash of the code.
    pub code_hash: [u8; 32],
    /// Hash of the cookie of the browser that asked.
    pub browser_hash: [u8; 32],
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Wrong codes so far.
    pub code_attempts: i16,
    /// Whether it was used or replaced.
    pub ended: bool,
}

impl MagicLink {
    /// Whether it can still be redeemed.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        !self.ended && now < self.expires_at && self.code_attempts < CODE_ATTEMPTS
    }
}
