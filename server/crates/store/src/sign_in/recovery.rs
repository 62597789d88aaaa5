//! Recoveries of people who lost their second factors: the latest of each.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{account::email::Email, sign_in::recovery::Recovery};
use iam_types::{Permission, RecoveryId, UserId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    user_id: uuid::Uuid,
    workspace_id: uuid::Uuid,
    begun_by: uuid::Uuid,
    reason: String,
    with_passkeys: bool,
    begun_at: DateTime<Utc>,
    counts_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    objected_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<Row> for Recovery {
    fn from(row: Row) -> Self {
        Self {
            id: RecoveryId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            workspace_id: WorkspaceId::from_uuid(row.workspace_id),
            begun_by: UserId::from_uuid(row.begun_by),
            reason: row.reason,
            with_passkeys: row.with_passkeys,
            begun_at: row.begun_at,
            counts_at: row.counts_at,
            expires_at: row.expires_at,
            objected_at: row.objected_at,
            ended_at: row.ended_at,
        }
    }
}

impl Store {
    /// The latest recovery of a person.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recovery_of(&self, person: UserId) -> Result<Option<Recovery>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, workspace_id, begun_by, reason, with_passkeys, begun_at, counts_at, expires_at, objected_at, ended_at
             FROM recoveries WHERE user_id = $1",
            person.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Recovery::from))
    }

    /// A recovery, if it is the latest of its person.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recovery(&self, id: RecoveryId) -> Result<Option<Recovery>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, workspace_id, begun_by, reason, with_passkeys, begun_at, counts_at, expires_at, objected_at, ended_at
             FROM recoveries WHERE id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(Recovery::from))
    }
}

impl WorkspaceTx {
    /// The latest recovery of a person, held until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_recovery_of(&mut self, person: UserId) -> Result<Option<Recovery>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, workspace_id, begun_by, reason, with_passkeys, begun_at, counts_at, expires_at, objected_at, ended_at
             FROM recoveries WHERE user_id = $1
             FOR UPDATE",
            person.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(Recovery::from))
    }

    /// Writes a recovery, in place of one that is over. False while another is under way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_recovery(&mut self, new: &Recovery) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO recoveries
                 (user_id, id, workspace_id, begun_by, reason, with_passkeys, begun_at, counts_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (user_id) DO UPDATE SET id = EXCLUDED.id, workspace_id = EXCLUDED.workspace_id,
                 begun_by = EXCLUDED.begun_by, reason = EXCLUDED.reason, with_passkeys = EXCLUDED.with_passkeys,
                 begun_at = EXCLUDED.begun_at, counts_at = EXCLUDED.counts_at, expires_at = EXCLUDED.expires_at,
                 objected_at = NULL, ended_at = NULL
             WHERE recoveries.ended_at IS NOT NULL OR recoveries.expires_at <= EXCLUDED.begun_at",
            new.user_id.uuid(),
            new.id.uuid(),
            new.workspace_id.uuid(),
            new.begun_by.uuid(),
            new.reason,
            new.with_passkeys,
            new.begun_at,
            new.counts_at,
            new.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends a recovery. False when it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_recovery(&mut self, id: RecoveryId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE recoveries SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends the recovery of a person, whoever began it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_recovery_of(&mut self, person: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE recoveries SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL",
            person.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Ends the recovery of a person that a workspace's admin began, and says whose; that of operators goes on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_workspace_recovery_of(
        &mut self,
        person: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<WorkspaceId>, StoreError> {
        let place = sqlx::query_scalar!(
            "UPDATE recoveries SET ended_at = $2
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND workspace_id <> $3
             RETURNING workspace_id",
            person.uuid(),
            now,
            WorkspaceId::PLATFORM.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(place.map(WorkspaceId::from_uuid))
    }

    /// Primary addresses of those who may recover people here, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recovering_addresses(&mut self, limit: i64) -> Result<Vec<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT e.address
             FROM memberships m
             JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
             JOIN user_emails e ON e.user_id = m.user_id AND e.is_primary
             WHERE m.workspace_id = $1 AND (m.role IN ('owner', 'admin') OR EXISTS (
                 SELECT 1 FROM roles r
                 WHERE r.workspace_id = m.workspace_id AND $3 = ANY (r.permissions) AND r.id IN (
                     SELECT mr.role_id FROM member_roles mr
                     WHERE mr.workspace_id = m.workspace_id AND mr.user_id = m.user_id
                     UNION ALL
                     SELECT gr.role_id FROM group_members gm
                     JOIN group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id
                     WHERE gm.workspace_id = m.workspace_id AND gm.user_id = m.user_id
                 )
             ))
             ORDER BY m.created_at
             LIMIT $2",
            id,
            limit,
            Permission::UserRecover.as_str()
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// Writes down that the person objected, and from when on it counts now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn object_to_recovery(&mut self, objected: &Recovery) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE recoveries SET objected_at = $2, counts_at = $3, expires_at = $4 WHERE id = $1",
            objected.id.uuid(),
            objected.objected_at,
            objected.counts_at,
            objected.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The verified addresses of a person.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn verified_addresses_of(&mut self, person: UserId) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT address FROM user_emails WHERE user_id = $1 AND verified_at IS NOT NULL ORDER BY address",
            person.uuid()
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// Whether an address was a person's before `before`, and still is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn had_address(
        &mut self,
        person: UserId,
        address: &Email,
        before: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM user_emails WHERE user_id = $1 AND address = $2 AND verified_at < $3
               ) AS "had!""#,
            person.uuid(),
            address.as_str(),
            before
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Whether people can enter the workspace of this transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_open(&mut self) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM workspace_directory
                   WHERE workspace_id = $1 AND suspended_at IS NULL AND delete_after IS NULL AND deleted_at IS NULL
               ) AS "open!""#,
            id
        )
        .fetch_one(self.conn())
        .await?)
    }
}
