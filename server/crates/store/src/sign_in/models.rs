//! Which models of authenticators count, and which of them were shown.

use crate::{Store, StoreError, WorkspaceTx};
use iam_domain::sign_in::models::Models;
use iam_types::WorkspaceId;
use uuid::Uuid;

impl WorkspaceTx {
    /// Sets which models of authenticators count in the workspace.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_models(&mut self, models: Models) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspaces SET passkey_models = $2 WHERE id = $1",
            id,
            models.list()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Sets which models of authenticators count in all workspaces.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_platform_models(&mut self, models: Models) -> Result<(), StoreError> {
        sqlx::query!("UPDATE platform_settings SET passkey_models = $1", models.list())
            .execute(self.conn())
            .await?;
        Ok(())
    }
}

impl Store {
    /// Takes back what was shown of passkeys, and of sign-ins with them, whose models count no more. Says of how many passkeys.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw_models(&self, models: &[Uuid]) -> Result<u64, StoreError> {
        let mut tx = self.in_workspace(WorkspaceId::PLATFORM).await?;
        let done = sqlx::query!(
            "WITH signed_in AS (
                 UPDATE sessions SET model = NULL, model_at = NULL WHERE model = ANY($1)
             )
             UPDATE passkeys SET attested = false WHERE attested AND aaguid = ANY($1)",
            models
        )
        .execute(tx.conn())
        .await?;
        tx.finish().await?;
        Ok(done.rows_affected())
    }

    /// The same of what apps got in a workspace by such sign-ins.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw_models_in(&self, id: WorkspaceId, models: &[Uuid]) -> Result<(), StoreError> {
        let mut tx = self.in_workspace(id).await?;
        sqlx::query!(
            "UPDATE token_grants SET model = NULL WHERE workspace_id = $1 AND model = ANY($2)",
            id.uuid(),
            models
        )
        .execute(tx.conn())
        .await?;
        tx.finish().await
    }
}
