//! Apps, their redirect URIs and secrets.

use crate::{Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::{
    apps::{
        app::{App, SigningAlg},
        redirect_uri::RedirectUri,
    },
    core::secret_hash::SecretHash,
    core::visible::VisibleName,
    workspaces::workspace::{Entry, State},
};
use iam_types::{AppId, SecretId, Slug, WorkspaceId};

pub(crate) struct Row {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
    pub(crate) client_type: String,
    pub(crate) id_token_alg: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) disabled_at: Option<DateTime<Utc>>,
    pub(crate) redirect_uris: Vec<String>,
}

impl Row {
    /// An enabled app, if there was one.
    pub(crate) fn enabled(
        id: uuid::Uuid,
        name: Option<String>,
        client_type: Option<String>,
        id_token_alg: Option<String>,
        created_at: Option<DateTime<Utc>>,
        redirect_uris: Option<Vec<String>>,
    ) -> Option<Self> {
        Some(Self {
            id,
            name: name?,
            client_type: client_type?,
            id_token_alg: id_token_alg?,
            created_at: created_at?,
            disabled_at: None,
            redirect_uris: redirect_uris?,
        })
    }
}

impl TryFrom<Row> for App {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let inconsistent = |_| StoreError::Inconsistent("apps");
        Ok(Self {
            id: AppId::from_uuid(row.id),
            name: VisibleName::stored(row.name),
            client_type: row.client_type.parse().map_err(inconsistent)?,
            id_token_alg: row.id_token_alg.parse().map_err(inconsistent)?,
            redirect_uris: row.redirect_uris.into_iter().map(RedirectUri::stored).collect(),
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        })
    }
}

impl Store {
    /// The workspace behind `slug`, and an enabled app there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn app_behind(
        &self,
        slug: &Slug,
        id: Option<AppId>,
    ) -> Result<Option<(Entry, Option<App>)>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT e.workspace_id AS "workspace_id!", e.suspended AS "suspended!", e.ending AS "ending!", e.deleted AS "deleted!",
                      a.name AS "name?", a.client_type AS "client_type?", a.id_token_alg AS "id_token_alg?",
                      a.created_at AS "created_at?", a.redirect_uris AS "redirect_uris?"
               FROM rooiam_enter($1) e
               LEFT JOIN LATERAL rooiam_app(e.workspace_id, $2) a ON true"#,
            slug.as_str(),
            id.map(AppId::uuid)
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
        let app = id.and_then(|id| {
            Row::enabled(
                id.uuid(),
                row.name,
                row.client_type,
                row.id_token_alg,
                row.created_at,
                row.redirect_uris,
            )
        });
        Ok(Some((entry, app.map(App::try_from).transpose()?)))
    }
}

impl WorkspaceTx {
    /// An enabled app.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn app(&mut self, id: AppId) -> Result<Option<App>, StoreError> {
        let app = self.app_even_disabled(id).await?;
        Ok(app.filter(|app| app.disabled_at.is_none()))
    }

    /// An app as its administrators see it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn app_even_disabled(&mut self, id: AppId) -> Result<Option<App>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            r#"SELECT a.id, a.name, a.client_type, a.id_token_alg, a.created_at, a.disabled_at,
                      ARRAY(
                          SELECT r.uri FROM app_redirect_uris r
                          WHERE r.workspace_id = a.workspace_id AND r.app_id = a.id
                          ORDER BY r.uri
                      ) AS "redirect_uris!"
               FROM apps a
               WHERE a.workspace_id = $1 AND a.id = $2"#,
            workspace_id,
            id.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(App::try_from)
        .transpose()
    }

    /// At most `limit` of the workspace's apps, the newest first: those whose name contains `search`, registered before
    /// `before`. Without redirect URIs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn apps(
        &mut self,
        search: &str,
        before: Option<AppId>,
        limit: i64,
    ) -> Result<Vec<App>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query_as!(
            Row,
            r#"SELECT id, name, client_type, id_token_alg, created_at, disabled_at, '{}'::text[] AS "redirect_uris!"
               FROM apps
               WHERE workspace_id = $1
                 AND strpos(lower(name), lower($2)) > 0
                 AND ($3::uuid IS NULL OR id < $3)
               ORDER BY id DESC
               LIMIT $4"#,
            workspace_id,
            search,
            before.map(AppId::uuid),
            limit
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(App::try_from)
        .collect()
    }

    /// Writes a new app with its redirect URIs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_app(&mut self, app: &App) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let full = sqlx::query_scalar!(
            r#"SELECT coalesce(p.apps_ceiling <= (SELECT count(*) FROM apps a WHERE a.workspace_id = $1), false) AS "full!"
               FROM platform_settings p"#,
            workspace_id
        )
        .fetch_one(self.conn())
        .await?;
        if full {
            return Err(StoreError::Ceiling);
        }
        sqlx::query!(
            "INSERT INTO apps (workspace_id, id, name, client_type, id_token_alg, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            workspace_id,
            app.id.uuid(),
            app.name.as_str(),
            app.client_type.as_str(),
            app.id_token_alg.as_str(),
            app.created_at
        )
        .execute(self.conn())
        .await?;
        self.insert_redirect_uris(app.id, &app.redirect_uris).await
    }

    /// Changes an app's settings and replaces its redirect URIs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn update_app(
        &mut self,
        id: AppId,
        name: &VisibleName,
        alg: SigningAlg,
        redirect_uris: &[RedirectUri],
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE apps SET name = $3, id_token_alg = $4 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            name.as_str(),
            alg.as_str()
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM app_redirect_uris WHERE workspace_id = $1 AND app_id = $2",
            workspace_id,
            id.uuid()
        )
        .execute(self.conn())
        .await?;
        self.insert_redirect_uris(id, redirect_uris).await
    }

    async fn insert_redirect_uris(&mut self, id: AppId, uris: &[RedirectUri]) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let uris: Vec<String> = uris.iter().map(ToString::to_string).collect();
        sqlx::query!(
            "INSERT INTO app_redirect_uris (workspace_id, app_id, uri) SELECT $1, $2, unnest($3::text[])",
            workspace_id,
            id.uuid(),
            &uris
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Shuts an app off, or lets it back in with `None`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_app_disabled_at(
        &mut self,
        id: AppId,
        disabled_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE apps SET disabled_at = $3 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            id.uuid(),
            disabled_at
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Gives an app a secret; the ones before it die.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn replace_app_secret(
        &mut self,
        app_id: AppId,
        id: SecretId,
        secret_hash: &SecretHash,
        hint: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE app_secrets SET revoked_at = $3 WHERE workspace_id = $1 AND app_id = $2 AND revoked_at IS NULL",
            workspace_id,
            app_id.uuid(),
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO app_secrets (workspace_id, id, app_id, secret_hash, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            workspace_id,
            id.uuid(),
            app_id.uuid(),
            secret_hash.as_bytes(),
            hint,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// The hint at the live secret that people see.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn app_secret_hint(&mut self, app_id: AppId) -> Result<Option<String>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let hint = sqlx::query_scalar!(
            "SELECT hint FROM app_secrets WHERE workspace_id = $1 AND app_id = $2 AND revoked_at IS NULL",
            workspace_id,
            app_id.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(hint)
    }
}
