//! Rotation of refresh tokens that a lost answer does not break (RFC 9700 4.14.2).
//!
//! A token that was just used is taken again while nobody has used its successor, and gives that same successor. Only its
//! hash is stored, so it is derived: from the token presented, which the database does not know either, and a salt that
//! goes away once the successor is used. A family therefore never has two tokens that work, however many ask at once.

use crate::core::{
    Core,
    secret::{Secret, SecretKind},
};
use iam_domain::provider::grant::may_be_retry;
use iam_store::provider::refresh_token::{RefreshToken, UnusedRefreshToken};
use subtle::ConstantTimeEq;

/// What becomes of a presented refresh token.
pub(super) enum Rotation {
    /// It is used now, and this follows.
    First(Successor),
    /// It was used a moment ago, and this followed.
    Again(Secret),
    /// It was used, and that was no retry.
    Reused,
}

/// A refresh token that is not stored yet.
pub(super) struct Successor {
    secret: Secret,
    row: UnusedRefreshToken,
}

impl Core {
    /// What becomes of a presented token, as it was read.
    pub(super) fn rotation(&self, presented: &str, token: &RefreshToken) -> Rotation {
        let derived = |salt: &[u8; 32]| {
            self.derived_secret(SecretKind::RefreshToken, &[salt.as_slice(), presented.as_bytes()])
        };
        let Some(used_at) = token.used_at else {
            let mut salt = [0; 32];
            self.deps.entropy.fill(&mut salt);
            return Rotation::First(Successor::new(derived(&salt), Some(salt)));
        };
        // Nodes that ran before this rule left no salt.
        let unused = token.successor.as_ref();
        let Some((unused, salt)) = unused.and_then(|unused| Some((unused, unused.retry_salt.as_ref()?)))
        else {
            return Rotation::Reused;
        };
        let secret = derived(salt);
        let is_successor = bool::from(secret.hash().ct_eq(&unused.token_hash));
        if is_successor && may_be_retry(used_at, self.now()) {
            Rotation::Again(secret)
        } else {
            Rotation::Reused
        }
    }

    /// A family's first refresh token.
    pub(super) fn first_refresh_token(&self) -> Successor {
        Successor::new(self.new_secret(SecretKind::RefreshToken), None)
    }
}

impl Successor {
    fn new(secret: Secret, retry_salt: Option<[u8; 32]>) -> Self {
        let row = UnusedRefreshToken {
            token_hash: *secret.hash(),
            retry_salt,
        };
        Self { secret, row }
    }

    /// What is stored of it, and the token for whoever gets it.
    pub(super) fn into_parts(self) -> (UnusedRefreshToken, Secret) {
        (self.row, self.secret)
    }
}
