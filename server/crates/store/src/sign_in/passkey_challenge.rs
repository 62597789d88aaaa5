//! What authenticators were asked to sign.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::origin::{Bound, Origin},
    sign_in::{
        email_challenge::ReturnTo,
        passkey::{BoundTo, PasskeyChallenge},
    },
};
use iam_types::{AuthorizationId, PasskeyChallengeId, SessionId, WorkspaceId};

impl Store {
    /// Writes a new challenge.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_passkey_challenge(
        &self,
        challenge: &PasskeyChallenge,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        let (browser, session) = match &challenge.bound_to {
            BoundTo::Browser(hash) => (Some(hash.as_bytes()), None),
            BoundTo::Session(id) => (None, Some(id.uuid())),
        };
        sqlx::query!(
            "INSERT INTO passkey_challenges
                 (id, browser_hash, session_id, workspace_id, authorization_id, host, state, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            challenge.id.uuid(),
            browser,
            session,
            challenge.return_to.workspace_id.map(WorkspaceId::uuid),
            challenge.return_to.authorization_id.map(AuthorizationId::uuid),
            origin.host(),
            challenge.state,
            challenge.created_at,
            challenge.expires_at
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passkey_challenge(
        &self,
        id: PasskeyChallengeId,
    ) -> Result<Option<Bound<PasskeyChallenge>>, StoreError> {
        let row = sqlx::query!(
            "SELECT browser_hash, session_id, workspace_id, authorization_id, host, state, created_at, expires_at, consumed_at
             FROM passkey_challenges
             WHERE id = $1",
            id.uuid()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let inconsistent = || StoreError::Inconsistent("passkey_challenges");
        let origin = Origin::stored_anywhere(row.workspace_id.map(WorkspaceId::from_uuid), row.host)
            .ok_or_else(inconsistent)?;
        let bound_to = match (row.browser_hash, row.session_id) {
            (Some(hash), None) => BoundTo::Browser(hash.try_into().map_err(|_| inconsistent())?),
            (None, Some(id)) => BoundTo::Session(SessionId::from_uuid(id)),
            _ => return Err(inconsistent()),
        };
        let challenge = PasskeyChallenge {
            id,
            bound_to,
            return_to: ReturnTo {
                workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
                authorization_id: row.authorization_id.map(AuthorizationId::from_uuid),
            },
            state: row.state,
            created_at: row.created_at,
            expires_at: row.expires_at,
            consumed_at: row.consumed_at,
        };
        Ok(Some(Bound::new(origin, challenge)))
    }
}

impl WorkspaceTx {
    /// Uses a challenge up. False when somebody else was faster or it has ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consume_passkey_challenge(
        &mut self,
        id: PasskeyChallengeId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "UPDATE passkey_challenges SET consumed_at = $2
             WHERE id = $1 AND consumed_at IS NULL AND expires_at > $2",
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
