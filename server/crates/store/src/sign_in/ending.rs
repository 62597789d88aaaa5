//! Ending at once all that lets a person in, or lets an app act: mails under way, sessions, families of tokens.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::provider::grant::RevokeReason;
use iam_types::{AppId, Role, UserId, WorkspaceId};

impl WorkspaceTx {
    /// Deletes every challenge that was sent to an address of a person, the finished ones too: nothing of them can be
    /// presented again. Waits for a sign-in that is using one up, whose session can then be ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_challenges_of(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM magic_links
             WHERE address IN (SELECT e.address FROM user_emails e WHERE e.user_id = $1 AND e.verified_at IS NOT NULL)",
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Ends all of a person's sessions. Waits for a code that is being issued to one of them, whose family can then be
    /// ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_sessions_of(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM sessions WHERE user_id = $1", id.uuid())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    /// Where a person is a member, and as what, in the order of the workspaces' identifiers. Looks as that person for a
    /// moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn memberships_of(&mut self, id: UserId) -> Result<Vec<(WorkspaceId, Role)>, StoreError> {
        self.look_as(&id.uuid().to_string()).await?;
        let rows = sqlx::query!(
            "SELECT workspace_id, role FROM memberships WHERE user_id = $1 ORDER BY workspace_id",
            id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        self.look_as("").await?;
        rows.into_iter()
            .map(|row| {
                let role = row.role.parse();
                let role = role.map_err(|()| StoreError::Inconsistent("memberships"))?;
                Ok((WorkspaceId::from_uuid(row.workspace_id), role))
            })
            .collect()
    }

    async fn look_as(&mut self, person: &str) -> Result<(), StoreError> {
        sqlx::query!("SELECT set_config('rooiam.user_id', $1, true)", person)
            .fetch_one(self.conn())
            .await?;
        Ok(())
    }

    /// Ends all families of a person in this workspace, with the codes they would have come from, and says how many
    /// there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_grants_of(&mut self, id: UserId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE token_grants SET revoked_at = $3, revoke_reason = $4
             WHERE workspace_id = $1 AND user_id = $2 AND revoked_at IS NULL",
            workspace_id,
            id.uuid(),
            now,
            RevokeReason::Withdrawn.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    /// Takes back what a person offered here and nobody has answered: invitations, and their ownership.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw_offers_of(&mut self, id: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE invitations SET withdrawn_at = $3
             WHERE workspace_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL",
            workspace_id,
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM ownership_offers WHERE workspace_id = $1 AND (from_user = $2 OR to_user = $2)",
            workspace_id,
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Ends all that an app has or waits for: its families of tokens with their codes, and requests under way. Says how
    /// many families there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_grants_of_app(&mut self, id: AppId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE authorizations SET decided_at = $3 WHERE workspace_id = $1 AND app_id = $2 AND decided_at IS NULL",
            workspace_id,
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        let done = sqlx::query!(
            "UPDATE token_grants SET revoked_at = $3, revoke_reason = $4
             WHERE workspace_id = $1 AND app_id = $2 AND revoked_at IS NULL",
            workspace_id,
            id.uuid(),
            now,
            RevokeReason::Withdrawn.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }

    /// Whether the workspace has an owner who can sign in, not counting `except`. Holds the workspace's row, as everybody
    /// does who takes an owner away.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_able_owner(&mut self, except: Option<UserId>) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        self.lock_effective_access(&[]).await?;
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
                   WHERE m.workspace_id = $1 AND m.role = 'owner' AND u.disabled_at IS NULL AND u.deletion_due_at IS NULL
                     AND ($2::uuid IS NULL OR m.user_id <> $2)
               ) AS "able!""#,
            workspace_id,
            except.map(UserId::uuid)
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Suspends the workspace of this transaction; false when it is suspended already, for whatever reason, or deleted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn suspend_if_open(&mut self, reason: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE workspace_directory SET suspended_reason = $2, suspended_at = $3
             WHERE workspace_id = $1 AND suspended_at IS NULL AND deleted_at IS NULL",
            id,
            reason,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
