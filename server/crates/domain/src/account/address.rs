//! The addresses of a person: how one is added, and how one that was removed comes back.

use crate::{account::email::Email, core::secret_hash::SecretHash};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AddressChallengeId, RemovedAddressId, SessionId, UserId};

/// The most verified addresses of a person.
pub const MOST: i64 = 10;
/// How long the link and the code of a mail to a new address work.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Wrong codes after which such a mail is spent.
pub const CODE_ATTEMPTS: i16 = 5;
/// For how long a removed address can be put back, and is nobody else's.
pub const RESTORABLE: TimeDelta = TimeDelta::days(7);

/// An address that a person is adding.
#[derive(Debug, Clone)]
pub struct AddressChallenge {
    /// Which one.
    pub id: AddressChallengeId,
    /// Who adds it.
    pub user_id: UserId,
    /// The session that asked: it counts nowhere else.
    pub session_id: SessionId,
    /// The address.
    pub address: Email,
    /// Hash of the code.
    pub code_hash: SecretHash,
    /// Wrong codes so far.
    pub code_attempts: i16,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was used up, if it was.
    pub consumed_at: Option<DateTime<Utc>>,
}

impl AddressChallenge {
    /// Whether it still can be used.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.consumed_at.is_none() && now < self.expires_at && self.code_attempts < CODE_ATTEMPTS
    }
}

/// An address that a person removed.
#[derive(Debug, Clone)]
pub struct RemovedAddress {
    /// Which removal.
    pub id: RemovedAddressId,
    /// Whose it was.
    pub user_id: UserId,
    /// The address.
    pub address: Email,
    /// When it was verified.
    pub verified_at: DateTime<Utc>,
    /// Until when it can be put back.
    pub restorable_until: DateTime<Utc>,
    /// When it was put back, if it was.
    pub restored_at: Option<DateTime<Utc>>,
}
