//! Addresses that people are adding.

use super::address::parse;
use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::{address::AddressChallenge, email::Email},
    core::secret_hash::SecretHash,
};
use iam_types::{AddressChallengeId, SessionId, UserId};
use uuid::Uuid;

struct Row {
    id: Uuid,
    user_id: Uuid,
    session_id: Uuid,
    address: String,
    code_hash: Vec<u8>,
    code_attempts: i16,
    expires_at: DateTime<Utc>,
    consumed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for AddressChallenge {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent("address_challenges");
        Ok(Self {
            id: AddressChallengeId::from_uuid(row.id),
            user_id: UserId::from_uuid(row.user_id),
            session_id: SessionId::from_uuid(row.session_id),
            address: parse(&row.address)?,
            code_hash: row.code_hash.try_into().map_err(inconsistent)?,
            code_attempts: row.code_attempts,
            expires_at: row.expires_at,
            consumed_at: row.consumed_at,
        })
    }
}

impl Store {
    /// A challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn address_challenge(
        &self,
        id: AddressChallengeId,
    ) -> Result<Option<AddressChallenge>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, session_id, address, code_hash, code_attempts, expires_at, consumed_at
             FROM address_challenges
             WHERE id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(AddressChallenge::try_from).transpose()
    }

    /// The challenge behind a link.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn address_challenge_by_link(
        &self,
        link_hash: &SecretHash,
    ) -> Result<Option<AddressChallenge>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            "SELECT id, user_id, session_id, address, code_hash, code_attempts, expires_at, consumed_at
             FROM address_challenges
             WHERE link_hash = $1",
            link_hash.as_bytes()
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(AddressChallenge::try_from).transpose()
    }

    /// What waits in a session for its code, the latest first, each with whether its mail could not be delivered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending_addresses(
        &self,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Vec<(AddressChallengeId, String, bool)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT c.id, c.address,
                      EXISTS (SELECT 1 FROM outbox_mails m WHERE m.about = c.id AND m.failed_at IS NOT NULL) AS "failed!"
               FROM address_challenges c
               WHERE c.session_id = $1 AND c.consumed_at IS NULL AND c.expires_at > $2
               ORDER BY c.id DESC"#,
            session.uuid(),
            now
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (AddressChallengeId::from_uuid(row.id), row.address, row.failed))
            .collect())
    }
}

impl WorkspaceTx {
    /// Writes a new challenge in place of the one that the person had for this address, whose mail does not leave any more.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_address_challenge(
        &mut self,
        challenge: &AddressChallenge,
        link_hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.drop_address_challenge(challenge.user_id, &challenge.address)
            .await?;
        sqlx::query!(
            "INSERT INTO address_challenges (id, user_id, session_id, address, link_hash, code_hash, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (user_id, address) DO UPDATE SET id = excluded.id, session_id = excluded.session_id,
                 link_hash = excluded.link_hash, code_hash = excluded.code_hash, code_attempts = 0,
                 created_at = excluded.created_at, expires_at = excluded.expires_at, consumed_at = NULL",
            challenge.id.uuid(),
            challenge.user_id.uuid(),
            challenge.session_id.uuid(),
            challenge.address.as_str(),
            link_hash.as_bytes(),
            challenge.code_hash.as_bytes(),
            now,
            challenge.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Forgets that a person was adding an address, and the mail about it that has not left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_address_challenge(&mut self, id: UserId, address: &Email) -> Result<(), StoreError> {
        let dropped = sqlx::query_scalar!(
            "DELETE FROM address_challenges WHERE user_id = $1 AND address = $2 RETURNING id",
            id.uuid(),
            address.as_str()
        )
        .fetch_all(self.conn())
        .await?;
        for challenge in dropped {
            self.drop_mail_about(challenge).await?;
        }
        Ok(())
    }

    /// Spends one try at the code and holds the challenge until this transaction ends, so that tries in parallel cannot
    /// exceed the limit. False when none is left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn spend_address_attempt(
        &mut self,
        id: AddressChallengeId,
        limit: i16,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE address_challenges SET code_attempts = code_attempts + 1 WHERE id = $1 AND code_attempts < $2",
            id.uuid(),
            limit
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Uses a challenge up. False when somebody else was faster or it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consume_address_challenge(
        &mut self,
        id: AddressChallengeId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE address_challenges SET consumed_at = $2
             WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
