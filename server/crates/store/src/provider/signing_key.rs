//! Keys of a workspace's issuer.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::apps::app::SigningAlg;
use iam_types::KeyId;
use serde_json::Value;

impl WorkspaceTx {
    /// The active key for `alg`, its private half sealed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn active_signing_key(
        &mut self,
        alg: SigningAlg,
    ) -> Result<Option<(KeyId, Vec<u8>)>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            "SELECT id, private_sealed FROM signing_keys WHERE workspace_id = $1 AND alg = $2 AND retired_at IS NULL",
            workspace_id,
            alg.as_str()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (KeyId::from_uuid(row.id), row.private_sealed)))
    }

    /// Writes a key; false when another node made the active one first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_signing_key(
        &mut self,
        id: KeyId,
        alg: SigningAlg,
        private_sealed: &[u8],
        public_jwk: &Value,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "INSERT INTO signing_keys (workspace_id, id, alg, private_sealed, public_jwk, created_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
            workspace_id,
            id.uuid(),
            alg.as_str(),
            private_sealed,
            public_jwk,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The public halves that tokens in circulation may refer to, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn public_keys(&mut self) -> Result<Vec<Value>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT public_jwk FROM signing_keys WHERE workspace_id = $1 ORDER BY id",
            workspace_id
        )
        .fetch_all(self.conn())
        .await?)
    }
}
