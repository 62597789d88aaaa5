//! An app's authorization request between the authorize endpoint and the person's decision.

use crate::{scope::Scopes, session::Session};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AppId, AuthorizationId};

/// How long a person may take from the app to the decision.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// How long an authorization code works (RFC 6749 4.1.2 recommends at most ten minutes).
pub const CODE_LIFETIME: TimeDelta = TimeDelta::seconds(60);

/// A request that waits for a sign-in or a decision.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Which one.
    pub id: AuthorizationId,
    /// The app that asked.
    pub app_id: AppId,
    /// Where to send the answer; checked against the registration before it was stored.
    pub redirect_uri: String,
    /// What it asks for.
    pub scopes: Scopes,
    /// Returned as it came.
    pub state: Option<String>,
    /// Put into the ID token.
    pub nonce: Option<String>,
    /// PKCE S256 challenge (RFC 7636).
    pub code_challenge: String,
    /// The address the app expects.
    pub login_hint: Option<String>,
    /// The sign-in must be at or after this (`prompt=login`, `max_age`).
    pub fresh_after: Option<DateTime<Utc>>,
    /// `prompt=consent`: ask even if remembered.
    pub ask_consent: bool,
    /// `prompt=select_account`: let the person switch.
    pub choose_account: bool,
    /// When it stops waiting.
    pub expires_at: DateTime<Utc>,
}

impl Authorization {
    /// Whether the session is recent enough for this request.
    pub fn accepts(&self, session: &Session) -> bool {
        self.fresh_after
            .is_none_or(|after| session.authenticated_at >= after)
    }
}
