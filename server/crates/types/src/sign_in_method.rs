//! By what a sign-in begins.

use serde::{Deserialize, Serialize};

/// What proves first who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// A link or code that was mailed to them.
    Email,
    /// A passkey.
    Passkey,
    /// Another provider that signed them in.
    Connection,
    /// A password.
    Password,
}

impl SignInMethod {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Email, Self::Passkey, Self::Connection, Self::Password];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Passkey => "passkey",
            Self::Connection => "connection",
            Self::Password => "password",
        }
    }

    /// The method of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

/// Some of the methods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInMethods(u8);

impl SignInMethods {
    /// Whether `method` is one of them.
    pub const fn contains(self, method: SignInMethod) -> bool {
        self.0 & Self::bit(method) != 0
    }

    /// These and those.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// These one by one.
    pub fn iter(self) -> impl Iterator<Item = SignInMethod> {
        SignInMethod::ALL
            .into_iter()
            .filter(move |method| self.contains(*method))
    }

    const fn bit(method: SignInMethod) -> u8 {
        1 << method as u8
    }
}

impl FromIterator<SignInMethod> for SignInMethods {
    fn from_iter<I: IntoIterator<Item = SignInMethod>>(methods: I) -> Self {
        Self(
            methods
                .into_iter()
                .fold(0, |bits, method| bits | Self::bit(method)),
        )
    }
}
