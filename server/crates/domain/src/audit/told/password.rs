//! Passwords.

use super::Told;
use crate::audit::Action;
use iam_types::UserId;
use serde_json::json;

/// Why a password signs in no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordSpent {
    /// Those who guess know it.
    Breached,
}

impl PasswordSpent {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breached => "breached",
        }
    }
}

/// Why a sign-in by password was refused, for who may read the log. Whoever tries is told the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Address and password do not go together.
    Wrong,
    /// They do, but the password signs nobody in any more.
    Spent,
}

impl PasswordRefusal {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Spent => "spent",
        }
    }
}

impl Told {
    /// A person chose a password; `again` where another was before it. So many other sessions ended with that.
    pub fn password_set(id: UserId, again: bool, ended: u64) -> Self {
        Self::new(
            Action::PasswordSet,
            id,
            json!({ "again": again, "others": ended }),
        )
    }

    /// A person's password came with a file, hashed by a method of this name.
    pub fn password_imported(id: UserId, method: &str) -> Self {
        Self::new(Action::PasswordImported, id, json!({ "method": method }))
    }

    /// A person's password signs in no more, until they choose another.
    pub fn password_spent(id: UserId, why: PasswordSpent) -> Self {
        Self::new(Action::PasswordSpent, id, json!({ "reason": why.as_str() }))
    }

    /// A person's password was taken off. So many other sessions ended with that.
    pub fn password_removed(id: UserId, ended: u64) -> Self {
        Self::new(Action::PasswordRemoved, id, json!({ "others": ended }))
    }

    /// A sign-in by password was refused; the log knows the address's pseudonym.
    pub fn password_refused(pseudonym: &str, refusal: PasswordRefusal) -> Self {
        Self::new(
            Action::PasswordRefused,
            pseudonym,
            json!({ "reason": refusal.as_str() }),
        )
    }
}
