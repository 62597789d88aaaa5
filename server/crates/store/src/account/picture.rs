//! Pictures of people.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_types::{PictureId, UserId};

impl WorkspaceTx {
    /// Puts a picture in place of any other, or takes it away.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_picture(
        &mut self,
        person: UserId,
        picture: Option<(PictureId, &[u8])>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // First, so that two at once come one after the other.
        sqlx::query!(
            "UPDATE users SET picture_id = $2 WHERE id = $1",
            person.uuid(),
            picture.map(|(id, _)| id.uuid())
        )
        .execute(self.conn())
        .await?;
        sqlx::query!("DELETE FROM user_pictures WHERE user_id = $1", person.uuid())
            .execute(self.conn())
            .await?;
        if let Some((id, png)) = picture {
            sqlx::query!(
                "INSERT INTO user_pictures (id, user_id, png, created_at) VALUES ($1, $2, $3, $4)",
                id.uuid(),
                person.uuid(),
                png,
                now
            )
            .execute(self.conn())
            .await?;
        }
        Ok(())
    }
}

impl Store {
    /// A picture's PNG.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn picture(&self, id: PictureId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(
            sqlx::query_scalar!("SELECT png FROM user_pictures WHERE id = $1", id.uuid())
                .fetch_optional(&self.pool)
                .await?,
        )
    }
}
