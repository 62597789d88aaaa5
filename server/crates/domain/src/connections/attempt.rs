//! A sign-in that was sent to a provider.

use crate::{
    core::secret_hash::SecretHash,
    sign_in::email_challenge::{REPEAT_WINDOW, ReturnTo},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ConnectionAttemptId, ConnectionId, EmailChallengeId, SessionId};

/// How long somebody may take at a provider.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The longest that a provider may call somebody.
const LONGEST_SUBJECT: usize = 255;

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To link the account of this session.
    Link(SessionId),
    /// To show whoever this session is of what a sign-in would come to.
    Test(SessionId),
}

/// Who somebody turned out to be at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// What the provider calls them for ever.
    pub subject: String,
    /// What it calls them now.
    pub label: String,
}

/// A sign-in under way at a provider.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Which one.
    pub id: ConnectionAttemptId,
    /// At which provider.
    pub connection_id: ConnectionId,
    /// What for.
    pub purpose: Purpose,
    /// Hash of what names it to the provider and back.
    pub state_hash: SecretHash,
    /// Hash of the cookie of the browser that began.
    pub browser_hash: SecretHash,
    /// Where whoever signs in wanted to go.
    pub return_to: ReturnTo,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it is too late.
    pub expires_at: DateTime<Utc>,
    /// When it came back.
    pub consumed_at: Option<DateTime<Utc>>,
    /// When it turned out that nothing comes of it.
    pub failed_at: Option<DateTime<Utc>>,
    /// Who it turned out to be, while whoever owns the address has not said yes.
    pub returned: Option<Returned>,
    /// The mail that asks them.
    pub challenge_id: Option<EmailChallengeId>,
}

impl Attempt {
    /// Whether it can still come back.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.consumed_at.is_none() && now < self.expires_at
    }

    /// Whether it came back just now, so that the same browser may come back again.
    pub fn can_be_repeated(&self, now: DateTime<Utc>) -> bool {
        self.failed_at.is_none() && self.consumed_at.is_some_and(|at| now - at < REPEAT_WINDOW)
    }
}

/// What a provider says of somebody (OpenID Connect Core 1.0, 5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it calls them for ever.
    pub subject: String,
    /// Their address, as it came.
    pub email: Option<String>,
    /// Whether it says that the address was verified; nothing where it does not say.
    pub email_verified: Option<bool>,
    /// The domain whose keeper gave out the account, at a provider that has accounts of several and says so (Google's `hd`).
    pub hosted: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

impl Said {
    /// Whether anybody can be called so (OpenID Connect Core 1.0, 2): something, at most 255 bytes, and no control characters.
    pub fn names_somebody(&self) -> bool {
        (1..=LONGEST_SUBJECT).contains(&self.subject.len()) && !self.subject.contains(char::is_control)
    }

    /// Whether the provider stands for the address. One that it calls unverified never counts; one of which it says nothing counts where
    /// it is trusted with that.
    pub fn vouches_for_address(&self, trusts_addresses: bool) -> bool {
        self.email_verified.unwrap_or(trusts_addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_was_not_verified_never_counts_and_a_silent_provider_has_to_be_trusted() {
        for (says, trusted, counts) in [
            (Some(true), false, true),
            (Some(true), true, true),
            (Some(false), true, false),
            (Some(false), false, false),
            (None, true, true),
            (None, false, false),
        ] {
            let said = Said {
                subject: "s".to_owned(),
                email: None,
                email_verified: says,
                hosted: None,
                name: None,
            };
            assert_eq!(said.vouches_for_address(trusted), counts, "{says:?} {trusted}");
        }
    }
}
