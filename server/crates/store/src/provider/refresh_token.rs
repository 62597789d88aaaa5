//! The refresh tokens that carry a family on.

use crate::{Store, StoreError, audit::event::Events};
use chrono::{DateTime, Utc};
use iam_domain::core::secret_hash::SecretHash;
use iam_types::{GrantId, WorkspaceId};

/// A refresh token.
#[derive(Debug)]
pub struct RefreshToken {
    /// Its family.
    pub grant_id: GrantId,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// The one that followed it, while that waits to be used.
    pub successor: Option<UnusedRefreshToken>,
}

/// A family's refresh token that has not been used.
#[derive(Debug)]
pub struct UnusedRefreshToken {
    /// The hash of the token.
    pub token_hash: SecretHash,
    /// What it was derived with from the token before it; nothing for a family's first.
    pub retry_salt: Option<[u8; 32]>,
}

impl UnusedRefreshToken {
    pub(super) fn salt(&self) -> Option<&[u8]> {
        self.retry_salt.as_ref().map(<[u8; 32]>::as_slice)
    }
}

/// A use of what stands for a family.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    /// Where.
    pub workspace: WorkspaceId,
    /// The family.
    pub grant: GrantId,
    /// The hash of what is used.
    pub hash: &'a SecretHash,
    /// When.
    pub at: DateTime<Utc>,
    /// When the refresh token that follows stops working.
    pub next_ends: DateTime<Utc>,
}

impl Store {
    /// Uses a refresh token, writes the one that follows it, and tells the log. False when somebody used it before, or ended its
    /// family: then nothing was done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rotate_refresh_token(
        &self,
        used: Use<'_>,
        next: &UnusedRefreshToken,
        events: Events,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query_scalar!(
            "VALUES (rooiam_rotate_refresh_token($1, $2, $3, $4, $5, $6, $7, $8))",
            used.workspace.uuid(),
            used.grant.uuid(),
            used.hash.as_bytes(),
            next.token_hash.as_bytes(),
            next.salt(),
            used.at,
            used.next_ends,
            events.into_json()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(done.unwrap_or_default())
    }

    /// Tells the log that a family was given its unused refresh token once more. False when that was used, or its family ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn repeat_refresh(
        &self,
        workspace: WorkspaceId,
        grant: GrantId,
        unused: &SecretHash,
        events: Events,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query_scalar!(
            "VALUES (rooiam_repeat_refresh($1, $2, $3, $4))",
            workspace.uuid(),
            grant.uuid(),
            unused.as_bytes(),
            events.into_json()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(done.unwrap_or_default())
    }
}
