//! Passkeys (WebAuthn Level 3): what is stored of one, and what an authenticator was asked to sign.

use crate::{
    core::{secret_hash::SecretHash, visible::VisibleName},
    sign_in::email_challenge::{REPEAT_WINDOW, ReturnTo},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{PasskeyChallengeId, PasskeyId, SessionId, UserId};
use serde_json::Value;
use uuid::Uuid;

/// How long an authenticator may take: as long as the browser waits for it (WebAuthn Level 3, 15.1).
pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// How many passkeys a person can have.
pub const MOST: usize = 20;
/// How long somebody is not asked again who did not want a passkey now.
pub const OFFER_LATER: TimeDelta = TimeDelta::days(30);

/// A passkey of a person.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Which one.
    pub id: PasskeyId,
    /// Whose.
    pub user_id: UserId,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// Public key, counter and what else the check of an answer takes.
    pub credential: Value,
    /// What the person calls it.
    pub name: VisibleName,
    /// The model of the authenticator, by what it says itself.
    pub aaguid: Uuid,
    /// Whether it was shown to be of that model, by who makes it.
    pub attested: bool,
    /// Whether the person's other devices can have it too.
    pub synced: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used, if ever.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When its counter went backwards. It signs in no more.
    pub suspected_at: Option<DateTime<Utc>>,
}

impl Passkey {
    /// How signing in with it proves who somebody is (RFC 8176 2): a key in hardware or one that is synced, and more than
    /// one factor, since the authenticator verified its person too.
    pub fn methods(&self) -> [&'static str; 3] {
        [if self.synced { "swk" } else { "hwk" }, "user", "mfa"]
    }

    /// The model that it was shown to be of.
    pub fn model(&self) -> Option<Uuid> {
        self.attested.then_some(self.aaguid)
    }
}

/// To what a challenge is bound.
#[derive(Debug, Clone)]
pub enum BoundTo {
    /// The browser that began a sign-in, by its cookie.
    Browser(SecretHash),
    /// The session in which a passkey is added.
    Session(SessionId),
}

/// What an authenticator was asked to sign.
#[derive(Debug, Clone)]
pub struct PasskeyChallenge {
    /// Which one.
    pub id: PasskeyChallengeId,
    /// To what it is bound.
    pub bound_to: BoundTo,
    /// Where a sign-in goes on.
    pub return_to: ReturnTo,
    /// What the check of the answer takes.
    pub state: Value,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was answered.
    pub consumed_at: Option<DateTime<Utc>>,
}

impl PasskeyChallenge {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.consumed_at.is_none() && now < self.expires_at
    }

    /// Whether it was answered just now, so that the same browser may do so again.
    pub fn can_be_repeated(&self, now: DateTime<Utc>) -> bool {
        self.consumed_at.is_some_and(|at| now - at < REPEAT_WINDOW)
    }
}
