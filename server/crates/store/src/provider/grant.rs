//! Families of tokens, and the code that each comes from.

use super::refresh_token::UnusedRefreshToken;
use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::origin::Origin,
    core::secret_hash::SecretHash,
    provider::{
        authorization::Answer,
        grant::{Grant, RevokeReason},
    },
};
use iam_types::{AppId, AuthorizationId, GrantId, SessionId, UserId};

/// A code, locked for the rest of the transaction.
#[derive(Debug)]
pub struct LockedCode {
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

/// A family that lives, as a list shows it.
#[derive(Debug)]
pub struct ActiveGrant {
    /// Which one.
    pub id: GrantId,
    /// Name of its app.
    pub app: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// Whether it outlives the session.
    pub offline: bool,
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
        code: &LockedCode,
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

    /// The living families of a person, the newest first, with their apps' names.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grants_of(
        &mut self,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<ActiveGrant>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            "SELECT g.id, a.name, g.created_at, g.offline
             FROM token_grants g
             JOIN apps a ON a.workspace_id = g.workspace_id AND a.id = g.app_id
             WHERE g.workspace_id = $1 AND g.user_id = $2 AND g.revoked_at IS NULL AND g.expires_at > $3
               AND (g.offline OR g.session_id IS NOT NULL)
             ORDER BY g.created_at DESC
             LIMIT 50",
            workspace_id,
            user_id.uuid(),
            now
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ActiveGrant {
                id: GrantId::from_uuid(row.id),
                app: row.name,
                created_at: row.created_at,
                offline: row.offline,
            })
            .collect())
    }

    /// Kills a family; false when it was dead.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_grant(
        &mut self,
        id: GrantId,
        reason: RevokeReason,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE token_grants SET revoked_at = $3, revoke_reason = $4 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
            workspace_id,
            id.uuid(),
            now,
            reason.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Finds a code and holds it, so that a second redemption waits for the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_code(&mut self, code_hash: &SecretHash) -> Result<Option<LockedCode>, StoreError> {
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
        Ok(row.map(|row| LockedCode {
            grant_id: GrantId::from_uuid(row.grant_id),
            app_id: AppId::from_uuid(row.app_id),
            redirect_uri: row.redirect_uri,
            nonce: row.nonce,
            code_challenge: row.code_challenge,
            expires_at: row.expires_at,
            redeemed: row.redeemed,
        }))
    }

    /// Marks a locked code as redeemed, and writes its family's first refresh token if there is one.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it was not locked; [`StoreError::Database`].
    pub async fn redeem_code(
        &mut self,
        code_hash: &SecretHash,
        first: Option<&UnusedRefreshToken>,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let redeemed = sqlx::query_scalar!(
            r#"WITH redeemed AS (
                   UPDATE authorization_codes SET redeemed_at = $3
                   WHERE workspace_id = $1 AND code_hash = $2 AND redeemed_at IS NULL
                   RETURNING grant_id
               ), first AS (
                   INSERT INTO refresh_tokens (workspace_id, token_hash, grant_id, created_at, expires_at, retry_salt)
                   SELECT $1, $4, grant_id, $3, $5, $6 FROM redeemed WHERE $4::bytea IS NOT NULL
               )
               SELECT count(*) AS "count!" FROM redeemed"#,
            workspace_id,
            code_hash.as_bytes(),
            now,
            first.map(|first| first.token_hash.as_bytes()),
            expires_at,
            first.and_then(|first| first.retry_salt.as_ref().map(<[u8; 32]>::as_slice))
        )
        .fetch_one(self.conn())
        .await?;
        if redeemed == 1 {
            Ok(())
        } else {
            Err(StoreError::Inconsistent("authorization_codes"))
        }
    }
}
