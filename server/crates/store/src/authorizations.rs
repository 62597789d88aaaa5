//! Authorization requests under way, and remembered consent.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{authorization::Authorization, scope::Scopes};
use iam_types::{AppId, AuthorizationId, UserId};

impl WorkspaceTx {
    /// Stores a request.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_authorization(
        &mut self,
        request: &Authorization,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO authorizations
                 (workspace_id, id, app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after,
                  ask_consent, choose_account, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            workspace_id,
            request.id.uuid(),
            request.app_id.uuid(),
            request.redirect_uri,
            &request.scopes.names(),
            request.state,
            request.nonce,
            request.code_challenge,
            request.login_hint,
            request.fresh_after,
            request.ask_consent,
            request.choose_account,
            now,
            request.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// A request that still waits.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_authorization(
        &mut self,
        id: AuthorizationId,
        now: DateTime<Utc>,
    ) -> Result<Option<Authorization>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            "SELECT app_id, redirect_uri, scopes, state, nonce, code_challenge, login_hint, fresh_after, ask_consent, choose_account, expires_at
             FROM authorizations
             WHERE workspace_id = $1 AND id = $2 AND decided_at IS NULL AND expires_at > $3",
            workspace_id,
            id.uuid(),
            now
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| Authorization {
            id,
            app_id: AppId::from_uuid(row.app_id),
            redirect_uri: row.redirect_uri,
            scopes: Scopes::stored(&row.scopes),
            state: row.state,
            nonce: row.nonce,
            code_challenge: row.code_challenge,
            login_hint: row.login_hint,
            fresh_after: row.fresh_after,
            ask_consent: row.ask_consent,
            choose_account: row.choose_account,
            expires_at: row.expires_at,
        }))
    }

    /// Ends a request; false when it was ended already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn decide_authorization(
        &mut self,
        id: AuthorizationId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE authorizations SET decided_at = $3 WHERE workspace_id = $1 AND id = $2 AND decided_at IS NULL AND expires_at > $3",
            workspace_id,
            id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What a member has let an app have so far.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn consented(&mut self, user_id: UserId, app_id: AppId) -> Result<Scopes, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let scopes = sqlx::query_scalar!(
            "SELECT scopes FROM consents WHERE workspace_id = $1 AND user_id = $2 AND app_id = $3",
            workspace_id,
            user_id.uuid(),
            app_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(scopes.map(|names| Scopes::stored(&names)).unwrap_or_default())
    }

    /// Remembers consent.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remember_consent(
        &mut self,
        user_id: UserId,
        app_id: AppId,
        scopes: &Scopes,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO consents (workspace_id, user_id, app_id, scopes, granted_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (workspace_id, user_id, app_id) DO UPDATE SET scopes = EXCLUDED.scopes, granted_at = EXCLUDED.granted_at",
            workspace_id,
            user_id.uuid(),
            app_id.uuid(),
            &scopes.names(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
