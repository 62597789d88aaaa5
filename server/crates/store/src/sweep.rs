//! Forgets what has expired and can mean nothing any more. Revocation marks stay as long as their family could.

use crate::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::sign_in::trusted_browser::MOST_DAYS;
use iam_types::WorkspaceId;

impl Store {
    /// Deletes expired global rows a day after their end.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sweep_global(&self, now: DateTime<Utc>, session_idle: TimeDelta) -> Result<(), StoreError> {
        let day_ago = now - TimeDelta::days(1);
        sqlx::query!(
            "DELETE FROM sessions WHERE expires_at < $1 OR last_seen_at < $2",
            now,
            now - session_idle
        )
        .execute(&self.pool)
        .await?;
        sqlx::query!("DELETE FROM magic_links WHERE expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM pending_sign_ins WHERE expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!(
            "DELETE FROM totp_credentials WHERE confirmed_at IS NULL AND new_since < $1",
            day_ago
        )
        .execute(&self.pool)
        .await?;
        sqlx::query!("DELETE FROM password_sign_ins WHERE finished_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM passkey_challenges WHERE expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM address_challenges WHERE expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM removed_addresses WHERE restorable_until < $1", now)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM outbox_mails WHERE (sent_at IS NOT NULL OR failed_at IS NOT NULL) AND expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        // None is trusted for longer.
        let trusted = now - TimeDelta::days(MOST_DAYS.into());
        sqlx::query!("DELETE FROM trusted_browsers WHERE trusted_at < $1", trusted)
            .execute(&self.pool)
            .await?;
        // Whatever became of it, the log tells.
        sqlx::query!("DELETE FROM recoveries WHERE expires_at < $1", day_ago)
            .execute(&self.pool)
            .await?;
        sqlx::query!("DELETE FROM kept_outcomes WHERE expires_at < $1", now)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Every workspace, for jobs that visit them one by one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn workspace_ids(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids =
            sqlx::query_scalar!("SELECT workspace_id FROM workspace_directory WHERE deleted_at IS NULL")
                .fetch_all(&self.pool)
                .await?;
        Ok(ids.into_iter().map(WorkspaceId::from_uuid).collect())
    }

    /// Deletes expired rows of one workspace.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sweep_workspace(&self, id: WorkspaceId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.in_workspace(id).await?;
        let day_ago = now - TimeDelta::days(1);
        sqlx::query!(
            "DELETE FROM authorizations WHERE workspace_id = $1 AND expires_at < $2",
            id.uuid(),
            day_ago
        )
        .execute(tx.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM connection_attempts WHERE workspace_id = $1 AND expires_at < $2",
            id.uuid(),
            day_ago
        )
        .execute(tx.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM token_grants WHERE workspace_id = $1 AND expires_at < $2",
            id.uuid(),
            day_ago
        )
        .execute(tx.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM invitations WHERE workspace_id = $1 AND expires_at < $2",
            id.uuid(),
            now - TimeDelta::days(30)
        )
        .execute(tx.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM join_requests WHERE workspace_id = $1 AND created_at < $2",
            id.uuid(),
            now - TimeDelta::days(90)
        )
        .execute(tx.conn())
        .await?;
        tx.finish().await
    }
}
