//! What an app presents at the token endpoint: itself, and a code or token, with what these stand for. All of it is read at
//! once and nothing is held: whoever uses it says what was read, and is told whether it was still so.

use super::{
    code::Code,
    refresh_token::{RefreshToken, UnusedRefreshToken},
    token_grant::{Row as GrantRow, TokenGrant},
};
use crate::{Store, StoreError, apps::app::Row as AppRow};
use iam_domain::{
    apps::app::App,
    core::{origin::Bound, secret_hash::SecretHash},
    workspaces::workspace::{Entry, State},
};
use iam_types::{AppId, GrantId, Slug, WorkspaceId};

/// An enabled app, and what it presented.
#[derive(Debug)]
pub struct Presented {
    /// The app; with its redirect URIs where it presents a code.
    pub app: App,
    /// The hash of its live secret.
    pub secret: Option<SecretHash>,
    /// What it presented. It may be another app's.
    pub credential: Option<Credential>,
    /// The family of that, and whom it speaks of; nothing when the person was disabled.
    pub about: Option<Bound<TokenGrant>>,
}

/// What stands for a family.
#[derive(Debug)]
pub enum Credential {
    /// A code, and its hash.
    Code(SecretHash, Code),
    /// A refresh token, and its hash.
    RefreshToken(SecretHash, RefreshToken),
}

/// The hash of what an app presents.
#[derive(Debug, Clone, Copy)]
pub enum PresentedHash {
    /// Of a code.
    Code(SecretHash),
    /// Of a refresh token.
    RefreshToken(SecretHash),
    /// It presents nothing that could be ours.
    Nothing,
}

impl Store {
    /// The workspace behind `slug`, and there the app `id` with what it presents; nothing for an app that is unknown there or
    /// switched off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn presented(
        &self,
        slug: &Slug,
        id: AppId,
        hash: PresentedHash,
    ) -> Result<Option<(Entry, Option<Presented>)>, StoreError> {
        let (code_hash, token_hash) = match &hash {
            PresentedHash::Code(hash) => (Some(hash.as_bytes()), None),
            PresentedHash::RefreshToken(hash) => (None, Some(hash.as_bytes())),
            PresentedHash::Nothing => (None, None),
        };
        let row = sqlx::query!(
            r#"SELECT e.workspace_id AS "workspace_id!", e.suspended AS "suspended!", e.ending AS "ending!", e.deleted AS "deleted!",
                      p.name AS "name?", p.client_type AS "client_type?", p.id_token_alg AS "id_token_alg?",
                      p.created_at AS "created_at?", p.redirect_uris AS "redirect_uris?", p.secret_hash, p.grant_id AS "grant_id?",
                      p.presented_expires_at AS "presented_expires_at?", p.used_at, p.issued_to AS "issued_to?",
                      p.redirect_uri AS "redirect_uri?", p.nonce, p.code_challenge AS "code_challenge?",
                      p.successor AS "successor: Vec<Option<Vec<u8>>>", p.app_id AS "app_id?", p.user_id AS "user_id?", p.session_id, p.offline AS "offline?",
                      p.scopes AS "scopes?", p.amr AS "amr?", p.auth_time AS "auth_time?", p.expires_at AS "expires_at?", p.host,
                      p.revoked AS "revoked?", p.sign_in_max_age, p.sign_in_ceiling, p.two_factors AS "two_factors?",
                      p.refused_methods AS "refused_methods?", p.model, p.models, p.display_name AS "display_name?", p.picture_id,
                      p.email AS "email?", p.roles, p.key_id
               FROM rooiam_enter($1) e
               LEFT JOIN LATERAL rooiam_presented(e.workspace_id, $2, $3, $4) p ON true"#,
            slug.as_str(),
            id.uuid(),
            code_hash,
            token_hash
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let entry = Entry {
            id: WorkspaceId::from_uuid(row.workspace_id),
            state: State::of(row.suspended, row.ending, row.deleted),
        };
        let app = AppRow::enabled(
            id.uuid(),
            row.name,
            row.client_type,
            row.id_token_alg,
            row.created_at,
            row.redirect_uris,
        );
        let Some(app) = app else {
            return Ok(Some((entry, None)));
        };
        let grant_id = row.grant_id.map(GrantId::from_uuid);
        let about = || {
            let about = GrantRow {
                app_id: row.app_id?,
                user_id: row.user_id?,
                session_id: row.session_id,
                offline: row.offline?,
                scopes: row.scopes?,
                amr: row.amr?,
                auth_time: row.auth_time?,
                expires_at: row.expires_at?,
                host: row.host,
                revoked: row.revoked?,
                sign_in_max_age: row.sign_in_max_age,
                sign_in_ceiling: row.sign_in_ceiling,
                two_factors: row.two_factors?,
                refused_methods: row.refused_methods?,
                model: row.model,
                models: row.models,
                display_name: row.display_name?,
                picture_id: row.picture_id,
                email: row.email?,
                roles: row.roles,
                key_id: row.key_id,
            };
            Some(about.bound(entry.id, grant_id?))
        };
        let successor = row.successor.map(successor).transpose()?;
        let credential = || match hash {
            PresentedHash::Code(hash) => Some(Credential::Code(
                hash,
                Code {
                    grant_id: grant_id?,
                    app_id: AppId::from_uuid(row.issued_to?),
                    redirect_uri: row.redirect_uri?,
                    nonce: row.nonce,
                    code_challenge: row.code_challenge?,
                    expires_at: row.presented_expires_at?,
                    redeemed: row.used_at.is_some(),
                },
            )),
            PresentedHash::RefreshToken(hash) => Some(Credential::RefreshToken(
                hash,
                RefreshToken {
                    grant_id: grant_id?,
                    expires_at: row.presented_expires_at?,
                    used_at: row.used_at,
                    successor,
                },
            )),
            PresentedHash::Nothing => None,
        };
        let secret = row.secret_hash.map(TryInto::try_into).transpose();
        let presented = Presented {
            app: app.try_into()?,
            secret: secret.map_err(|_| StoreError::Inconsistent("app_secrets"))?,
            about: about(),
            credential: credential(),
        };
        Ok(Some((entry, Some(presented))))
    }
}

fn successor(hash_and_salt: Vec<Option<Vec<u8>>>) -> Result<UnusedRefreshToken, StoreError> {
    let inconsistent = || StoreError::Inconsistent("refresh_tokens");
    let [Some(hash), salt]: [_; 2] = hash_and_salt.try_into().map_err(|_| inconsistent())? else {
        return Err(inconsistent());
    };
    Ok(UnusedRefreshToken {
        token_hash: hash.try_into().map_err(|_| inconsistent())?,
        retry_salt: salt
            .map(TryInto::try_into)
            .transpose()
            .map_err(|_| inconsistent())?,
    })
}
