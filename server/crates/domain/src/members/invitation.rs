//! Asking an address to join a workspace.

use crate::{access::role::EffectiveAccess, account::email::Email};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{InvitationId, Permission, Role, UserId};

/// How long an invitation stands.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);

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

/// Whether an invitation leads in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Whoever is asked can accept it.
    Open,
    /// It is too late.
    Expired,
    /// Who gave it could not give it any more.
    Void,
}

impl Invitation {
    /// Whether it leads in at `now`, when who gave it may do `inviter`: nothing, if they are no member or may not sign in.
    pub fn standing(&self, inviter: Option<EffectiveAccess>, now: DateTime<Utc>) -> Standing {
        if !self.stands(inviter) {
            Standing::Void
        } else if self.is_open(now) {
            Standing::Open
        } else {
            Standing::Expired
        }
    }

    /// Whether it can be accepted at `now`.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether somebody who may do `inviter` now could still give it: it dies with that right.
    pub fn stands(&self, inviter: Option<EffectiveAccess>) -> bool {
        inviter.is_some_and(|inviter| {
            inviter.allows(Permission::MemberInvite) && inviter.covers(self.role.permissions())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_types::Permissions;

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
        let plain = |role| Some(EffectiveAccess::new(role, Permissions::NONE));
        assert!(invitation.stands(plain(Role::Admin)) && invitation.stands(plain(Role::Owner)));
        for gone in [None, plain(Role::Member), plain(Role::Auditor)] {
            assert!(!invitation.stands(gone));
        }
        let owner = Invitation {
            role: Role::Owner,
            ..invitation.clone()
        };
        assert!(!owner.stands(plain(Role::Admin)));
        let admin = plain(Role::Admin);
        let ends = invitation.expires_at;
        assert_eq!(invitation.standing(admin, DateTime::UNIX_EPOCH), Standing::Open);
        assert_eq!(invitation.standing(admin, ends), Standing::Expired);
        assert_eq!(invitation.standing(None, DateTime::UNIX_EPOCH), Standing::Void);
        assert!(invitation.is_open(invitation.expires_at - TimeDelta::milliseconds(1)));
        assert!(!invitation.is_open(invitation.expires_at));
    }
}
