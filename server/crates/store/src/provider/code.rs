//! Authorization codes: each starts a family of tokens.

use super::refresh_token::{UnusedRefreshToken, Use};
use crate::{Store, StoreError, WorkspaceTx, audit::event::Events};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::{origin::Origin, secret_hash::SecretHash},
    provider::{authorization::Answer, grant::Grant},
};
use iam_types::{AppId, AuthorizationId, GrantId, SessionId};

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

impl WorkspaceTx {
    /// Answers a held request with a code that has not been redeemed: the answer, the new family and its code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grant_with_code(
        &mut self,
        answered: (AuthorizationId, Answer),
        grant: &Grant,
        origin: &Origin,
        code_hash: &SecretHash,
        code: &Code,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let (request, answer) = answered;
        sqlx::query!(
            "WITH answered AS (
                 UPDATE authorizations SET decided_at = $3, decided_by = $4, denied = $5
                 WHERE workspace_id = $1 AND id = $2 AND decided_at IS NULL
             ), granted AS (
                 INSERT INTO token_grants (workspace_id, id, app_id, user_id, session_id, offline, scopes, amr, auth_time,
                                           created_at, expires_at, host)
                 VALUES ($1, $6, $7, $8, $9, $10, $11, $12, $13, $3, $14, $15)
             )
             INSERT INTO authorization_codes (workspace_id, code_hash, grant_id, app_id, redirect_uri, nonce, code_challenge,
                                              created_at, expires_at)
             VALUES ($1, $16, $6, $7, $17, $18, $19, $3, $20)",
            workspace_id,
            request.uuid(),
            answer.at,
            answer.session_id.uuid(),
            answer.denied,
            grant.id.uuid(),
            grant.app_id.uuid(),
            grant.user_id.uuid(),
            grant.session_id.map(SessionId::uuid),
            grant.offline,
            &grant.scopes.names(),
            &grant.amr,
            grant.auth_time,
            grant.expires_at,
            origin.host(),
            code_hash.as_bytes(),
            code.redirect_uri,
            code.nonce,
            code.code_challenge,
            code.expires_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
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
            r#"VALUES (rooiam_redeem_code($1, $2, $3, $4, $5, $6, $7, $8))"#,
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
