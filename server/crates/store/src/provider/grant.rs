//! Families of tokens, and the code that each comes from.

use crate::{StoreError, WorkspaceTx, workspaces::workspace::secs};
use chrono::{DateTime, Utc};
use iam_domain::{
    core::origin::{Bound, Origin},
    core::secret_hash::SecretHash,
    provider::{
        grant::{Grant, RevokeReason},
        scope::Scopes,
    },
    workspaces::workspace::stricter,
};
use iam_types::{AppId, GrantId, SessionId, UserId};

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
    /// Writes a new family.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_grant(
        &mut self,
        grant: &Grant,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO token_grants (workspace_id, id, app_id, user_id, session_id, offline, scopes, amr, auth_time, created_at, expires_at, host)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            workspace_id,
            grant.id.uuid(),
            grant.app_id.uuid(),
            grant.user_id.uuid(),
            grant.session_id.map(SessionId::uuid),
            grant.offline,
            &grant.scopes.names(),
            &grant.amr,
            grant.auth_time,
            now,
            grant.expires_at,
            origin.host()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// A family; `None` too when its person was disabled or its app switched off. Grants end with the membership, and with
    /// the sign-in that they came from where the workspace wants a fresh one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grant(&mut self, id: GrantId) -> Result<Option<Bound<Grant>>, StoreError> {
        let workspace_id = self.workspace_id;
        let row = sqlx::query!(
            r#"SELECT g.app_id, g.user_id, g.session_id, g.offline, g.scopes, g.amr, g.auth_time, g.expires_at, g.host,
                      g.revoked_at IS NOT NULL AS "revoked!", w.sign_in_max_age, p.sign_in_ceiling
               FROM token_grants g
               JOIN users u ON u.id = g.user_id AND u.disabled_at IS NULL
               JOIN apps a ON a.workspace_id = g.workspace_id AND a.id = g.app_id AND a.disabled_at IS NULL
               JOIN workspaces w ON w.id = g.workspace_id
               CROSS JOIN platform_settings p
               WHERE g.workspace_id = $1 AND g.id = $2"#,
            workspace_id.uuid(),
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| {
            let limit = stricter(row.sign_in_max_age.map(secs), row.sign_in_ceiling.map(secs));
            let grant = Grant {
                id,
                app_id: AppId::from_uuid(row.app_id),
                user_id: UserId::from_uuid(row.user_id),
                session_id: row.session_id.map(SessionId::from_uuid),
                offline: row.offline,
                scopes: Scopes::stored(&row.scopes),
                amr: row.amr,
                auth_time: row.auth_time,
                expires_at: row.expires_at,
                revoked: row.revoked,
            };
            Bound::new(Origin::stored(workspace_id, row.host), grant.within(limit))
        }))
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

    /// Writes a code that has not been redeemed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_code(
        &mut self,
        code_hash: &SecretHash,
        code: &LockedCode,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO authorization_codes (workspace_id, code_hash, grant_id, app_id, redirect_uri, nonce, code_challenge, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            workspace_id,
            code_hash.as_bytes(),
            code.grant_id.uuid(),
            code.app_id.uuid(),
            code.redirect_uri,
            code.nonce,
            code.code_challenge,
            now,
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

    /// Marks a locked code as redeemed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn redeem_code(
        &mut self,
        code_hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE authorization_codes SET redeemed_at = $3 WHERE workspace_id = $1 AND code_hash = $2 AND redeemed_at IS NULL",
            workspace_id,
            code_hash.as_bytes(),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
