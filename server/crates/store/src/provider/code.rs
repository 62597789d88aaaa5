//! Authorization codes: each starts a family of tokens.

use super::refresh_token::{UnusedRefreshToken, Use};
use crate::{Store, StoreError, WorkspaceTx, audit::event::Events};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::{origin::Origin, secret_hash::SecretHash},
    provider::grant::Grant,
};
use iam_types::{AppId, AuthorizationId, GrantId, SessionId, WorkspaceId};
use serde_json::{Value, json};
use sqlx::{Executor, Postgres};

/// A code.
#[derive(Debug)]
pub struct Code {
    /// The family it starts.
    pub grant_id: GrantId,
    /// The app it was issued to.
    pub app_id: AppId,
    /// The redirect URI it was sent to.
    pub redirect_uri: String,
    /// For the ID token.
    pub nonce: Option<String>,
    /// PKCE challenge.
    pub code_challenge: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Whether it was redeemed before.
    pub redeemed: bool,
}

/// A code for a request, and the family that it starts.
#[derive(Debug)]
pub struct GrantedCode<'a> {
    /// The request.
    pub request: AuthorizationId,
    /// The session that answers it.
    pub session: SessionId,
    /// When.
    pub at: DateTime<Utc>,
    /// The family.
    pub grant: &'a Grant,
    /// Where it is good.
    pub origin: &'a Origin,
    /// The hash of the code.
    pub code_hash: &'a SecretHash,
    /// The code.
    pub code: &'a Code,
}

impl GrantedCode<'_> {
    async fn write(
        &self,
        executor: impl Executor<'_, Database = Postgres>,
        workspace_id: WorkspaceId,
        events: Value,
    ) -> Result<bool, StoreError> {
        let (grant, code) = (self.grant, self.code);
        let done = sqlx::query_scalar!(
            "VALUES (rooiam_grant_code($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20))",
            workspace_id.uuid(),
            self.request.uuid(),
            self.session.uuid(),
            self.at,
            grant.id.uuid(),
            grant.app_id.uuid(),
            grant.user_id.uuid(),
            grant.offline,
            &grant.scopes.names(),
            &grant.amr,
            grant.auth_time,
            grant.expires_at,
            self.origin.host(),
            self.code_hash.as_bytes(),
            code.redirect_uri,
            code.nonce,
            code.code_challenge,
            code.expires_at,
            events,
            grant.model
        )
        .fetch_one(executor)
        .await;
        match done {
            Ok(done) => Ok(done.unwrap_or_default()),
            // The session, the membership or the app ended meanwhile.
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl WorkspaceTx {
    /// Answers a request that nobody answered with a code, as [`Store::grant_code`] does. What the log is told is told with the
    /// rest of the transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grant_code(&mut self, granted: &GrantedCode<'_>) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id;
        granted.write(self.conn(), workspace_id, json!([])).await
    }

    /// Finds a code and holds it, so that a second redemption waits for the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_code(&mut self, code_hash: &SecretHash) -> Result<Option<Code>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        // The family before what is in it, as whoever deletes a family does: no deadlock with them.
        sqlx::query!(
            "SELECT g.id
             FROM token_grants g
             JOIN authorization_codes c ON c.workspace_id = g.workspace_id AND c.grant_id = g.id
             WHERE c.workspace_id = $1 AND c.code_hash = $2
             FOR KEY SHARE OF g",
            workspace_id,
            code_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        let row = sqlx::query!(
            r#"SELECT grant_id, app_id, redirect_uri, nonce, code_challenge, expires_at, redeemed_at IS NOT NULL AS "redeemed!"
               FROM authorization_codes
               WHERE workspace_id = $1 AND code_hash = $2
               FOR UPDATE"#,
            workspace_id,
            code_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| Code {
            grant_id: GrantId::from_uuid(row.grant_id),
            app_id: AppId::from_uuid(row.app_id),
            redirect_uri: row.redirect_uri,
            nonce: row.nonce,
            code_challenge: row.code_challenge,
            expires_at: row.expires_at,
            redeemed: row.redeemed,
        }))
    }
}

impl Store {
    /// Answers a request with a code that has not been redeemed, and tells the log. False when it was answered before: then
    /// nothing was done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grant_code(
        &self,
        workspace_id: WorkspaceId,
        granted: &GrantedCode<'_>,
        events: Events,
    ) -> Result<bool, StoreError> {
        granted.write(&self.pool, workspace_id, events.into_json()).await
    }

    /// Redeems a code, writes its family's first refresh token if there is one, and tells the log. False when it was redeemed
    /// before, or its family ended: then nothing was done.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn redeem_code(
        &self,
        used: Use<'_>,
        first: Option<&UnusedRefreshToken>,
        events: Events,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query_scalar!(
            "VALUES (rooiam_redeem_code($1, $2, $3, $4, $5, $6, $7, $8))",
            used.workspace.uuid(),
            used.grant.uuid(),
            used.hash.as_bytes(),
            first.map(|first| first.token_hash.as_bytes()),
            first.and_then(UnusedRefreshToken::salt),
            used.at,
            used.next_ends,
            events.into_json()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(done.unwrap_or_default())
    }
}
