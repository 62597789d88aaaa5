//! Asking an address to join a workspace.

use crate::{email::Email, role::Standing};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ErrorCode, InvitationId, Permission, Role, UserId};
use std::collections::BTreeMap;

/// How long an invitation stands.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);
/// How many addresses one form takes.
pub const MOST_AT_ONCE: usize = 100;

/// An invitation that was neither accepted nor withdrawn.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// Who is asked.
    pub address: Email,
    /// As what they would join.
    pub role: Role,
    /// Who asks.
    pub invited_by: UserId,
    /// Primary address of who asks.
    pub inviter: String,
    /// When the last mail left for the outbox.
    pub sent_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// Whether it can be accepted at `now`.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether somebody who may do `inviter` now could still give it: it dies with that right.
    pub fn stands(&self, inviter: Option<Standing>) -> bool {
        inviter.is_some_and(|inviter| {
            inviter.allows(Permission::MemberInvite) && inviter.reaches(self.role.permissions())
        })
    }
}

/// Reads pasted addresses, one a line or separated by commas, semicolons or blanks, also as `Ada <ada@example.com>`.
/// Each comes once, in alphabetical order, so that two who invite the same people lock them in the same order.
///
/// # Errors
/// [`ErrorCode::InvalidEmail`] for anything that is no address, for none, and for more than [`MOST_AT_ONCE`].
pub fn parse_addresses(text: &str) -> Result<Vec<Email>, ErrorCode> {
    let mut addresses = BTreeMap::new();
    for part in text.split([',', ';', '\n', '\r']).map(str::trim) {
        let bracketed = part.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
        let words = bracketed.unwrap_or(part).split_whitespace();
        for word in words {
            let address: Email = word.parse()?;
            addresses.insert(address.to_string(), address);
        }
    }
    if (1..=MOST_AT_ONCE).contains(&addresses.len()) {
        Ok(addresses.into_values().collect())
    } else {
        Err(ErrorCode::InvalidEmail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_types::Permissions;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Vec<String> {
        let addresses = parse_addresses(text).unwrap();
        addresses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn addresses_are_read_as_people_paste_them() {
        let text =
            "Ada Lovelace <Ada@Example.com>; grace@example.com,\r\n alan@example.com\tADA@example.com\n\n";
        assert_eq!(
            parsed(text),
            ["ada@example.com", "alan@example.com", "grace@example.com"]
        );
    }

    #[test]
    fn one_wrong_address_refuses_the_whole_form() {
        for text in [
            "",
            " ,;\n",
            "ada@example.com, grace",
            "Ada <ada@example.com> x",
            "a@b@c",
        ] {
            assert!(parse_addresses(text).is_err(), "{text}");
        }
        let many: String = (0..=MOST_AT_ONCE)
            .map(|n| format!("p{n}@example.com\n"))
            .collect();
        assert!(parse_addresses(&many).is_err());
    }

    #[test]
    fn an_invitation_dies_with_the_right_to_give_it() {
        let invitation = Invitation {
            id: "inv_00000000000000000000000000000001".parse().unwrap(),
            address: "ada@example.com".parse().unwrap(),
            role: Role::Admin,
            invited_by: "usr_00000000000000000000000000000001".parse().unwrap(),
            inviter: String::new(),
            sent_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH + LIFETIME,
        };
        let plain = |role| Some(Standing::new(role, Permissions::NONE));
        assert!(invitation.stands(plain(Role::Admin)) && invitation.stands(plain(Role::Owner)));
        for gone in [None, plain(Role::Member), plain(Role::Auditor)] {
            assert!(!invitation.stands(gone));
        }
        let owner = Invitation {
            role: Role::Owner,
            ..invitation.clone()
        };
        assert!(!owner.stands(plain(Role::Admin)));
        assert!(invitation.is_open(invitation.expires_at - TimeDelta::milliseconds(1)));
        assert!(!invitation.is_open(invitation.expires_at));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_again_the_same(names in proptest::collection::vec("[a-z]{1,8}", 1..20)) {
            let text: Vec<String> = names.iter().map(|name| format!("{name}@example.com")).collect();
            let once = parsed(&text.join(" "));
            prop_assert_eq!(parsed(&once.join(", ")), once);
        }
    }
}
