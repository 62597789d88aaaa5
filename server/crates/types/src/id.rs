//! Typed identifiers: a UUIDv7 that prints with a prefix, so that one kind can never be taken for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// The text is no identifier of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a {0} identifier")]
pub struct InvalidId(pub &'static str);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix that the printed form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a stored value.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The stored value.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .filter(|hex| hex.len() == 32 && !hex.bytes().any(|b| b.is_ascii_uppercase()))
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(InvalidId($prefix))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )*};
}

ids! {
    /// A person.
    UserId = "usr";
    /// A workspace.
    WorkspaceId = "ws";
    /// A signed-in browser.
    SessionId = "ses";
    /// A provider through which people sign in.
    ConnectionId = "con";
    /// A sign-in under way at a provider.
    ConnectionAttemptId = "coa";
    /// A passkey.
    PasskeyId = "pk";
    /// What an authenticator is asked to sign.
    PasskeyChallengeId = "pkc";
    /// A sign-in that waits for a second factor.
    PendingSignInId = "psi";
    /// A recovery of somebody who lost their second factors.
    RecoveryId = "rcv";
    /// A browser in which a person is not asked for a second factor.
    TrustedBrowserId = "tbr";
    /// An app; its printed form is the `client_id`.
    AppId = "app";
    /// One of an app's secrets.
    SecretId = "sec";
    /// An authorization request under way.
    AuthorizationId = "agr";
    /// A family of tokens.
    GrantId = "grt";
    /// A sign-in challenge sent by mail.
    EmailChallengeId = "mlk";
    /// A mail in the outbox.
    MailId = "mail";
    /// A signing key; its printed form is the `kid`.
    KeyId = "key";
    /// An invitation to join a workspace.
    InvitationId = "inv";
    /// A role of a workspace's own making.
    RoleId = "rol";
    /// A group of members.
    GroupId = "grp";
    /// A workspace's logo.
    LogoId = "lgo";
    /// A person's picture.
    PictureId = "pic";
    /// A time during which support may look.
    WindowId = "win";
    /// An audit event.
    EventId = "evt";
    /// An address that a person adds.
    AddressChallengeId = "adc";
    /// An address that a person removed.
    RemovedAddressId = "adr";
}

impl WorkspaceId {
    /// The platform itself: sign-ins that belong to no workspace are audited here.
    pub const PLATFORM: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_identifier_survives_printing_and_parsing() {
        let id = UserId::from_uuid(Uuid::from_u128(42));
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_identifier_of_another_kind_is_refused() {
        let session = SessionId::from_uuid(Uuid::from_u128(42)).to_string();
        assert!(session.parse::<UserId>().is_err());
        assert!("usr_42".parse::<UserId>().is_err());
        assert!("usr_0000000000000000000000000000002A".parse::<UserId>().is_err());
    }

    proptest! {
        #[test]
        fn each_identifier_has_one_spelling(text in "(app|usr)_[0-9a-fA-F-]{30,38}", bits in any::<u128>()) {
            if let Ok(id) = text.parse::<AppId>() {
                prop_assert_eq!(id.to_string(), text);
            }
            let id = AppId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
