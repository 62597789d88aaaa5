//! Sign-in challenges.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::origin::{Bound, Origin},
    core::secret_hash::SecretHash,
    sign_in::email_challenge::{EmailChallenge, Progress, ReturnTo},
};
use iam_types::{AuthorizationId, ConnectionAttemptId, EmailChallengeId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    address: String,
    code_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    workspace_id: Option<uuid::Uuid>,
    authorization_id: Option<uuid::Uuid>,
    expires_at: DateTime<Utc>,
    code_attempts: i16,
    consumed_at: Option<DateTime<Utc>>,
    superseded_at: Option<DateTime<Utc>>,
    host: Option<String>,
    attempt_id: Option<uuid::Uuid>,
}

impl TryFrom<Row> for Bound<EmailChallenge> {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = || StoreError::Inconsistent("magic_links");
        let origin = Origin::stored_anywhere(row.workspace_id.map(WorkspaceId::from_uuid), row.host)
            .ok_or_else(inconsistent)?;
        let link = EmailChallenge {
            id: EmailChallengeId::from_uuid(row.id),
            address: row.address.parse().map_err(|_| inconsistent())?,
            return_to: ReturnTo {
                workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
                authorization_id: row.authorization_id.map(AuthorizationId::from_uuid),
            },
            code_hash: row.code_hash.try_into().map_err(|_| inconsistent())?,
            browser_hash: row.browser_hash.try_into().map_err(|_| inconsistent())?,
            expires_at: row.expires_at,
            code_attempts: row.code_attempts,
            progress: match (row.consumed_at, row.superseded_at) {
                (Some(at), _) => Progress::Redeemed(at),
                (None, Some(_)) => Progress::Replaced,
                (None, None) => Progress::Open,
            },
            attempt_id: row.attempt_id.map(ConnectionAttemptId::from_uuid),
        };
        Ok(Self::new(origin, link))
    }
}

impl Store {
    /// The challenge behind a link.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn challenge_by_link(
        &self,
        link_hash: &SecretHash,
    ) -> Result<Option<Bound<EmailChallenge>>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, address, code_hash, browser_hash, workspace_id, authorization_id, expires_at, code_attempts,
                    consumed_at, superseded_at, host, attempt_id
             FROM magic_links
             WHERE link_hash = $1",
            link_hash.as_bytes()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Bound::try_from)
        .transpose()
    }

    /// A challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn email_challenge(
        &self,
        id: EmailChallengeId,
    ) -> Result<Option<Bound<EmailChallenge>>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, address, code_hash, browser_hash, workspace_id, authorization_id, expires_at, code_attempts,
                    consumed_at, superseded_at, host, attempt_id
             FROM magic_links
             WHERE id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Bound::try_from)
        .transpose()
    }

    /// The latest challenge that a browser asked for here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_challenge_of(
        &self,
        browser_hash: &SecretHash,
        here: &Origin,
    ) -> Result<Option<Bound<EmailChallenge>>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, address, code_hash, browser_hash, workspace_id, authorization_id, expires_at, code_attempts,
                    consumed_at, superseded_at, host, attempt_id
             FROM magic_links
             WHERE browser_hash = $1 AND host IS NOT DISTINCT FROM $2
             ORDER BY id DESC
             LIMIT 1",
            browser_hash.as_bytes(),
            here.host()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Bound::try_from)
        .transpose()
    }

    /// The codes of the mails that `link` replaced and that would still work without it: who asked again and again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn codes_replaced_by(
        &self,
        link: &EmailChallenge,
        now: DateTime<Utc>,
    ) -> Result<Vec<(EmailChallengeId, SecretHash)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT id, code_hash
             FROM magic_links
             WHERE browser_hash = $1 AND address = $2 AND superseded_at IS NOT NULL AND expires_at > $3 AND id <> $4
               AND workspace_id IS NOT DISTINCT FROM $5 AND authorization_id IS NOT DISTINCT FROM $6
             ORDER BY id DESC
             LIMIT 10",
            link.browser_hash.as_bytes(),
            link.address.as_str(),
            now,
            link.id.uuid(),
            link.return_to.workspace_id.map(WorkspaceId::uuid),
            link.return_to.authorization_id.map(AuthorizationId::uuid)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let hash = row.code_hash.try_into();
                let hash = hash.map_err(|_| StoreError::Inconsistent("magic_links"))?;
                Ok((EmailChallengeId::from_uuid(row.id), hash))
            })
            .collect()
    }
}

impl WorkspaceTx {
    /// Writes a new challenge; the older ones of this address in this browser that lead to the same place stop working. Those of
    /// other tabs, which go elsewhere, stay.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_challenge(
        &mut self,
        link: &EmailChallenge,
        link_hash: &SecretHash,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = link.return_to.workspace_id.map(WorkspaceId::uuid);
        let authorization_id = link.return_to.authorization_id.map(AuthorizationId::uuid);
        sqlx::query!(
            "UPDATE magic_links SET superseded_at = $3
             WHERE address = $1 AND browser_hash = $2 AND consumed_at IS NULL AND superseded_at IS NULL
               AND workspace_id IS NOT DISTINCT FROM $4 AND authorization_id IS NOT DISTINCT FROM $5
               AND host IS NOT DISTINCT FROM $6",
            link.address.as_str(),
            link.browser_hash.as_bytes(),
            now,
            workspace_id,
            authorization_id,
            origin.host()
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO magic_links (id, address, link_hash, code_hash, browser_hash, workspace_id, authorization_id, created_at, expires_at, host, attempt_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            link.id.uuid(),
            link.address.as_str(),
            link_hash.as_bytes(),
            link.code_hash.as_bytes(),
            link.browser_hash.as_bytes(),
            workspace_id,
            authorization_id,
            now,
            link.expires_at,
            origin.host(),
            link.attempt_id.map(ConnectionAttemptId::uuid)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Uses a challenge up. False when somebody else was faster or it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consume_challenge(
        &mut self,
        id: EmailChallengeId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE magic_links SET consumed_at = $2
             WHERE id = $1 AND consumed_at IS NULL AND superseded_at IS NULL AND expires_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Spends one try at the code and holds the challenge until this transaction ends, so that tries in parallel cannot
    /// exceed the limit. False when none is left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn spend_code_attempt(&mut self, id: EmailChallengeId, limit: i16) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE magic_links SET code_attempts = code_attempts + 1 WHERE id = $1 AND code_attempts < $2",
            id.uuid(),
            limit
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a try back that was spent on the right code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn return_code_attempt(&mut self, id: EmailChallengeId) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE magic_links SET code_attempts = code_attempts - 1 WHERE id = $1 AND code_attempts > 0",
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Leaves no try at the code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn spend_all_code_attempts(
        &mut self,
        id: EmailChallengeId,
        limit: i16,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE magic_links SET code_attempts = $2 WHERE id = $1 AND code_attempts < $2",
            id.uuid(),
            limit
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
