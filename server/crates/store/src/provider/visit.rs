//! A person at an app: what decides whether the app may know them, read at once.

use crate::{
    StoreError, WorkspaceTx, apps::app::Row as AppRow, members::member::role, workspaces::workspace::secs,
};
use chrono::TimeDelta;
use iam_domain::{
    apps::app::App, core::origin::Origin, provider::scope::Scopes, workspaces::workspace::stricter,
};
use iam_types::{AppId, Role, UserId};

/// A person, or nobody yet, at an enabled app.
#[derive(Debug)]
pub struct Visit {
    /// The app.
    pub app: App,
    /// How old a sign-in may be in its workspace.
    pub sign_in_limit: Option<TimeDelta>,
    /// What the person is in the workspace, if they are a member.
    pub role: Option<Role>,
    /// What the person has let the app have so far, here: who owns a host could answer there for others.
    pub consented: Scopes,
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
                      w.sign_in_max_age, p.sign_in_ceiling, m.role AS "role?", c.scopes AS "scopes?"
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
            sign_in_limit: stricter(row.sign_in_max_age.map(secs), row.sign_in_ceiling.map(secs)),
            role: row.role.as_deref().map(role).transpose()?,
            consented: row.scopes.map(|names| Scopes::stored(&names)).unwrap_or_default(),
        }))
    }
}
