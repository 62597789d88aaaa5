//! An app's authorization request between the authorize endpoint and the person's decision.

use crate::{
    provider::scope::Scopes,
    sign_in::{assurance::Assurance, decision::Wanted, policy::SignInPolicy, session::Session},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{AppId, AuthorizationId, SessionId, UserId};

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
    /// The only person who may answer it (`id_token_hint`).
    pub hinted: Option<UserId>,
    /// The sign-in must be at or after this (`prompt=login`, `max_age`).
    pub fresh_after: Option<DateTime<Utc>>,
    /// How sure of the person the app is to be (`acr_values`).
    pub assurance: Assurance,
    /// `prompt=consent`: ask even if remembered.
    pub ask_consent: bool,
    /// `prompt=select_account`: let the person switch.
    pub choose_account: bool,
    /// When it stops waiting.
    pub expires_at: DateTime<Utc>,
    /// How it was answered, once it was.
    pub answer: Option<Answer>,
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The session that answered.
    pub session_id: SessionId,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the person refused.
    pub denied: bool,
}

impl Authorization {
    /// What it asks of a sign-in in a workspace with this policy. Choosing an account means a sign-in after the request, be
    /// it the same person again.
    pub fn wanted(&self, policy: SignInPolicy) -> Wanted {
        let chosen_after = self.choose_account.then(|| self.asked_at());
        Wanted {
            policy,
            assurance: self.assurance,
            after: self.fresh_after.max(chosen_after),
            person: self.hinted,
        }
    }

    /// Whether somebody other than the hinted person signed in for it: then they have chosen, and asking again leads nowhere.
    pub fn is_declined_by(&self, session: &Session) -> bool {
        self.hinted.is_some_and(|person| session.user_id != person)
            && session.authenticated_at >= self.asked_at()
    }

    /// Whether it still waits for an answer.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.answer.is_none() && now < self.expires_at
    }

    /// What this session answered just now, so that its browser may ask for it again.
    pub fn repeatable(&self, session: &Session, now: DateTime<Utc>) -> Option<Answer> {
        self.answer
            .filter(|answer| answer.session_id == session.id && now - answer.at < CODE_LIFETIME)
    }

    fn asked_at(&self) -> DateTime<Utc> {
        self.expires_at - LIFETIME
    }
}
