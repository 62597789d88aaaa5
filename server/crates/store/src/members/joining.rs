//! Who could join a workspace by an address of theirs, and who asks to.

use crate::{StoreError, UserTx, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::domains::domain_name::Joining;
use iam_types::{Slug, UserId};

/// A workspace that a person could join.
#[derive(Debug, Clone)]
pub struct Reachable {
    /// Its address.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// How, by an address of theirs.
    pub joining: Joining,
    /// Whether they have asked already.
    pub asked: bool,
}

/// Somebody who asks to join.
#[derive(Debug, Clone)]
pub struct JoinRequest {
    /// Who.
    pub user_id: UserId,
    /// Their primary address.
    pub email: String,
    /// Their display name, empty when never given.
    pub display_name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What a workspace's domain lets people do; nobody, where there is none.
pub(crate) fn joining(stored: Option<String>) -> Result<Joining, StoreError> {
    match stored {
        Some(text) => text
            .parse()
            .map_err(|_| StoreError::Inconsistent("workspace_domains")),
        None => Ok(Joining::Nobody),
    }
}

impl UserTx {
    /// Workspaces that the person is no member of and could join, or has asked to join.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reachable_workspaces(&mut self) -> Result<Vec<Reachable>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT d.slug, w.name,
                      coalesce((SELECT x.joining FROM workspace_domains x WHERE x.workspace_id = w.id
                                ORDER BY x.joining = 'requests' LIMIT 1), 'nobody') AS "joining!",
                      EXISTS (SELECT 1 FROM join_requests r WHERE r.workspace_id = w.id AND r.user_id = $1) AS "asked!"
               FROM workspaces w
               JOIN workspace_directory d ON d.workspace_id = w.id
               WHERE w.id IN (SELECT x.workspace_id FROM workspace_domains x UNION SELECT r.workspace_id FROM join_requests r)
                 AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.workspace_id = w.id AND m.user_id = $1)
                 AND d.suspended_at IS NULL AND d.delete_after IS NULL
               ORDER BY lower(w.name), w.id
               LIMIT 50"#,
            self.user_id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Reachable {
                    slug: row
                        .slug
                        .parse()
                        .map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
                    name: row.name,
                    joining: row
                        .joining
                        .parse()
                        .map_err(|_| StoreError::Inconsistent("workspace_domains"))?,
                    asked: row.asked,
                })
            })
            .collect()
    }
}

impl WorkspaceTx {
    /// The widest door that a proved domain opens to a person with a verified address there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn joining_of(&mut self, user_id: UserId) -> Result<Joining, StoreError> {
        let id = self.workspace_id.uuid();
        let stored = sqlx::query_scalar!(
            r#"SELECT d.joining
               FROM workspace_domains d
               JOIN user_emails e ON split_part(e.address, '@', 2) = d.domain
               WHERE d.workspace_id = $1 AND d.verified_at IS NOT NULL
                 AND e.user_id = $2 AND e.verified_at IS NOT NULL
               ORDER BY CASE d.joining WHEN 'everybody' THEN 0 WHEN 'requests' THEN 1 ELSE 2 END
               LIMIT 1"#,
            id,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        joining(stored)
    }

    /// Writes that a person asks to join; false when they have asked already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_join_request(
        &mut self,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "INSERT INTO join_requests (workspace_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            id,
            user_id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a person asks to join.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn asks_to_join(&mut self, user_id: UserId) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT 1 FROM join_requests WHERE workspace_id = $1 AND user_id = $2) AS "asks!""#,
            id,
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Those who ask, the longest waiting first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn join_requests(&mut self, limit: i64) -> Result<Vec<JoinRequest>, StoreError> {
        let id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            "SELECT r.user_id, e.address, u.display_name, r.created_at
             FROM join_requests r
             JOIN users u ON u.id = r.user_id AND u.disabled_at IS NULL
             JOIN user_emails e ON e.user_id = r.user_id AND e.is_primary
             WHERE r.workspace_id = $1
             ORDER BY r.created_at, r.user_id
             LIMIT $2",
            id,
            limit
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| JoinRequest {
                user_id: UserId::from_uuid(row.user_id),
                email: row.address,
                display_name: row.display_name,
                created_at: row.created_at,
            })
            .collect())
    }

    /// Ends what a person asked for and returns their primary address; nothing when they did not ask.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_join_request(&mut self, user_id: UserId) -> Result<Option<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "DELETE FROM join_requests r
             USING user_emails e
             WHERE r.workspace_id = $1 AND r.user_id = $2 AND e.user_id = r.user_id AND e.is_primary
             RETURNING e.address",
            id,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// Primary addresses of those who could answer somebody who asks: owners and admins, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn answering_addresses(&mut self, limit: i64) -> Result<Vec<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT e.address
             FROM memberships m
             JOIN user_emails e ON e.user_id = m.user_id AND e.is_primary
             WHERE m.workspace_id = $1 AND m.role IN ('owner', 'admin')
             ORDER BY m.created_at
             LIMIT $2",
            id,
            limit
        )
        .fetch_all(self.conn())
        .await?)
    }
}
