//! What is stored of a secret.

use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// The keyed hash of a secret. Compared in constant time only.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Wraps a hash.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Vec<u8>> for SecretHash {
    type Error = Vec<u8>;

    /// Fails for what has another length.
    fn try_from(stored: Vec<u8>) -> Result<Self, Vec<u8>> {
        stored.try_into().map(Self)
    }
}

impl ConstantTimeEq for SecretHash {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}
