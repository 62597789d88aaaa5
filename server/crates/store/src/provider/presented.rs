//! What an app presents at the token endpoint: itself, and a code or token. Read and held together.

use super::{grant::LockedCode, refresh_token::LockedRefreshToken};
use crate::{StoreError, WorkspaceTx, apps::app::Row as AppRow};
use iam_domain::{apps::app::App, core::secret_hash::SecretHash};
use iam_types::{AppId, GrantId};

/// An enabled app, and what it presented.
#[derive(Debug)]
pub struct Presented<T> {
    /// The app.
    pub app: App,
    /// The hash of its live secret.
    pub secret: Option<SecretHash>,
    /// What it presented, held for the rest of the transaction so that a second use waits for the first. It may be another
    /// app's.
    pub held: Option<T>,
}

impl<T> Presented<T> {
    fn read(app: AppRow, secret: Option<Vec<u8>>, held: Option<T>) -> Result<Self, StoreError> {
        let secret = secret.map(TryInto::try_into).transpose();
        Ok(Self {
            app: app.try_into()?,
            secret: secret.map_err(|_| StoreError::Inconsistent("app_secrets"))?,
            held,
        })
    }

    /// The same with what is held as something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Presented<U> {
        Presented {
            app: self.app,
            secret: self.secret,
            held: self.held.map(change),
        }
    }
}

impl WorkspaceTx {
    /// The app `id` with the code of this hash. The family is held before what is in it, as whoever deletes a family does: no
    /// deadlock with them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn presented_code(
        &mut self,
        id: AppId,
        code_hash: &SecretHash,
    ) -> Result<Option<Presented<LockedCode>>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"WITH held AS MATERIALIZED (
                   SELECT c.grant_id, c.app_id, c.redirect_uri, c.nonce, c.code_challenge, c.expires_at,
                          c.redeemed_at IS NOT NULL AS redeemed
                   FROM token_grants g
                   JOIN authorization_codes c ON c.workspace_id = g.workspace_id AND c.grant_id = g.id
                   WHERE c.workspace_id = $1 AND c.code_hash = $3
                   FOR KEY SHARE OF g FOR UPDATE OF c
               )
               SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
                      ARRAY(
                          SELECT r.uri FROM app_redirect_uris r
                          WHERE r.workspace_id = a.workspace_id AND r.app_id = a.id
                          ORDER BY r.uri
                      ) AS "redirect_uris!",
                      s.secret_hash AS "secret_hash?", h.grant_id AS "grant_id?", h.app_id AS "app_id?",
                      h.redirect_uri AS "redirect_uri?", h.nonce AS "nonce?", h.code_challenge AS "code_challenge?",
                      h.expires_at AS "expires_at?", h.redeemed AS "redeemed?"
               FROM apps a
               LEFT JOIN app_secrets s ON s.workspace_id = a.workspace_id AND s.app_id = a.id AND s.revoked_at IS NULL
               LEFT JOIN held h ON true
               WHERE a.workspace_id = $1 AND a.id = $2 AND a.disabled_at IS NULL"#,
            workspace_id,
            id.uuid(),
            code_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let nonce = row.nonce;
        let held = || {
            Some(LockedCode {
                grant_id: GrantId::from_uuid(row.grant_id?),
                app_id: AppId::from_uuid(row.app_id?),
                redirect_uri: row.redirect_uri?,
                nonce,
                code_challenge: row.code_challenge?,
                expires_at: row.expires_at?,
                redeemed: row.redeemed?,
            })
        };
        let held = held();
        let app = AppRow {
            id: id.uuid(),
            name: row.name,
            client_type: row.client_type,
            id_token_alg: row.id_token_alg,
            created_at: row.created_at,
            disabled_at: None,
            redirect_uris: row.redirect_uris,
        };
        Presented::read(app, row.secret_hash, held).map(Some)
    }

    /// The app `id` with the refresh token of this hash, as [`presented_code`](Self::presented_code). Without redirect URIs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn presented_refresh_token(
        &mut self,
        id: AppId,
        token_hash: &SecretHash,
    ) -> Result<Option<Presented<LockedRefreshToken>>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"WITH held AS MATERIALIZED (
                   SELECT t.grant_id, t.expires_at, t.used_at
                   FROM token_grants g
                   JOIN refresh_tokens t ON t.workspace_id = g.workspace_id AND t.grant_id = g.id
                   WHERE t.workspace_id = $1 AND t.token_hash = $3
                   FOR KEY SHARE OF g FOR UPDATE OF t
               )
               SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
                      '{}'::text[] AS "redirect_uris!",
                      s.secret_hash AS "secret_hash?", h.grant_id AS "grant_id?", h.expires_at AS "expires_at?", h.used_at AS "used_at?"
               FROM apps a
               LEFT JOIN app_secrets s ON s.workspace_id = a.workspace_id AND s.app_id = a.id AND s.revoked_at IS NULL
               LEFT JOIN held h ON true
               WHERE a.workspace_id = $1 AND a.id = $2 AND a.disabled_at IS NULL"#,
            workspace_id,
            id.uuid(),
            token_hash.as_bytes()
        )
        .fetch_optional(self.conn())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let held = row
            .grant_id
            .zip(row.expires_at)
            .map(|(grant_id, expires_at)| LockedRefreshToken {
                grant_id: GrantId::from_uuid(grant_id),
                expires_at,
                used_at: row.used_at,
            });
        let app = AppRow {
            id: id.uuid(),
            name: row.name,
            client_type: row.client_type,
            id_token_alg: row.id_token_alg,
            created_at: row.created_at,
            disabled_at: None,
            redirect_uris: row.redirect_uris,
        };
        Presented::read(app, row.secret_hash, held).map(Some)
    }
}
