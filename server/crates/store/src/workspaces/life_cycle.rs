//! How workspaces end and change hands, and what the platform decides about their beginning.

use crate::{Store, StoreError, UserTx, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_types::{Slug, UserId, WorkspaceId};

/// An owner's wish to hand over, as the receiver sees it.
#[derive(Debug, Clone)]
pub struct OwnershipOffer {
    /// The workspace's address.
    pub slug: Slug,
    /// The workspace's name.
    pub workspace: String,
    /// Who offers.
    pub from: UserId,
    /// Their primary address.
    pub from_email: String,
}

impl Store {
    /// The workspaces whose time to be taken back is over at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn due_deletions(&self, now: DateTime<Utc>) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids = sqlx::query_scalar!(
            "SELECT workspace_id FROM workspace_directory WHERE delete_after <= $1 AND deleted_at IS NULL",
            now
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(WorkspaceId::from_uuid).collect())
    }
}

impl UserTx {
    /// Ownership that is offered to the person at `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ownership_offers(&mut self, now: DateTime<Utc>) -> Result<Vec<OwnershipOffer>, StoreError> {
        let rows = sqlx::query!(
            "SELECT d.slug, w.name, o.from_user, e.address
             FROM ownership_offers o
             JOIN workspaces w ON w.id = o.workspace_id
             JOIN workspace_directory d ON d.workspace_id = o.workspace_id
             JOIN user_emails e ON e.user_id = o.from_user AND e.is_primary
             WHERE o.to_user = $1 AND o.expires_at > $2 AND d.suspended_at IS NULL AND d.delete_after IS NULL
             ORDER BY o.created_at DESC",
            self.user_id.uuid(),
            now
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(OwnershipOffer {
                    slug: row
                        .slug
                        .parse()
                        .map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
                    workspace: row.name,
                    from: UserId::from_uuid(row.from_user),
                    from_email: row.address,
                })
            })
            .collect()
    }
}

impl WorkspaceTx {
    /// Announces that the workspace will be deleted, or takes that back with `None`. False when there is nothing to
    /// change, or when it is deleted already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_delete_after(&mut self, moment: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE workspace_directory SET delete_after = $2
             WHERE workspace_id = $1 AND deleted_at IS NULL AND (delete_after IS NULL) <> ($2::timestamptz IS NULL)",
            id,
            moment
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deletes everything the workspace holds but its audit log and its slug. False when that is not due, or when
    /// another node was faster.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_workspace(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let due = sqlx::query!(
            "UPDATE workspace_directory SET deleted_at = $2, host = NULL
             WHERE workspace_id = $1 AND delete_after <= $2 AND deleted_at IS NULL",
            id,
            now
        )
        .execute(self.conn())
        .await?;
        if due.rows_affected() == 0 {
            return Ok(false);
        }
        // A request before what its answer hangs on, as whoever answers one does: no deadlock with them.
        sqlx::query!("DELETE FROM authorizations WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        // Consents, token families, invitations and given roles hang on these.
        sqlx::query!("DELETE FROM memberships WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM apps WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM roles WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM groups WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM signing_keys WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM connections WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM workspace_domains WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM join_requests WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!("DELETE FROM workspace_logos WHERE workspace_id = $1", id)
            .execute(self.conn())
            .await?;
        sqlx::query!(
            "UPDATE workspaces SET name = 'Deleted', accent = NULL, login_text = '', support = '' WHERE id = $1",
            id
        )
        .execute(self.conn())
        .await?;
        Ok(true)
    }

    /// The primary addresses of the owners.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn owner_addresses(&mut self) -> Result<Vec<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT e.address
             FROM memberships m
             JOIN user_emails e ON e.user_id = m.user_id AND e.is_primary
             WHERE m.workspace_id = $1 AND m.role = 'owner'
             ORDER BY e.address",
            id
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// Writes what `from` offers, in place of an earlier offer of theirs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_ownership_offer(
        &mut self,
        from: UserId,
        to: UserId,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO ownership_offers (workspace_id, from_user, to_user, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (workspace_id, from_user)
             DO UPDATE SET to_user = excluded.to_user, created_at = excluded.created_at, expires_at = excluded.expires_at",
            id,
            from.uuid(),
            to.uuid(),
            now,
            expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The address of whom `from` waits for at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn offered_to(
        &mut self,
        from: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT e.address
             FROM ownership_offers o
             JOIN user_emails e ON e.user_id = o.to_user AND e.is_primary
             WHERE o.workspace_id = $1 AND o.from_user = $2 AND o.expires_at > $3",
            id,
            from.uuid(),
            now
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// Removes what `from` offered, to `to` if that is given. False when there was no such offer at `now`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_ownership_offer(
        &mut self,
        from: UserId,
        to: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "DELETE FROM ownership_offers
             WHERE workspace_id = $1 AND from_user = $2 AND ($3::uuid IS NULL OR to_user = $3) AND expires_at > $4",
            id,
            from.uuid(),
            to.map(UserId::uuid),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
