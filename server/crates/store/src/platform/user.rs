//! Everybody, as operators see them.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_types::{PictureId, UserId};

/// A person as operators see them.
#[derive(Debug, Clone)]
pub struct KnownUser {
    /// Which one.
    pub id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Picture, if they have one.
    pub picture: Option<PictureId>,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl Store {
    /// At most `limit` people whose name or an address of whom contains `search`, by primary address, from behind `after`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn users(&self, search: &str, after: &str, limit: i64) -> Result<Vec<KnownUser>, StoreError> {
        let rows = sqlx::query!(
            "SELECT u.id, e.address, u.display_name, u.picture_id, u.created_at, u.disabled_at
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
            .map(|row| KnownUser {
                id: UserId::from_uuid(row.id),
                email: row.address,
                display_name: row.display_name,
                picture: row.picture_id.map(PictureId::from_uuid),
                created_at: row.created_at,
                disabled_at: row.disabled_at,
            })
            .collect())
    }

    /// One person, disabled or not.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn known_user(&self, id: UserId) -> Result<Option<KnownUser>, StoreError> {
        let row = sqlx::query!(
            "SELECT e.address, u.display_name, u.picture_id, u.created_at, u.disabled_at
             FROM users u
             JOIN user_emails e ON e.user_id = u.id AND e.is_primary
             WHERE u.id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| KnownUser {
            id,
            email: row.address,
            display_name: row.display_name,
            picture: row.picture_id.map(PictureId::from_uuid),
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }))
    }
}

impl WorkspaceTx {
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
