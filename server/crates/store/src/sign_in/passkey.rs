//! Passkeys of people.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{core::visible::VisibleName, sign_in::passkey::Passkey};
use iam_types::{PasskeyId, UserId};
use serde_json::Value;

struct Row {
    id: uuid::Uuid,
    user_id: uuid::Uuid,
    credential_id: Vec<u8>,
    credential: Value,
    name: String,
    aaguid: uuid::Uuid,
    attested: bool,
    synced: bool,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    suspected_at: Option<DateTime<Utc>>,
}

impl From<Row> for Passkey {
    fn from(row: Row) -> Self {
        Self {
            id: PasskeyId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            credential_id: row.credential_id,
            credential: row.credential,
            name: VisibleName::stored(row.name),
            aaguid: row.aaguid,
            attested: row.attested,
            synced: row.synced,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            suspected_at: row.suspected_at,
        }
    }
}

impl Store {
    /// A person's passkeys, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn passkeys_of(&self, user_id: UserId) -> Result<Vec<Passkey>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            "SELECT id, user_id, credential_id, credential, name, aaguid, attested, synced, created_at, last_used_at, suspected_at
             FROM passkeys
             WHERE user_id = $1
             ORDER BY created_at, id",
            user_id.uuid()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(Passkey::from).collect())
    }
}

impl WorkspaceTx {
    /// How many passkeys a person has. Holds the person, as everybody does who adds one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_passkeys(&mut self, user_id: UserId) -> Result<i64, StoreError> {
        sqlx::query!(
            r#"SELECT 1 AS "one!" FROM users WHERE id = $1 FOR NO KEY UPDATE"#,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM passkeys WHERE user_id = $1"#,
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// How many passkeys a person has that sign in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_working_passkeys(&mut self, user_id: UserId) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM passkeys WHERE user_id = $1 AND suspected_at IS NULL"#,
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// The passkey that an authenticator calls `credential_id`, held until this transaction ends: whoever checks an answer
    /// writes down what it said before the next one is checked.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_passkey(&mut self, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, credential_id, credential, name, aaguid, attested, synced, created_at, last_used_at, suspected_at
             FROM passkeys
             WHERE credential_id = $1
             FOR UPDATE",
            credential_id
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(Passkey::from))
    }

    /// Writes a new passkey. False when somebody has it already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_passkey(&mut self, passkey: &Passkey) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "INSERT INTO passkeys (id, user_id, credential_id, credential, name, aaguid, synced, created_at, attested)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (credential_id) DO NOTHING",
            passkey.id.uuid(),
            passkey.user_id.uuid(),
            passkey.credential_id,
            passkey.credential,
            passkey.name.as_str(),
            passkey.aaguid,
            passkey.synced,
            passkey.created_at,
            passkey.attested
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes down that a passkey was used, and what it said of itself, for something that it was asked at `asked_at`. False
    /// when it is gone, is suspected, or its person has ended all that let them in since then.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_passkey(
        &mut self,
        passkey: &Passkey,
        asked_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE passkeys SET credential = $2, synced = $3, last_used_at = $4
             WHERE id = $1 AND suspected_at IS NULL AND (void_before IS NULL OR void_before < $5)",
            passkey.id.uuid(),
            passkey.credential,
            passkey.synced,
            now,
            asked_at
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets a passkey sign in no more, since there may be a copy. False when that is so already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn suspect_passkey(&mut self, id: PasskeyId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE passkeys SET suspected_at = $2 WHERE id = $1 AND suspected_at IS NULL",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a passkey of `user_id` another name, and returns the old one; nothing when there is none such.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rename_passkey(
        &mut self,
        user_id: UserId,
        id: PasskeyId,
        name: &VisibleName,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "UPDATE passkeys p SET name = $3
             FROM (SELECT o.id, o.name FROM passkeys o WHERE o.id = $2 AND o.user_id = $1 FOR UPDATE) old
             WHERE p.id = old.id
             RETURNING old.name",
            user_id.uuid(),
            id.uuid(),
            name.as_str()
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// Deletes a passkey of `user_id`, and returns its name; nothing when there is none such.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_passkey(
        &mut self,
        user_id: UserId,
        id: PasskeyId,
    ) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            "DELETE FROM passkeys WHERE user_id = $1 AND id = $2 RETURNING name",
            user_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// Deletes the passkeys that a person got since then, and returns them with their names.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_passkeys_since(
        &mut self,
        user_id: UserId,
        since: DateTime<Utc>,
    ) -> Result<Vec<(PasskeyId, String)>, StoreError> {
        let rows = sqlx::query!(
            "DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2 RETURNING id, name",
            user_id.uuid(),
            since
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (PasskeyId::from_uuid(row.id), row.name))
            .collect())
    }

    /// Makes worth nothing what a person's authenticators were asked to sign until now. Waits for a sign-in that is using
    /// a passkey, whose session can then be ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn void_passkey_challenges_of(
        &mut self,
        id: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE passkeys SET void_before = $2 WHERE user_id = $1",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}

impl Store {
    /// Whether to offer a passkey to somebody who has none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn is_passkey_due(&self, user_id: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT (u.offer_passkey_after IS NULL OR u.offer_passkey_after <= $2)
                      AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) AS "due!"
               FROM users u
               WHERE u.id = $1"#,
            user_id.uuid(),
            now
        )
        .fetch_optional(&self.pool)
        .await?
        .unwrap_or_default())
    }

    /// Offers no passkey to somebody until then, or never.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_off_passkey_offer(
        &self,
        user_id: UserId,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE users SET offer_passkey_after = coalesce($2::timestamptz, 'infinity') WHERE id = $1",
            user_id.uuid(),
            until
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
