//! How the platform is.

use crate::{Store, StoreError};
use chrono::{DateTime, Utc};

/// How the platform is.
#[derive(Debug, Clone)]
pub struct Health {
    /// Version of PostgreSQL.
    pub server_version: String,
    /// Bytes of the database.
    pub size: i64,
    /// Workspaces that are not deleted.
    pub workspaces: i64,
    /// Those of them that are suspended.
    pub suspended: i64,
    /// People.
    pub people: i64,
    /// Sessions that are not past their absolute end.
    pub sessions: i64,
    /// Mails that wait.
    pub mails_waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest_mail: Option<DateTime<Utc>>,
    /// Mails that were given up.
    pub mails_failed: i64,
}

impl Store {
    /// How the platform is at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn health(&self, now: DateTime<Utc>) -> Result<Health, StoreError> {
        Ok(sqlx::query_as!(
            Health,
            r#"SELECT current_setting('server_version') AS "server_version!",
                      pg_database_size(current_database()) AS "size!",
                      (SELECT count(*) FROM workspace_directory WHERE deleted_at IS NULL) AS "workspaces!",
                      (SELECT count(*) FROM workspace_directory WHERE deleted_at IS NULL AND suspended_at IS NOT NULL) AS "suspended!",
                      (SELECT count(*) FROM users) AS "people!",
                      (SELECT count(*) FROM sessions WHERE expires_at > $1) AS "sessions!",
                      count(*) FILTER (WHERE m.sent_at IS NULL AND m.failed_at IS NULL) AS "mails_waiting!",
                      min(m.created_at) FILTER (WHERE m.sent_at IS NULL AND m.failed_at IS NULL) AS "oldest_mail",
                      count(*) FILTER (WHERE m.failed_at IS NOT NULL) AS "mails_failed!"
               FROM outbox_mails m"#,
            now
        )
        .fetch_one(&self.pool)
        .await?)
    }
}
