//! Rotation of refresh tokens that a lost answer does not break (RFC 9700 4.14.2).
//!
//! A token that was just used is taken again while nobody has used its successor, and gives that same successor. Only its
//! hash is stored, so it is derived: from the token presented, which the database does not know either, and a salt that
//! goes away once the successor is used. A family therefore never has two tokens that work, however many ask at once.

use crate::{
    IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
};
use iam_domain::provider::grant::may_be_retry;
use iam_store::{
    WorkspaceTx,
    provider::refresh_token::{LockedRefreshToken, UnusedRefreshToken},
};
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
    /// Decides about a presented token and changes nothing.
    pub(super) async fn rotation(
        &self,
        tx: &mut WorkspaceTx,
        presented: &str,
        token: &LockedRefreshToken,
    ) -> Result<Rotation, IamError> {
        let Some(used_at) = token.used_at else {
            let mut salt = [0; 32];
            self.deps.entropy.fill(&mut salt);
            let secret = self.derived_secret(SecretKind::RefreshToken, &[&salt, presented.as_bytes()]);
            return Ok(Rotation::First(Successor::new(secret, Some(salt))));
        };
        if !may_be_retry(used_at, self.now()) {
            return Ok(Rotation::Reused);
        }
        let Some(unused) = tx.lock_unused_refresh_token(token.grant_id).await? else {
            return Ok(Rotation::Reused);
        };
        // Nodes that ran before this rule left no salt.
        let Some(salt) = unused.retry_salt else {
            return Ok(Rotation::Reused);
        };
        let secret = self.derived_secret(SecretKind::RefreshToken, &[&salt, presented.as_bytes()]);
        let is_successor = secret.hash().ct_eq(&unused.token_hash);
        Ok(if is_successor.into() {
            Rotation::Again(secret)
        } else {
            Rotation::Reused
        })
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

    /// What is stored of it.
    pub(super) const fn row(&self) -> &UnusedRefreshToken {
        &self.row
    }

    /// The token, for whoever gets it.
    pub(super) fn into_secret(self) -> Secret {
        self.secret
    }
}
