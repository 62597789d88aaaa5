//! Sign-ins that wait for a second factor.

use crate::{Store, StoreError, WorkspaceTx, sign_in::session::through};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::email::Email,
    core::{
        origin::{Bound, Origin},
        secret_hash::SecretHash,
    },
    sign_in::{email_challenge::ReturnTo, pending::PendingSignIn},
};
use iam_types::{AuthorizationId, PendingSignInId, SessionId, UserId, WorkspaceId};

struct Row {
    id: uuid::Uuid,
    browser_hash: Vec<u8>,
    user_id: uuid::Uuid,
    session_id: Option<uuid::Uuid>,
    address: String,
    amr: Vec<String>,
    workspace_id: Option<uuid::Uuid>,
    authorization_id: Option<uuid::Uuid>,
    host: Option<String>,
    connection_workspace_id: Option<uuid::Uuid>,
    connection_id: Option<uuid::Uuid>,
    slug: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Bound<PendingSignIn> {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = || StoreError::Inconsistent("pending_sign_ins");
        let origin = Origin::stored_anywhere(row.workspace_id.map(WorkspaceId::from_uuid), row.host)
            .ok_or_else(inconsistent)?;
        let pending = PendingSignIn {
            id: PendingSignInId::from_uuid(row.id),
            browser_hash: row.browser_hash.try_into().map_err(|_| inconsistent())?,
            user_id: UserId::from_uuid(row.user_id),
            session_id: row.session_id.map(SessionId::from_uuid),
            address: row.address.parse().map_err(|_| inconsistent())?,
            amr: row.amr,
            return_to: ReturnTo {
                workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
                authorization_id: row.authorization_id.map(AuthorizationId::from_uuid),
            },
            through: through(row.connection_workspace_id, row.connection_id, row.slug)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            finished_at: row.finished_at,
        };
        Ok(Self::new(origin, pending))
    }
}

impl Store {
    /// The sign-in that waits, or did, under this identifier.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending_sign_in(
        &self,
        id: PendingSignInId,
    ) -> Result<Option<Bound<PendingSignIn>>, StoreError> {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id, p.browser_hash, p.user_id, p.session_id, p.address, p.amr, p.workspace_id, p.authorization_id, p.host,
                      p.connection_workspace_id, p.connection_id, d.slug AS "slug?", p.created_at, p.expires_at, p.finished_at
               FROM pending_sign_ins p
               LEFT JOIN workspace_directory d ON d.workspace_id = p.connection_workspace_id
               WHERE p.id = $1"#,
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Bound::try_from)
        .transpose()
    }

    /// The latest that a browser began here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn latest_pending_sign_in_of(
        &self,
        browser_hash: &SecretHash,
        here: &Origin,
    ) -> Result<Option<Bound<PendingSignIn>>, StoreError> {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id, p.browser_hash, p.user_id, p.session_id, p.address, p.amr, p.workspace_id, p.authorization_id, p.host,
                      p.connection_workspace_id, p.connection_id, d.slug AS "slug?", p.created_at, p.expires_at, p.finished_at
               FROM pending_sign_ins p
               LEFT JOIN workspace_directory d ON d.workspace_id = p.connection_workspace_id
               WHERE p.browser_hash = $1 AND p.host IS NOT DISTINCT FROM $2
               ORDER BY p.created_at DESC, p.id DESC
               LIMIT 1"#,
            browser_hash.as_bytes(),
            here.host()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Bound::try_from)
        .transpose()
    }
}

impl WorkspaceTx {
    /// Writes a sign-in that waits, in place of another of the same session for the same.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_pending_sign_in(
        &mut self,
        pending: &PendingSignIn,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM pending_sign_ins
             WHERE session_id = $1 AND workspace_id IS NOT DISTINCT FROM $2 AND authorization_id IS NOT DISTINCT FROM $3",
            pending.session_id.map(SessionId::uuid),
            pending.return_to.workspace_id.map(WorkspaceId::uuid),
            pending.return_to.authorization_id.map(AuthorizationId::uuid)
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO pending_sign_ins
                 (id, browser_hash, user_id, session_id, address, amr, workspace_id, authorization_id, host, created_at, expires_at,
                  connection_workspace_id, connection_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            pending.id.uuid(),
            pending.browser_hash.as_bytes(),
            pending.user_id.uuid(),
            pending.session_id.map(SessionId::uuid),
            pending.address.as_str(),
            &pending.amr,
            pending.return_to.workspace_id.map(WorkspaceId::uuid),
            pending.return_to.authorization_id.map(AuthorizationId::uuid),
            origin.host(),
            pending.created_at,
            pending.expires_at,
            pending.through.as_ref().map(|through| through.workspace_id.uuid()),
            pending.through.as_ref().map(|through| through.connection_id.uuid())
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Finishes a sign-in that waits. False when somebody else was faster or it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finish_pending_sign_in(
        &mut self,
        id: PendingSignInId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE pending_sign_ins SET finished_at = $2
             WHERE id = $1 AND finished_at IS NULL AND expires_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends what waits for somebody to prove more who proved `address` first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_pending_sign_ins_by(&mut self, address: &Email) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM pending_sign_ins WHERE address = $1",
            address.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Ends what waits for a person to prove more, and what did, but for `kept`: nothing of it can be finished again. Waits for
    /// one that is being finished, whose session can then be ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_pending_sign_ins_of(
        &mut self,
        id: UserId,
        kept: Option<PendingSignInId>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM pending_sign_ins WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2)",
            id.uuid(),
            kept.map(PendingSignInId::uuid)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
