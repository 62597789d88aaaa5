//! Passwords of people, and sign-ins that were finished with them.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{account::email::Email, sign_in::password::StoredPassword};
use iam_types::UserId;
use uuid::Uuid;

struct Row {
    user_id: Uuid,
    hash: String,
    imported: bool,
    must_change: bool,
    set_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for StoredPassword {
    fn from(row: Row) -> Self {
        Self {
            user_id: UserId::from_uuid(row.user_id),
            hash: row.hash,
            imported: row.imported,
            must_change: row.must_change,
            set_at: row.set_at,
            last_used_at: row.last_used_at,
        }
    }
}

impl Store {
    /// The password of whoever has proved `address`, be they disabled or not.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn password_at(&self, address: &Email) -> Result<Option<StoredPassword>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT p.user_id, p.hash, p.imported, p.must_change, p.set_at, p.last_used_at
             FROM user_emails e
             JOIN passwords p ON p.user_id = e.user_id
             WHERE e.address = $1 AND e.verified_at IS NOT NULL",
            address.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(StoredPassword::from))
    }

    /// The password of a person.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn password_of(&self, user_id: UserId) -> Result<Option<StoredPassword>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT user_id, hash, imported, must_change, set_at, last_used_at FROM passwords WHERE user_id = $1",
            user_id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(StoredPassword::from))
    }

    /// When somebody signed in with the form `id`, if somebody did.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn password_sign_in_at(&self, id: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(
            sqlx::query_scalar!("SELECT finished_at FROM password_sign_ins WHERE id = $1", id)
                .fetch_optional(&self.pool)
                .await?,
        )
    }
}

impl WorkspaceTx {
    /// The password of a person, held until this transaction ends. Waits for a sign-in that is being finished with it, whose
    /// session can then be ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_password(&mut self, user_id: UserId) -> Result<Option<StoredPassword>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT user_id, hash, imported, must_change, set_at, last_used_at FROM passwords WHERE user_id = $1 FOR UPDATE",
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(StoredPassword::from))
    }

    /// Keeps a password, in place of another.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_password(&mut self, password: &StoredPassword) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO passwords (user_id, hash, imported, must_change, set_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (user_id) DO UPDATE SET hash = EXCLUDED.hash, imported = EXCLUDED.imported,
                 must_change = EXCLUDED.must_change, set_at = EXCLUDED.set_at, last_used_at = EXCLUDED.last_used_at",
            password.user_id.uuid(),
            password.hash,
            password.imported,
            password.must_change,
            password.set_at,
            password.last_used_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Takes a password off. False when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_password(&mut self, user_id: UserId) -> Result<bool, StoreError> {
        let done = sqlx::query!("DELETE FROM passwords WHERE user_id = $1", user_id.uuid())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes down that a person signs in with the form `id` now. False when somebody was faster.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finish_password_sign_in(
        &mut self,
        id: Uuid,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO password_sign_ins (id, user_id, finished_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
            id,
            user_id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends what waits for a second factor of a person who proved a password first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_pending_sign_ins_by_password(&mut self, user_id: UserId) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM pending_sign_ins WHERE user_id = $1 AND session_id IS NULL AND 'pwd' = ANY (amr)",
            user_id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
