//! Authenticator apps and recovery codes of people.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::sign_in::second_factor::Totp;
use iam_types::{SessionId, UserId};
use uuid::Uuid;

/// What somebody has to prove a second time who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactors {
    /// Their authenticator app.
    pub totp: Totp,
    /// How many recovery codes wait to be used.
    pub recovery_codes: usize,
}

/// A seed that is being set up, as it is sealed.
#[derive(Debug)]
pub struct NewSeed {
    /// The set-up.
    pub set_up: Uuid,
    /// The session that it happens in.
    pub session_id: SessionId,
    /// It.
    pub sealed: Vec<u8>,
    /// When setting it up began.
    pub since: DateTime<Utc>,
}

impl Store {
    /// What a person has, if they have an authenticator app that works.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn second_factors_of(&self, user_id: UserId) -> Result<Option<SecondFactors>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT t.confirmed_at AS "confirmed_at!", t.last_used_at,
                      (SELECT count(*) FROM recovery_codes r WHERE r.user_id = t.user_id AND r.used_at IS NULL) AS "left!"
               FROM totp_credentials t
               WHERE t.user_id = $1 AND t.confirmed_at IS NOT NULL"#,
            user_id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| SecondFactors {
            totp: Totp {
                confirmed_at: row.confirmed_at,
                last_used_at: row.last_used_at,
            },
            recovery_codes: usize::try_from(row.left).unwrap_or_default(),
        }))
    }

    /// When the set-up was finished that somebody confirmed, if it is the last of its person.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn totp_set_up_at(&self, set_up: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT confirmed_at AS "at!" FROM totp_credentials WHERE set_up = $1 AND confirmed_at IS NOT NULL"#,
            set_up
        )
        .fetch_optional(&self.pool)
        .await?)
    }

    /// The seed that a person is setting up in this session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn new_totp_seed(
        &self,
        user_id: UserId,
        session_id: SessionId,
    ) -> Result<Option<NewSeed>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT new_seed AS "sealed!", new_since AS "since!", new_set_up AS "set_up!" FROM totp_credentials
               WHERE user_id = $1 AND new_session = $2"#,
            user_id.uuid(),
            session_id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| NewSeed {
            set_up: row.set_up,
            session_id,
            sealed: row.sealed,
            since: row.since,
        }))
    }

    /// The salt of a person's recovery codes, if they have any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recovery_salt(&self, user_id: UserId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT salt FROM recovery_codes WHERE user_id = $1 LIMIT 1",
            user_id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}

impl WorkspaceTx {
    /// Whether a person has an authenticator app that works.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_totp(&mut self, user_id: UserId) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM totp_credentials WHERE user_id = $1 AND confirmed_at IS NOT NULL
               ) AS "has!""#,
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?)
    }

    /// Keeps a seed that is to be set up, in place of another.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_new_totp_seed(&mut self, user_id: UserId, new: &NewSeed) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO totp_credentials (user_id, new_seed, new_since, new_set_up, new_session) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id) DO UPDATE SET new_seed = EXCLUDED.new_seed, new_since = EXCLUDED.new_since,
                 new_set_up = EXCLUDED.new_set_up, new_session = EXCLUDED.new_session",
            user_id.uuid(),
            new.sealed,
            new.since,
            new.set_up,
            new.session_id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Forgets what a person is setting up.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_new_totp_seed(&mut self, user_id: UserId) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE totp_credentials SET new_seed = NULL, new_since = NULL, new_set_up = NULL, new_session = NULL
             WHERE user_id = $1",
            user_id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Makes the seed that is being set up the one that counts, `step` being the last whose code was taken. False when it is
    /// another by now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn confirm_totp(
        &mut self,
        user_id: UserId,
        set_up: Uuid,
        step: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE totp_credentials
             SET seed = new_seed, confirmed_at = $4, last_step = $3, last_used_at = NULL, set_up = new_set_up,
                 new_seed = NULL, new_since = NULL, new_set_up = NULL, new_session = NULL
             WHERE user_id = $1 AND new_set_up = $2",
            user_id.uuid(),
            set_up,
            step,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The seed that counts, as it is sealed, held until this transaction ends; and the last step whose code was taken.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_totp(&mut self, user_id: UserId) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT seed AS "seed!", last_step FROM totp_credentials
               WHERE user_id = $1 AND seed IS NOT NULL
               FOR UPDATE"#,
            user_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (row.seed, row.last_step)))
    }

    /// Takes the code of a step, which no later use can take again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_totp_step(
        &mut self,
        user_id: UserId,
        step: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE totp_credentials SET last_step = $2, last_used_at = $3 WHERE user_id = $1 AND last_step < $2",
            user_id.uuid(),
            step,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes a person's authenticator app and recovery codes away; false when they have none that works. With `since`, only
    /// what was set up or made at or after that.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_second_factors(
        &mut self,
        user_id: UserId,
        since: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query!(
            r#"DELETE FROM totp_credentials
               WHERE user_id = $1 AND ($2::timestamptz IS NULL OR confirmed_at IS NULL OR confirmed_at >= $2)
               RETURNING confirmed_at IS NOT NULL AS "worked!""#,
            user_id.uuid(),
            since
        )
        .fetch_optional(self.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM recovery_codes WHERE user_id = $1 AND ($2 OR created_at >= $3)",
            user_id.uuid(),
            row.is_some(),
            since
        )
        .execute(self.conn())
        .await?;
        Ok(row.is_some_and(|row| row.worked))
    }

    /// Gives a person these recovery codes, hashed with `salt`, in place of all others.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_recovery_codes(
        &mut self,
        user_id: UserId,
        salt: &[u8; 16],
        hashes: &[Vec<u8>],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user_id.uuid())
            .execute(self.conn())
            .await?;
        sqlx::query!(
            "INSERT INTO recovery_codes (user_id, code_hash, salt, created_at)
             SELECT $1, hash, $2, $4 FROM unnest($3::bytea[]) AS hash",
            user_id.uuid(),
            salt.as_slice(),
            hashes,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Uses a recovery code, and says how many are left; nothing for one that is unknown or used.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_recovery_code(
        &mut self,
        user_id: UserId,
        hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<usize>, StoreError> {
        let done = sqlx::query!(
            "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
            user_id.uuid(),
            hash,
            now
        )
        .execute(self.conn())
        .await?;
        if done.rows_affected() != 1 {
            return Ok(None);
        }
        let left = sqlx::query_scalar!(
            r#"SELECT count(*) AS "left!" FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL"#,
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?;
        Ok(Some(usize::try_from(left).unwrap_or_default()))
    }
}
