//! What forms came to, where a cookie cannot hold it.

use crate::{Store, StoreError};
use chrono::{DateTime, Utc};
use iam_types::SessionId;
use uuid::Uuid;

impl Store {
    /// Keeps the outcome `id` for a session, in the place of the one before. Nothing is kept for a session that is gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_outcome(
        &self,
        session: SessionId,
        id: Uuid,
        sealed: &[u8],
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO kept_outcomes (session_id, id, sealed, expires_at)
             SELECT s.id, $2, $3, $4 FROM sessions s WHERE s.id = $1
             ON CONFLICT (session_id) DO UPDATE
             SET id = excluded.id, sealed = excluded.sealed, expires_at = excluded.expires_at",
            session.uuid(),
            id,
            sealed,
            expires_at
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The outcome `id` of a session, which is forgotten with this.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_outcome(&self, session: SessionId, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar!(
            "DELETE FROM kept_outcomes WHERE session_id = $1 AND id = $2 RETURNING sealed",
            session.uuid(),
            id
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}
