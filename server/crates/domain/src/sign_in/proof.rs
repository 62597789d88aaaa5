//! What a sign-in proved, and what is known of it since.

use crate::sign_in::trusted_browser::Trusted;
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::UserId;
use uuid::Uuid;

/// What has changed around a sign-in since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// It is used in another network.
    pub network: bool,
    /// It is used in another browser, as far as that can be told.
    pub browser: bool,
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Who they are.
    pub person: UserId,
    /// By which methods (RFC 8176).
    pub amr: &'a [String],
    /// When.
    pub at: DateTime<Utc>,
    /// The longest time for which its browser was not heard of since.
    pub idle: TimeDelta,
    /// Whether it is used in another network, or another browser, than the one in which they did so.
    pub moved: Moved,
    /// The browser that they trust, if it stood for their second factor.
    pub trusted: Option<Trusted>,
    /// The model of the authenticator whose passkey began it, if that was shown.
    pub model: Option<Uuid>,
}

impl<'a> Proof<'a> {
    /// What somebody proved once, whatever became of their browser.
    pub fn alone(person: UserId, amr: &'a [String], at: DateTime<Utc>) -> Self {
        Self {
            person,
            amr,
            at,
            idle: TimeDelta::zero(),
            moved: Moved::default(),
            trusted: None,
            model: None,
        }
    }

    /// The same, begun with a passkey of an authenticator that was shown to be of this model.
    #[must_use]
    pub fn by(self, model: Option<Uuid>) -> Self {
        Self { model, ..self }
    }
}
