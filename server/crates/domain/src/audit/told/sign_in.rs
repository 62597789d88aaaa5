//! Signing in and out, and what people change of their own.

use super::Told;
use crate::{audit::Action, core::visible::TextLine};
use iam_types::{
    EmailChallengeId, PasskeyChallengeId, PasskeyId, PictureId, SessionId, TrustedBrowserId, UserId,
};
use serde_json::json;
use uuid::Uuid;

/// Why a link or code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeRefusal {
    /// The digits are others.
    WrongCode,
    /// It was asked for at another host.
    OtherOrigin,
    /// It was asked for in another browser.
    OtherBrowser,
}

impl ChallengeRefusal {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongCode => "wrong_code",
            Self::OtherOrigin => "other_origin",
            Self::OtherBrowser => "other_browser",
        }
    }
}

/// Why a passkey's answer was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// It is not what was asked for: another origin, nobody verified, a signature that is wrong.
    Invalid,
    /// Nobody has this passkey.
    Unknown,
    /// Its counter went backwards: there may be a copy.
    Suspected,
    /// Its person ended all that let them in after this sign-in began.
    Void,
}

impl PasskeyRefusal {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unknown => "unknown",
            Self::Suspected => "suspected",
            Self::Void => "void",
        }
    }
}

/// Which second factor was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorRefusal {
    /// Digits of an authenticator app, or something that is none.
    Code,
    /// A recovery code.
    RecoveryCode,
}

impl FactorRefusal {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// Who ended all that let a person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The person.
    ByPerson,
    /// The person, by a mail that told them of a sign-in that was not theirs.
    ByMail,
    /// The person, who came back by a recovery.
    ByRecovery,
    /// An operator.
    ByOperator,
}

impl Told {
    /// A sign-in mail was asked for; the log knows the address's pseudonym.
    pub fn magic_link_requested(id: EmailChallengeId, pseudonym: &str) -> Self {
        Self::new(Action::MagicLinkRequested, id, json!({ "address": pseudonym }))
    }

    /// A link or code was refused.
    pub fn magic_link_refused(id: EmailChallengeId, refusal: ChallengeRefusal) -> Self {
        let detail = json!({ "reason": refusal.as_str() });
        Self::new(Action::MagicLinkRefused, id, detail)
    }

    /// A passkey was added, by an authenticator that says it is of the model `aaguid`, and may have shown it.
    pub fn passkey_added(id: PasskeyId, name: &str, aaguid: Uuid, attested: bool, synced: bool) -> Self {
        let detail = json!({ "name": name, "aaguid": aaguid, "attested": attested, "synced": synced });
        Self::new(Action::PasskeyAdded, id, detail)
    }

    /// A passkey was renamed.
    pub fn passkey_renamed(id: PasskeyId, from: &str, to: &str) -> Self {
        let detail = json!({ "name": { "from": from, "to": to } });
        Self::new(Action::PasskeyUpdated, id, detail)
    }

    /// A passkey was taken off its account.
    pub fn passkey_removed(id: PasskeyId, name: &str) -> Self {
        Self::new(Action::PasskeyRemoved, id, json!({ "name": name }))
    }

    /// A passkey of `person` signs in no more, since there may be a copy.
    pub fn passkey_blocked(person: UserId, id: PasskeyId, name: &str) -> Self {
        let detail = json!({ "passkey": id, "name": name });
        Self::new(Action::PasskeyBlocked, person, detail)
    }

    /// A passkey's answer was refused.
    pub fn passkey_refused(id: PasskeyChallengeId, refusal: PasskeyRefusal) -> Self {
        let detail = json!({ "reason": refusal.as_str() });
        Self::new(Action::PasskeyRefused, id, detail)
    }

    /// A person's authenticator app was confirmed; `again` where another was before it.
    pub fn totp_confirmed(id: UserId, again: bool) -> Self {
        Self::new(Action::TotpConfirmed, id, json!({ "again": again }))
    }

    /// A person's authenticator app was taken off, with their recovery codes.
    pub fn totp_removed(id: UserId) -> Self {
        Self::bare(Action::TotpRemoved, id)
    }

    /// A person got so many recovery codes, in place of those before.
    pub fn recovery_codes_created(id: UserId, count: usize) -> Self {
        Self::new(Action::RecoveryCodesCreated, id, json!({ "count": count }))
    }

    /// A recovery code of a person was used; so many are left.
    pub fn recovery_code_used(id: UserId, left: usize) -> Self {
        Self::new(Action::RecoveryCodeUsed, id, json!({ "left": left }))
    }

    /// A person trusts a browser for so many days.
    pub fn browser_trusted(person: UserId, id: TrustedBrowserId, days: i32) -> Self {
        let detail = json!({ "browser": id, "days": days });
        Self::new(Action::BrowserTrusted, person, detail)
    }

    /// A trusted browser stood for the second factor of a sign-in.
    pub fn browser_trust_used(person: UserId, id: TrustedBrowserId) -> Self {
        Self::new(Action::BrowserTrustUsed, person, json!({ "browser": id }))
    }

    /// A person trusts so many browsers no more.
    pub fn browser_forgotten(person: UserId, browsers: u64) -> Self {
        Self::new(Action::BrowserForgotten, person, json!({ "browsers": browsers }))
    }

    /// A second factor of a person was refused.
    pub fn second_factor_refused(id: UserId, refusal: FactorRefusal) -> Self {
        let detail = json!({ "reason": refusal.as_str() });
        Self::new(Action::SecondFactorRefused, id, detail)
    }

    /// A person came into being.
    pub fn user_created(id: UserId) -> Self {
        Self::bare(Action::UserCreated, id)
    }

    /// A person changed what they are called.
    pub fn user_renamed(id: UserId, from: &str, to: &str) -> Self {
        let detail = json!({ "name": { "from": from, "to": to } });
        Self::new(Action::UserUpdated, id, detail)
    }

    /// A person has this picture, or none.
    pub fn user_pictured(id: UserId, picture: Option<PictureId>) -> Self {
        Self::new(Action::UserUpdated, id, json!({ "picture": picture }))
    }

    /// A person took out everything that is kept of them.
    pub fn user_exported(id: UserId) -> Self {
        Self::bare(Action::UserExported, id)
    }

    /// A browser signed in, or signed in anew within a session.
    pub fn session_created(id: SessionId, amr: &[String], renewed: bool) -> Self {
        let detail = json!({ "amr": amr, "renewed": renewed });
        Self::new(Action::SessionCreated, id, detail)
    }

    /// A session ended: the `own` one of the browser that asked, or another of the person's.
    pub fn session_ended(id: SessionId, own: bool) -> Self {
        Self::new(Action::SessionEnded, id, json!({ "own": own }))
    }

    /// So many sessions of a person ended, all but that of the browser that asked.
    pub fn other_sessions_ended(id: UserId, sessions: u64) -> Self {
        Self::new(Action::SessionEnded, id, json!({ "others": sessions }))
    }

    /// So many sessions of a person ended, those that were not used for the longest, since they signed in in one browser more than may be.
    pub fn oldest_sessions_ended(id: UserId, sessions: i64) -> Self {
        Self::new(Action::SessionEnded, id, json!({ "oldest": sessions }))
    }

    /// An operator ended one session of a person.
    pub fn session_ended_by_operator(id: UserId, session: SessionId, reason: &TextLine) -> Self {
        let detail = json!({ "by": "operator", "session": session, "reason": reason.as_str() });
        Self::new(Action::SessionEnded, id, detail)
    }

    /// All that let a person in ended everywhere.
    pub fn sessions_ended(id: UserId, by: Ended) -> Self {
        let detail = match by {
            Ended::ByPerson => json!({ "everywhere": true }),
            Ended::ByMail => json!({ "everywhere": true, "by": "mail" }),
            Ended::ByRecovery => json!({ "everywhere": true, "by": "recovery" }),
            Ended::ByOperator => json!({ "by": "operator" }),
        };
        Self::new(Action::SessionEnded, id, detail)
    }

    /// With that, so many families of tokens ended in one workspace.
    pub fn grants_ended(id: UserId, by: Ended, families: u64) -> Self {
        let by = match by {
            Ended::ByPerson | Ended::ByMail | Ended::ByRecovery => "person",
            Ended::ByOperator => "operator",
        };
        let detail = json!({ "by": by, "families": families });
        Self::new(Action::GrantRevoked, id, detail)
    }
}
