//! Sign-in challenges.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::magic_link::{Errand, MagicLink};
use iam_types::{AuthorizationId, MagicLinkId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    address: String,
    code_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    workspace_id: Option<uuid::Uuid>,
    authorization_id: Option<uuid::Uuid>,
    expires_at: DateTime<Utc>,
    code_attempts: i16,
    ended: bool,
}

impl TryFrom<Row> for MagicLink {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = || StoreError::Inconsistent("magic_links");
        Ok(Self {
            id: MagicLinkId::from_uuid(row.id),
            address: row.address.parse().map_err(|_| inconsistent())?,
            errand: Errand {
                workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
                authorization_id: row.authorization_id.map(AuthorizationId::from_uuid),
            },
            code_hash: row.code_hash.try_into().map_err(|_| inconsistent())?,
            browser_hash: row.browser_hash.try_into().map_err(|_| inconsistent())?,
            expires_at: row.expires_at,
            code_attempts: row.code_attempts,
            ended: row.ended,
        })
    }
}

impl Store {
    /// The challenge behind a link.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn magic_link_by_hash(&self, link_hash: &[u8; 32]) -> Result<Option<MagicLink>, StoreError> {
        sqlx::query_as!(
            Row,
            r#"SELECT id, address, code_hash, browser_hash, workspace_id, authorization_id, expires_at, code_attempts,
                      (consumed_at IS NOT NULL OR superseded_at IS NOT NULL) AS "ended!"
               FROM magic_links
               WHERE link_hash = $1"#,
            link_hash
        )
        .fetch_optional(&self.pool)
        .await?
        .map(MagicLink::try_from)
        .transpose()
    }

    /// The latest challenge that a browser asked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_magic_link_of(
        &self,
        browser_hash: &[u8; 32],
    ) -> Result<Option<MagicLink>, StoreError> {
        sqlx::query_as!(
            Row,
            r#"SELECT id, address, code_hash, browser_hash, workspace_id, authorization_id, expires_at, code_attempts,
                      (consumed_at IS NOT NULL OR superseded_at IS NOT NULL) AS "ended!"
               FROM magic_links
               WHERE browser_hash = $1
               ORDER BY id DESC
               LIMIT 1"#,
            browser_hash
        )
        .fetch_optional(&self.pool)
        .await?
        .map(MagicLink::try_from)
        .transpose()
    }

    /// Spends one try at the code before it is compared, so that tries in parallel cannot exceed the limit.
    /// False when none is left.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn spend_code_attempt(&self, id: MagicLinkId, limit: i16) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE magic_links SET code_attempts = code_attempts + 1 WHERE id = $1 AND code_attempts < $2",
            id.uuid(),
            limit
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

impl WorkspaceTx {
    /// Writes a new challenge; the older ones of this address in this browser stop working.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_magic_link(
        &mut self,
        link: &MagicLink,
        link_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE magic_links SET superseded_at = $3
             WHERE address = $1 AND browser_hash = $2 AND consumed_at IS NULL AND superseded_at IS NULL",
            link.address.as_str(),
            &link.browser_hash,
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO magic_links (id, address, link_hash, code_hash, browser_hash, workspace_id, authorization_id, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            link.id.uuid(),
            link.address.as_str(),
            link_hash,
            &link.code_hash,
            &link.browser_hash,
            link.errand.workspace_id.map(WorkspaceId::uuid),
            link.errand.authorization_id.map(AuthorizationId::uuid),
            now,
            link.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Uses a challenge up. False when somebody else was faster or it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consume_magic_link(
        &mut self,
        id: MagicLinkId,
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
}
