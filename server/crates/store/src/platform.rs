//! What operators decide for all, whom they see, and how the platform is.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    platform::ceilings::Ceilings,
    workspaces::workspace::{Admission, Creation},
};
use iam_types::UserId;

/// What operators decide for all.
#[derive(Debug, Clone, Copy)]
pub struct PlatformSettings {
    /// Who may create workspaces.
    pub creation: Creation,
    /// Who may sign in to a new workspace's apps.
    pub default_admission: Admission,
    /// How far any workspace may go.
    pub ceilings: Ceilings,
}

/// A person as operators see them.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    /// Which one.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

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
    /// What operators decide for all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn platform_settings(&self) -> Result<PlatformSettings, StoreError> {
        let row = sqlx::query!(
            "SELECT workspace_creation, default_admission, members_ceiling, apps_ceiling, sign_in_ceiling
             FROM platform_settings"
        )
        .fetch_one(&self.pool)
        .await?;
        let inconsistent = |_| StoreError::Inconsistent("platform_settings");
        Ok(PlatformSettings {
            creation: row.workspace_creation.parse().map_err(inconsistent)?,
            default_admission: row.default_admission.parse().map_err(inconsistent)?,
            ceilings: Ceilings {
                members: row.members_ceiling,
                apps: row.apps_ceiling,
                sign_in_secs: row.sign_in_ceiling,
            },
        })
    }

    /// At most `limit` people whose name or an address of whom contains `search`, by primary address, from behind `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn people(
        &self,
        search: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<KnownPerson>, StoreError> {
        let rows = sqlx::query!(
            "SELECT u.id, e.address, u.display_name, u.created_at, u.disabled_at
             FROM user_emails e
             JOIN users u ON u.id = e.user_id
             WHERE e.is_primary AND e.address > $2
               AND (strpos(e.address, lower($1)) > 0 OR strpos(lower(u.display_name), lower($1)) > 0)
             ORDER BY e.address
             LIMIT $3",
            search,
            after,
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| KnownPerson {
                id: UserId::from_uuid(row.id),
                email: row.address,
                display_name: row.display_name,
                created_at: row.created_at,
                disabled_at: row.disabled_at,
            })
            .collect())
    }

    /// One person, disabled or not.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn known_person(&self, id: UserId) -> Result<Option<KnownPerson>, StoreError> {
        let row = sqlx::query!(
            "SELECT e.address, u.display_name, u.created_at, u.disabled_at
             FROM users u
             JOIN user_emails e ON e.user_id = u.id AND e.is_primary
             WHERE u.id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| KnownPerson {
            id,
            email: row.address,
            display_name: row.display_name,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }))
    }

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

impl WorkspaceTx {
    /// Sets what operators decide for all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_platform_settings(&mut self, settings: PlatformSettings) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE platform_settings
             SET workspace_creation = $1, default_admission = $2, members_ceiling = $3, apps_ceiling = $4, sign_in_ceiling = $5",
            settings.creation.as_str(),
            settings.default_admission.as_str(),
            settings.ceilings.members,
            settings.ceilings.apps,
            settings.ceilings.sign_in_secs
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Lets a person sign in no more, or lets them in again. False when nothing changes.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_disabled(&mut self, id: UserId, at: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE users SET disabled_at = $2 WHERE id = $1 AND (disabled_at IS NULL) <> ($2::timestamptz IS NULL)",
            id.uuid(),
            at
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
