//! People and their addresses.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::{email::Email, preferences::Preferences},
    core::visible::VisibleName,
};
use iam_types::{PictureId, UserId};

/// A person as pages and tokens show them.
#[derive(Debug, Clone)]
pub struct User {
    /// Which one.
    pub id: UserId,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Picture, if they have one.
    pub picture: Option<PictureId>,
    /// Primary address.
    pub email: String,
    /// How they want to be spoken to.
    pub preferences: Preferences,
    /// When their account ends, if they want that.
    pub deletion_due_at: Option<DateTime<Utc>>,
}

impl User {
    /// The primary address, as one that mail can be sent to.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`].
    pub fn address(&self) -> Result<Email, StoreError> {
        self.email
            .parse()
            .map_err(|_| StoreError::Inconsistent("user_emails"))
    }
}

/// Who proved an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Somebody known.
    Known(UserId),
    /// Somebody new, made just now.
    New(UserId),
    /// Somebody known who may not sign in.
    Disabled,
    /// Nobody, since somebody removed the address a short while ago and may put it back.
    Reserved,
}

impl WorkspaceTx {
    /// An enabled person with their primary address.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let row = sqlx::query!(
            "SELECT u.display_name, u.picture_id, u.locale, u.time_zone, u.deletion_due_at, e.address
             FROM users u
             JOIN user_emails e ON e.user_id = u.id AND e.is_primary
             WHERE u.id = $1 AND u.disabled_at IS NULL",
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| User {
            id,
            display_name: row.display_name,
            picture: row.picture_id.map(PictureId::from_uuid),
            email: row.address,
            preferences: Preferences {
                locale: row.locale,
                time_zone: row.time_zone,
            },
            deletion_due_at: row.deletion_due_at,
        }))
    }

    /// As [`user`](Self::user), held until this transaction ends: whoever shuts them out meanwhile waits, and then ends what came of it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        sqlx::query!("SELECT id FROM users WHERE id = $1 FOR SHARE", id.uuid())
            .fetch_optional(self.conn())
            .await?;
        self.user(id).await
    }

    /// Waits for whoever [holds](Self::hold_user) a person, and keeps them from being held until this transaction ends.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_user(&mut self, id: UserId) -> Result<(), StoreError> {
        sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", id.uuid())
            .fetch_optional(self.conn())
            .await?;
        Ok(())
    }

    /// Writes down that all that lets a person in ends now. Waits for whoever [holds](Self::hold_user) them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mark_everything_ended(&mut self, id: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE users SET everything_ended_at = $2 WHERE id = $1",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// When all that let a person in was last ended at once.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn everything_ended_at(&mut self, id: UserId) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(
            sqlx::query_scalar!("SELECT everything_ended_at FROM users WHERE id = $1", id.uuid())
                .fetch_optional(self.conn())
                .await?
                .flatten(),
        )
    }

    /// Gives a person a name, or takes it away.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_display_name(
        &mut self,
        id: UserId,
        name: Option<&VisibleName>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE users SET display_name = $2 WHERE id = $1",
            id.uuid(),
            name.map_or("", VisibleName::as_str)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Keeps how a person wants to be spoken to.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_preferences(&mut self, id: UserId, chosen: &Preferences) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE users SET locale = $2, time_zone = $3 WHERE id = $1",
            id.uuid(),
            chosen.locale,
            chosen.time_zone
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// How whoever has proved `address` wants to be spoken to.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn preferences_at(&mut self, address: &str) -> Result<Preferences, StoreError> {
        let row = sqlx::query_as!(
            Preferences,
            "SELECT u.locale, u.time_zone
             FROM user_emails e
             JOIN users u ON u.id = e.user_id
             WHERE e.address = $1 AND e.verified_at IS NOT NULL",
            address
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.unwrap_or_default())
    }

    /// The person who owns the verified `address`, made if there is none. Safe against two at once.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_or_create_user(
        &mut self,
        address: &Email,
        new_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<Found, StoreError> {
        self.hold_address(address).await?;
        let known = sqlx::query!(
            "SELECT u.id, u.disabled_at
             FROM user_emails e
             JOIN users u ON u.id = e.user_id
             WHERE e.address = $1 AND e.verified_at IS NOT NULL",
            address.as_str()
        )
        .fetch_optional(self.conn())
        .await?;
        if let Some(known) = known {
            return Ok(if known.disabled_at.is_some() {
                Found::Disabled
            } else {
                Found::Known(UserId::from_uuid(known.id))
            });
        }
        if self.holder_of(address, now).await?.is_some() {
            return Ok(Found::Reserved);
        }
        sqlx::query!(
            "INSERT INTO users (id, created_at) VALUES ($1, $2)",
            new_id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at) VALUES ($1, $2, true, $3, $3)",
            new_id.uuid(),
            address.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(Found::New(new_id))
    }
}
