//! What people change of the addresses that they have, and how accounts end. The log knows an address by its pseudonym, so that none stays in it when
//! its person goes.

use super::Told;
use crate::audit::{Action, ChallengeRefusal};
use chrono::{DateTime, Utc};
use iam_types::{AddressChallengeId, UserId};
use serde_json::json;

impl Told {
    /// A person adds an address, which counts once it is verified.
    pub fn address_added(person: UserId, pseudonym: &str) -> Self {
        Self::about_address(Action::AddressAdded, person, pseudonym)
    }

    /// An address that a person adds was proved: it is theirs.
    pub fn address_verified(person: UserId, pseudonym: &str) -> Self {
        Self::about_address(Action::AddressVerified, person, pseudonym)
    }

    /// A code or link that was to prove an address was refused.
    pub fn address_refused(id: AddressChallengeId, refusal: ChallengeRefusal) -> Self {
        let detail = json!({ "reason": refusal.as_str() });
        Self::new(Action::AddressRefused, id, detail)
    }

    /// Another address of a person is the primary one.
    pub fn address_made_primary(person: UserId, from: &str, to: &str) -> Self {
        let detail = json!({ "address": { "from": from, "to": to } });
        Self::new(Action::AddressMadePrimary, person, detail)
    }

    /// A person took an address off their account.
    pub fn address_removed(person: UserId, pseudonym: &str) -> Self {
        Self::about_address(Action::AddressRemoved, person, pseudonym)
    }

    /// An address that a person took off their account was put back, by the mail that told of it.
    pub fn address_restored(person: UserId, pseudonym: &str) -> Self {
        Self::about_address(Action::AddressRestored, person, pseudonym)
    }

    /// A person wants their account deleted, which happens at `due`.
    pub fn user_ending(person: UserId, due: DateTime<Utc>) -> Self {
        Self::new(Action::UserEnding, person, json!({ "due": due }))
    }

    /// A person keeps the account that they wanted deleted.
    pub fn user_kept(person: UserId) -> Self {
        Self::bare(Action::UserKept, person)
    }

    /// Everything of a person was deleted. What is left is their identifier.
    pub fn user_deleted(person: UserId) -> Self {
        Self::bare(Action::UserDeleted, person)
    }

    /// A person chose in which language and by which clock they are spoken to; nothing stands for as it comes.
    pub fn user_preferring(person: UserId, locale: Option<&str>, time_zone: Option<&str>) -> Self {
        let detail = json!({ "locale": locale, "time_zone": time_zone });
        Self::new(Action::UserUpdated, person, detail)
    }

    fn about_address(action: Action, person: UserId, pseudonym: &str) -> Self {
        Self::new(action, person, json!({ "address": pseudonym }))
    }
}
