//! A person at an app: what decides whether the app may know them, read at once.

use super::authorization::Row as AuthorizationRow;
use crate::{
    Store, StoreError, WorkspaceTx,
    apps::app::Row as AppRow,
    members::member::role,
    sign_in::policy::{both, time},
};
use iam_domain::{
    apps::app::App,
    core::origin::{Bound, Origin},
    provider::{authorization::Authorization, scope::Scopes},
    sign_in::{decision::SignInPolicy, models::Models},
    workspaces::workspace::{Entry, State},
};
use iam_types::{AppId, AuthorizationId, Role, Slug, UserId, WorkspaceId};

/// A person, or nobody yet, at an enabled app.
#[derive(Debug)]
pub struct Visit {
    /// The app.
    pub app: App,
    /// What its workspace asks of a sign-in.
    pub policy: SignInPolicy,
    /// What the person is in the workspace, if they are a member.
    pub role: Option<Role>,
    /// What the person has let the app have so far, here: who owns a host could answer there for others.
    pub consented: Scopes,
}

impl Store {
    /// The workspace behind `slug`, a request there, and `user_id` at its app; nothing for a request whose app is switched off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn request_with_visit(
        &self,
        slug: &Slug,
        id: AuthorizationId,
        user_id: UserId,
        here: &Origin,
    ) -> Result<Option<(Entry, Option<(Bound<Authorization>, Visit)>)>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT e.workspace_id AS "workspace_id!", e.suspended AS "suspended!", e.ending AS "ending!", e.deleted AS "deleted!",
                      q.app_id AS "app_id?", q.redirect_uri AS "redirect_uri?", q.scopes AS "scopes?", q.state, q.nonce,
                      q.code_challenge AS "code_challenge?", q.login_hint, q.fresh_after, q.ask_consent AS "ask_consent?",
                      q.choose_account AS "choose_account?", q.expires_at AS "expires_at?", q.decided_at, q.decided_by,
                      q.denied AS "denied?", q.host, q.hinted_user_id, q.name AS "name?", q.client_type AS "client_type?",
                      q.id_token_alg AS "id_token_alg?", q.created_at AS "created_at?", q.redirect_uris AS "redirect_uris?",
                      q.sign_in_max_age, q.sign_in_ceiling, q.max_idle, q.two_factors, q.same_network, q.refused_methods, q.models, q.least_assurance AS "least_assurance?",
                      q.role, q.consented
               FROM rooiam_enter($1) e
               LEFT JOIN LATERAL rooiam_request(e.workspace_id, $2, $3, $4) q ON true"#,
            slug.as_str(),
            id.uuid(),
            user_id.uuid(),
            here.host()
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
        let read = || {
            let request = AuthorizationRow {
                id: id.uuid(),
                app_id: row.app_id?,
                redirect_uri: row.redirect_uri?,
                scopes: row.scopes?,
                state: row.state,
                nonce: row.nonce,
                code_challenge: row.code_challenge?,
                login_hint: row.login_hint,
                fresh_after: row.fresh_after,
                ask_consent: row.ask_consent?,
                choose_account: row.choose_account?,
                expires_at: row.expires_at?,
                decided_at: row.decided_at,
                decided_by: row.decided_by,
                denied: row.denied?,
                host: row.host,
                hinted_user_id: row.hinted_user_id,
                least_assurance: row.least_assurance?,
            };
            let app = AppRow::enabled(
                request.app_id,
                row.name,
                row.client_type,
                row.id_token_alg,
                row.created_at,
                row.redirect_uris,
            )?;
            Some((request.bound(entry.id), app))
        };
        let Some((request, app)) = read() else {
            return Ok(Some((entry, None)));
        };
        let visit = Visit {
            app: app.try_into()?,
            policy: SignInPolicy {
                max_idle: time(row.max_idle),
                same_network: row.same_network.unwrap_or_default(),
                models: Models::combined(row.models.as_deref()),
                ..both(
                    row.sign_in_max_age,
                    row.sign_in_ceiling,
                    row.two_factors,
                    row.refused_methods,
                )
            },
            role: row.role.as_deref().map(role).transpose()?,
            consented: row
                .consented
                .map(|names| Scopes::stored(&names))
                .unwrap_or_default(),
        };
        Ok(Some((entry, Some((request, visit)))))
    }
}

impl WorkspaceTx {
    /// `user_id` at the app `id`; `None` when that is switched off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn visit(
        &mut self,
        id: AppId,
        user_id: Option<UserId>,
        here: &Origin,
    ) -> Result<Option<Visit>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"SELECT a.name, a.client_type, a.id_token_alg, a.created_at,
                      ARRAY(
                          SELECT r.uri FROM app_redirect_uris r
                          WHERE r.workspace_id = a.workspace_id AND r.app_id = a.id
                          ORDER BY r.uri
                      ) AS "redirect_uris!",
                      w.sign_in_max_age, p.sign_in_ceiling, LEAST(w.max_idle, p.max_idle) AS max_idle,
                      w.two_factors OR p.two_factors AS "two_factors!", w.same_network OR p.same_network AS "same_network!",
                      w.refused_methods || p.refused_methods AS "refused_methods!",
                      rooiam_models(w.passkey_models, p.passkey_models) AS models, m.role AS "role?", c.scopes AS "scopes?"
               FROM apps a
               JOIN workspaces w ON w.id = a.workspace_id
               CROSS JOIN platform_settings p
               LEFT JOIN memberships m ON m.workspace_id = a.workspace_id AND m.user_id = $3
               LEFT JOIN consents c ON c.workspace_id = a.workspace_id AND c.user_id = $3 AND c.app_id = a.id
                   AND c.host IS NOT DISTINCT FROM $4
               WHERE a.workspace_id = $1 AND a.id = $2 AND a.disabled_at IS NULL"#,
            workspace_id,
            id.uuid(),
            user_id.map(UserId::uuid),
            here.host()
        )
        .fetch_optional(self.conn())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let app = AppRow {
            id: id.uuid(),
            name: row.name,
            client_type: row.client_type,
            id_token_alg: row.id_token_alg,
            created_at: row.created_at,
            disabled_at: None,
            redirect_uris: row.redirect_uris,
        };
        Ok(Some(Visit {
            app: app.try_into()?,
            policy: SignInPolicy {
                max_idle: time(row.max_idle),
                same_network: row.same_network,
                models: Models::combined(row.models.as_deref()),
                ..both(
                    row.sign_in_max_age,
                    row.sign_in_ceiling,
                    Some(row.two_factors),
                    Some(row.refused_methods),
                )
            },
            role: row.role.as_deref().map(role).transpose()?,
            consented: row.scopes.map(|names| Scopes::stored(&names)).unwrap_or_default(),
        }))
    }
}
