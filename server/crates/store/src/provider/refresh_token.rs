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
    /// Writes the family's next refresh token.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_refresh_token(
        &mut self,
        token: &UnusedRefreshToken,
        grant_id: GrantId,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO refresh_tokens (workspace_id, token_hash, grant_id, created_at, expires_at, retry_salt)
             VALUES ($1, $2, $3, $4, $5, $6)",
            workspace_id,
            token.token_hash.as_bytes(),
            grant_id.uuid(),
            now,
            expires_at,
            token.retry_salt.as_ref().map(<[u8; 32]>::as_slice)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Finds a refresh token and holds it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_refresh_token(
        &mut self,
        token_hash: &SecretHash,
    ) -> Result<Option<LockedRefreshToken>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        // As in `lock_code`.
        sqlx::query!(
            "SELECT g.id
             FROM token_grants g
             JOIN refresh_tokens t ON t.workspace_id = g.workspace_id AND t.grant_id = g.id
             WHERE t.workspace_id = $1 AND t.token_hash = $2
             FOR KEY SHARE OF g",
            workspace_id,
            token_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        let row = sqlx::query!(
            "SELECT grant_id, expires_at, used_at
             FROM refresh_tokens
             WHERE workspace_id = $1 AND token_hash = $2
             FOR UPDATE",
            workspace_id,
            token_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| LockedRefreshToken {
            grant_id: GrantId::from_uuid(row.grant_id),
            expires_at: row.expires_at,
            used_at: row.used_at,
        }))
    }

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

    /// Marks a locked refresh token as used. From then on nobody can derive it from the one before it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_refresh_token(
        &mut self,
        token_hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE refresh_tokens SET used_at = $3, retry_salt = NULL WHERE workspace_id = $1 AND token_hash = $2 AND used_at IS NULL",
            workspace_id,
            token_hash.as_bytes(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
