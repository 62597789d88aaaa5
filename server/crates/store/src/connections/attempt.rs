//! Sign-ins under way at providers.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    connections::attempt::{Attempt, Purpose, Returned},
    core::{
        origin::{Bound, Origin},
        secret_hash::SecretHash,
    },
    sign_in::email_challenge::ReturnTo,
};
use iam_types::{
    AuthorizationId, ConnectionAttemptId, ConnectionId, EmailChallengeId, SessionId, WorkspaceId,
};

struct Row {
    id: uuid::Uuid,
    connection_id: uuid::Uuid,
    state_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    session_id: Option<uuid::Uuid>,
    test: bool,
    return_workspace_id: Option<uuid::Uuid>,
    authorization_id: Option<uuid::Uuid>,
    host: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    consumed_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    subject: Option<String>,
    label: Option<String>,
    challenge_id: Option<uuid::Uuid>,
}

fn bound(row: Row, workspace_id: WorkspaceId) -> Result<Bound<Attempt>, StoreError> {
    let inconsistent = |_| StoreError::Inconsistent("connection_attempts");
    let origin = Origin::stored(workspace_id, row.host);
    let attempt = Attempt {
        id: ConnectionAttemptId::from_uuid(row.id),
        connection_id: ConnectionId::from_uuid(row.connection_id),
        purpose: match row.session_id.map(SessionId::from_uuid) {
            None => Purpose::SignIn,
            Some(session) if row.test => Purpose::Test(session),
            Some(session) => Purpose::Link(session),
        },
        state_hash: row.state_hash.try_into().map_err(inconsistent)?,
        browser_hash: row.browser_hash.try_into().map_err(inconsistent)?,
        return_to: ReturnTo {
            // Only at the platform's providers people arrive who want to go elsewhere.
            workspace_id: match workspace_id {
                WorkspaceId::PLATFORM => row.return_workspace_id.map(WorkspaceId::from_uuid),
                own => Some(own),
            },
            authorization_id: row.authorization_id.map(AuthorizationId::from_uuid),
        },
        created_at: row.created_at,
        expires_at: row.expires_at,
        consumed_at: row.consumed_at,
        failed_at: row.failed_at,
        returned: row
            .subject
            .zip(row.label)
            .map(|(subject, label)| Returned { subject, label }),
        challenge_id: row.challenge_id.map(EmailChallengeId::from_uuid),
    };
    Ok(Bound::new(origin, attempt))
}

impl WorkspaceTx {
    /// The sign-in that its state names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn attempt_by_state(
        &mut self,
        state_hash: &SecretHash,
    ) -> Result<Option<Bound<Attempt>>, StoreError> {
        let workspace_id = self.workspace_id;
        let row = sqlx::query_as!(
            Row,
            "SELECT id, connection_id, state_hash, browser_hash, session_id, test, return_workspace_id, authorization_id, host, created_at,
                    expires_at, consumed_at, failed_at, subject, label, challenge_id
             FROM connection_attempts
             WHERE workspace_id = $1 AND state_hash = $2",
            workspace_id.uuid(),
            state_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        row.map(|row| bound(row, workspace_id)).transpose()
    }

    /// A sign-in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn attempt(&mut self, id: ConnectionAttemptId) -> Result<Option<Bound<Attempt>>, StoreError> {
        let workspace_id = self.workspace_id;
        let row = sqlx::query_as!(
            Row,
            "SELECT id, connection_id, state_hash, browser_hash, session_id, test, return_workspace_id, authorization_id, host, created_at,
                    expires_at, consumed_at, failed_at, subject, label, challenge_id
             FROM connection_attempts
             WHERE workspace_id = $1 AND id = $2",
            workspace_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        row.map(|row| bound(row, workspace_id)).transpose()
    }

    /// The name of the provider that a sign-in was sent to, where people sign in through it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempted_at(&mut self, id: ConnectionAttemptId) -> Result<Option<String>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_scalar!(
            "SELECT c.name
             FROM connection_attempts a
             JOIN connections c ON c.workspace_id = a.workspace_id AND c.id = a.connection_id
             WHERE a.workspace_id = $1 AND a.id = $2 AND c.disabled_at IS NULL",
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?)
    }

    /// Writes a sign-in that begins.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_attempt(&mut self, attempt: &Attempt, origin: &Origin) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let session = match attempt.purpose {
            Purpose::SignIn => None,
            Purpose::Link(id) | Purpose::Test(id) => Some(id.uuid()),
        };
        sqlx::query!(
            "INSERT INTO connection_attempts
                 (workspace_id, id, connection_id, state_hash, browser_hash, session_id, test, return_workspace_id, authorization_id,
                  host, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            workspace_id,
            attempt.id.uuid(),
            attempt.connection_id.uuid(),
            attempt.state_hash.as_bytes(),
            attempt.browser_hash.as_bytes(),
            session,
            matches!(attempt.purpose, Purpose::Test(_)),
            attempt.return_to.workspace_id.map(WorkspaceId::uuid),
            attempt.return_to.authorization_id.map(AuthorizationId::uuid),
            origin.host(),
            attempt.created_at,
            attempt.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Uses a sign-in up. False when somebody else was faster or it is too late.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consume_attempt(
        &mut self,
        id: ConnectionAttemptId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE connection_attempts SET consumed_at = $3
             WHERE workspace_id = $1 AND id = $2 AND consumed_at IS NULL AND expires_at > $3",
            workspace_id,
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes down that nothing came of a sign-in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempt_failed(
        &mut self,
        id: ConnectionAttemptId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE connection_attempts SET failed_at = $3 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Keeps who somebody turned out to be, until a mail says whose account that is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_returned(
        &mut self,
        id: ConnectionAttemptId,
        returned: &Returned,
        challenge: EmailChallengeId,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE connection_attempts SET subject = $3, label = $4, challenge_id = $5 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            returned.subject,
            returned.label,
            challenge.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Keeps what a test came to, sealed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn keep_trace(&mut self, id: ConnectionAttemptId, sealed: &[u8]) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE connection_attempts SET trace = $3 WHERE workspace_id = $1 AND id = $2 AND test",
            workspace_id,
            id.uuid(),
            sealed
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// What a test came to, sealed, once it came to something.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn trace(&mut self, id: ConnectionAttemptId) -> Result<Option<Vec<u8>>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let found = sqlx::query_scalar!(
            "SELECT trace FROM connection_attempts WHERE workspace_id = $1 AND id = $2 AND test",
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(found.flatten())
    }
}
