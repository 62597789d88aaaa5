//! How accounts end.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_types::UserId;

impl Store {
    /// The people whose accounts end at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn due_accounts(&self, now: DateTime<Utc>) -> Result<Vec<UserId>, StoreError> {
        let ids = sqlx::query_scalar!(
            "SELECT id FROM users WHERE deletion_due_at <= $1 ORDER BY id",
            now
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(UserId::from_uuid).collect())
    }
}

impl WorkspaceTx {
    /// Announces that a person's account ends at `due`. False when that is so already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_account(&mut self, id: UserId, due: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE users SET deletion_due_at = $2 WHERE id = $1 AND deletion_due_at IS NULL",
            id.uuid(),
            due
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes back that a person's account ends. False when it does not, or when it is too late.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_account(&mut self, id: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE users SET deletion_due_at = NULL WHERE id = $1 AND deletion_due_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether nobody would be left who can look after this workspace if `person` went. One that is suspended or ends is
    /// looked after by operators, or by nobody any more. Holds the workspace's row, as everybody does who takes an owner away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn needs_as_owner(&mut self, person: UserId) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let left = self.has_able_owner(Some(person)).await?;
        let open = sqlx::query_scalar!(
            r#"SELECT suspended_at IS NULL AND delete_after IS NULL AND deleted_at IS NULL AS "open!"
               FROM workspace_directory WHERE workspace_id = $1"#,
            workspace_id
        )
        .fetch_one(self.conn())
        .await?;
        Ok(open && !left)
    }

    /// Holds a person whose account ends at `now`. False when it does not, or when another node was faster.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_due_account(&mut self, id: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let held = sqlx::query_scalar!(
            r#"SELECT 1 AS "one!" FROM users WHERE id = $1 AND deletion_due_at <= $2 FOR UPDATE"#,
            id.uuid(),
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(held.is_some())
    }

    /// Deletes a person, with what hangs on them and is no workspace's: addresses, sessions, passkeys, requests to join.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM users WHERE id = $1", id.uuid())
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
