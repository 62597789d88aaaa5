//! The refresh tokens that carry a family on.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::core::secret_hash::SecretHash;
use iam_types::GrantId;

/// A refresh token, locked for the rest of the transaction.
#[derive(Debug)]
pub struct LockedRefreshToken {
    /// Its family.
    pub grant_id: GrantId,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was rotated.
    pub used_at: Option<DateTime<Utc>>,
}

/// A family's refresh token that has not been used, locked for the rest of the transaction.
#[derive(Debug)]
pub struct UnusedRefreshToken {
    /// The hash of the token.
    pub token_hash: SecretHash,
    /// What it was derived with from the token before it; nothing for a family's first.
    pub retry_salt: Option<[u8; 32]>,
}

impl WorkspaceTx {
    /// Finds the one token of a family that has not been used, and holds it. Take the lock of the older token first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_unused_refresh_token(
        &mut self,
        grant_id: GrantId,
    ) -> Result<Option<UnusedRefreshToken>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            "SELECT token_hash, retry_salt
             FROM refresh_tokens
             WHERE workspace_id = $1 AND grant_id = $2 AND used_at IS NULL
             FOR UPDATE",
            workspace_id,
            grant_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        let inconsistent = |_| StoreError::Inconsistent("refresh_tokens");
        row.map(|row| {
            Ok(UnusedRefreshToken {
                token_hash: row.token_hash.try_into().map_err(inconsistent)?,
                retry_salt: row
                    .retry_salt
                    .map(TryInto::try_into)
                    .transpose()
                    .map_err(inconsistent)?,
            })
        })
        .transpose()
    }

    /// Marks a locked refresh token as used and writes the one that follows it. From then on nobody can derive the first from
    /// the one before it.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it was not locked; [`StoreError::Database`].
    pub async fn rotate_refresh_token(
        &mut self,
        used: &SecretHash,
        next: &UnusedRefreshToken,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "WITH used AS (
                 UPDATE refresh_tokens SET used_at = $3, retry_salt = NULL
                 WHERE workspace_id = $1 AND token_hash = $2 AND used_at IS NULL
                 RETURNING grant_id
             )
             INSERT INTO refresh_tokens (workspace_id, token_hash, grant_id, created_at, expires_at, retry_salt)
             SELECT $1, $4, grant_id, $3, $5, $6 FROM used",
            workspace_id,
            used.as_bytes(),
            now,
            next.token_hash.as_bytes(),
            expires_at,
            next.retry_salt.as_ref().map(<[u8; 32]>::as_slice)
        )
        .execute(self.conn())
        .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Inconsistent("refresh_tokens"))
        }
    }
}
