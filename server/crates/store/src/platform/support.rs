//! When a workspace lets the operator's support in, and who of it came.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::core::visible::TextLine;
use iam_types::{UserId, WindowId};

/// A time during which support may look.
#[derive(Debug, Clone)]
pub struct SupportAccess {
    /// Which one.
    pub id: WindowId,
    /// Why it was opened.
    pub reason: String,
    /// Primary address of who opened it.
    pub opened_by: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// The window that is open at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn support_access(&mut self, now: DateTime<Utc>) -> Result<Option<SupportAccess>, StoreError> {
        let id = self.workspace_id.uuid();
        let row = sqlx::query!(
            "SELECT w.id, w.reason, e.address, w.expires_at
             FROM support_windows w
             JOIN user_emails e ON e.user_id = w.opened_by AND e.is_primary
             WHERE w.workspace_id = $1 AND w.closed_at IS NULL AND w.expires_at > $2",
            id,
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| SupportAccess {
            id: WindowId::from_uuid(row.id),
            reason: row.reason,
            opened_by: row.address,
            expires_at: row.expires_at,
        }))
    }

    /// Opens a window in place of any other.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_support_window(
        &mut self,
        id: WindowId,
        by: UserId,
        reason: &TextLine,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.close_support_window(now).await?;
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO support_windows (workspace_id, id, opened_by, reason, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            workspace_id,
            id.uuid(),
            by.uuid(),
            reason.as_str(),
            now,
            expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Closes the window; false when none was open at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close_support_window(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let open = sqlx::query_scalar!(
            r#"UPDATE support_windows SET closed_at = $2 WHERE workspace_id = $1 AND closed_at IS NULL
               RETURNING expires_at > $2 AS "open!""#,
            id,
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(open.unwrap_or(false))
    }

    /// Writes down that somebody came in through a window; false when that stands there already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_support_visit(
        &mut self,
        window: WindowId,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "INSERT INTO support_visits (workspace_id, window_id, user_id, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            id,
            window.uuid(),
            user_id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Who came in through a window, by address, and when first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn support_visits(
        &mut self,
        window: WindowId,
    ) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT coalesce(e.address, '') AS "address!", v.created_at
             FROM support_visits v
             LEFT JOIN user_emails e ON e.user_id = v.user_id AND e.is_primary
             WHERE v.workspace_id = $1 AND v.window_id = $2
             ORDER BY v.created_at"#,
            id,
            window.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.address, row.created_at))
            .collect())
    }
}
