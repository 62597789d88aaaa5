//! Workspaces, the directory of their slugs, and memberships.

use crate::{
    Store, StoreError, UserTx, WorkspaceTx,
    members::member::role,
    sign_in::policy::{names, policy, secs},
};
use chrono::{DateTime, Utc};
use iam_domain::{
    access::role::EffectiveAccess,
    core::visible::{TextLine, VisibleName},
    sign_in::{decision::SignInPolicy, models::Models},
    workspaces::workspace::{Admission, Entry, Listing, Membership, State, Workspace},
};
use iam_types::{Slug, UserId, WorkspaceId};

impl Store {
    /// The workspace with this slug.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn workspace_entry(&self, slug: &Slug) -> Result<Option<Entry>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT workspace_id, suspended_at IS NOT NULL AS "suspended!", delete_after IS NOT NULL AS "ending!",
                      deleted_at IS NOT NULL AS "deleted!"
               FROM workspace_directory WHERE slug = $1"#,
            slug.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Entry {
            id: WorkspaceId::from_uuid(row.workspace_id),
            state: State::of(row.suspended, row.ending, row.deleted),
        }))
    }
}

struct WorkspaceRow {
    id: WorkspaceId,
    slug: String,
    name: String,
    admission: String,
    asks: SignInPolicy,
    platform_asks: SignInPolicy,
}

impl TryFrom<WorkspaceRow> for Workspace {
    type Error = StoreError;

    fn try_from(row: WorkspaceRow) -> Result<Self, StoreError> {
        let inconsistent = || StoreError::Inconsistent("workspaces");
        Ok(Self {
            id: row.id,
            slug: row.slug.parse().map_err(|_| inconsistent())?,
            name: row.name,
            admission: row.admission.parse().map_err(|_| inconsistent())?,
            asks: row.asks,
            platform_asks: row.platform_asks,
        })
    }
}

struct ListingRow {
    id: uuid::Uuid,
    slug: String,
    name: String,
    created_at: DateTime<Utc>,
    suspended_reason: Option<String>,
}

impl TryFrom<ListingRow> for Listing {
    type Error = StoreError;

    fn try_from(row: ListingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: WorkspaceId::from_uuid(row.id),
            slug: row
                .slug
                .parse()
                .map_err(|_| StoreError::Inconsistent("workspace_directory"))?,
            name: row.name,
            created_at: row.created_at,
            suspended: row.suspended_reason,
        })
    }
}

impl UserTx {
    /// At most `limit` workspaces whose name or address contains `search`, the newest first, made before `before`. Row
    /// level security shows an operator all of them, others their own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn all_workspaces(
        &mut self,
        search: &str,
        before: Option<WorkspaceId>,
        limit: i64,
    ) -> Result<Vec<Listing>, StoreError> {
        sqlx::query_as!(
            ListingRow,
            "SELECT w.id, d.slug, w.name, w.created_at, d.suspended_reason
             FROM workspaces w
             JOIN workspace_directory d ON d.workspace_id = w.id
             WHERE w.id <> $1 AND d.deleted_at IS NULL
               AND (strpos(lower(w.name), lower($2)) > 0 OR strpos(d.slug, lower($2)) > 0)
               AND ($3::uuid IS NULL OR w.id < $3)
             ORDER BY w.id DESC
             LIMIT $4",
            WorkspaceId::PLATFORM.uuid(),
            search,
            before.map(WorkspaceId::uuid),
            limit
        )
        .fetch_all(self.conn())
        .await?
        .into_iter()
        .map(Listing::try_from)
        .collect()
    }

    /// A workspace that the person may see, other than the platform.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn any_workspace(&mut self, slug: &Slug) -> Result<Option<Listing>, StoreError> {
        sqlx::query_as!(
            ListingRow,
            "SELECT w.id, d.slug, w.name, w.created_at, d.suspended_reason
             FROM workspaces w
             JOIN workspace_directory d ON d.workspace_id = w.id
             WHERE d.slug = $1 AND w.id <> $2 AND d.deleted_at IS NULL",
            slug.as_str(),
            WorkspaceId::PLATFORM.uuid()
        )
        .fetch_optional(self.conn())
        .await?
        .map(Listing::try_from)
        .transpose()
    }

    /// The person's workspaces, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn memberships(&mut self) -> Result<Vec<Membership>, StoreError> {
        let rows = sqlx::query!(
            "SELECT w.id, d.slug, w.name, w.admission, w.sign_in_max_age, w.max_idle, w.two_factors, w.same_network, w.refused_methods, w.passkey_models,
                    p.sign_in_ceiling, p.max_idle AS platform_max_idle, p.two_factors AS platform_two_factors,
                    p.same_network AS platform_same_network, p.refused_methods AS platform_refused_methods, p.passkey_models AS platform_models,
                    m.role, d.suspended_reason, d.delete_after
             FROM memberships m
             JOIN workspaces w ON w.id = m.workspace_id
             JOIN workspace_directory d ON d.workspace_id = w.id
             CROSS JOIN platform_settings p
             WHERE m.user_id = $1
             ORDER BY lower(w.name), w.id
             LIMIT 500",
            self.user_id.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        rows.into_iter()
            .map(|row| {
                let workspace = WorkspaceRow {
                    id: WorkspaceId::from_uuid(row.id),
                    slug: row.slug,
                    name: row.name,
                    admission: row.admission,
                    asks: policy(
                        [row.sign_in_max_age, row.max_idle],
                        [row.two_factors, row.same_network],
                        &row.refused_methods,
                    )
                    .with_models(Models::stored(&row.passkey_models)),
                    platform_asks: policy(
                        [row.sign_in_ceiling, row.platform_max_idle],
                        [row.platform_two_factors, row.platform_same_network],
                        &row.platform_refused_methods,
                    )
                    .with_models(Models::stored(&row.platform_models)),
                };
                Ok(Membership {
                    workspace: workspace.try_into()?,
                    role: role(&row.role)?,
                    suspended: row.suspended_reason,
                    delete_after: row.delete_after,
                })
            })
            .collect()
    }
}

impl WorkspaceTx {
    /// The workspace itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn workspace(&mut self) -> Result<Workspace, StoreError> {
        let id = self.workspace_id;
        let row = sqlx::query!(
            "SELECT d.slug, w.name, w.admission, w.sign_in_max_age, w.max_idle, w.two_factors, w.same_network, w.refused_methods, w.passkey_models,
                    p.sign_in_ceiling, p.max_idle AS platform_max_idle, p.two_factors AS platform_two_factors,
                    p.same_network AS platform_same_network, p.refused_methods AS platform_refused_methods, p.passkey_models AS platform_models
             FROM workspaces w
             JOIN workspace_directory d ON d.workspace_id = w.id
             CROSS JOIN platform_settings p
             WHERE w.id = $1",
            id.uuid()
        )
        .fetch_one(self.conn())
        .await?;
        let workspace = WorkspaceRow {
            id,
            slug: row.slug,
            name: row.name,
            admission: row.admission,
            asks: policy(
                [row.sign_in_max_age, row.max_idle],
                [row.two_factors, row.same_network],
                &row.refused_methods,
            )
            .with_models(Models::stored(&row.passkey_models)),
            platform_asks: policy(
                [row.sign_in_ceiling, row.platform_max_idle],
                [row.platform_two_factors, row.platform_same_network],
                &row.platform_refused_methods,
            )
            .with_models(Models::stored(&row.platform_models)),
        };
        workspace.try_into()
    }

    /// The workspace itself, and what a person is and may do in it; nothing of that for strangers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn workspace_and_access(
        &mut self,
        user_id: UserId,
    ) -> Result<(Workspace, Option<EffectiveAccess>), StoreError> {
        let id = self.workspace_id;
        let row = sqlx::query!(
            r#"SELECT d.slug, w.name, w.admission, w.sign_in_max_age, w.max_idle, w.two_factors, w.same_network, w.refused_methods, w.passkey_models,
                    p.sign_in_ceiling, p.max_idle AS platform_max_idle, p.two_factors AS platform_two_factors,
                    p.same_network AS platform_same_network, p.refused_methods AS platform_refused_methods, p.passkey_models AS platform_models,
                    m.role AS "role?",
                      ARRAY(
                          SELECT DISTINCT unnest(r.permissions)
                          FROM roles r
                          WHERE r.workspace_id = m.workspace_id AND r.id IN (
                              SELECT mr.role_id FROM member_roles mr
                              WHERE mr.workspace_id = m.workspace_id AND mr.user_id = m.user_id
                              UNION ALL
                              SELECT gr.role_id FROM group_members gm
                              JOIN group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id
                              WHERE gm.workspace_id = m.workspace_id AND gm.user_id = m.user_id
                          )
                      ) AS "permissions!"
               FROM workspaces w
               JOIN workspace_directory d ON d.workspace_id = w.id
               CROSS JOIN platform_settings p
               LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = $2
               WHERE w.id = $1"#,
            id.uuid(),
            user_id.uuid()
        )
        .fetch_one(self.conn())
        .await?;
        let workspace = WorkspaceRow {
            id,
            slug: row.slug,
            name: row.name,
            admission: row.admission,
            asks: policy(
                [row.sign_in_max_age, row.max_idle],
                [row.two_factors, row.same_network],
                &row.refused_methods,
            )
            .with_models(Models::stored(&row.passkey_models)),
            platform_asks: policy(
                [row.sign_in_ceiling, row.platform_max_idle],
                [row.platform_two_factors, row.platform_same_network],
                &row.platform_refused_methods,
            )
            .with_models(Models::stored(&row.platform_models)),
        };
        let role = row.role.as_deref().map(role).transpose()?;
        let access = role.map(|role| EffectiveAccess::new(role, row.permissions.iter().collect()));
        Ok((workspace.try_into()?, access))
    }

    /// Writes the workspace of this transaction and takes its slug.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn insert_workspace(
        &mut self,
        slug: &Slug,
        name: &VisibleName,
        admission: Admission,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO workspaces (id, name, admission, created_at) VALUES ($1, $2, $3, $4)",
            id,
            name.as_str(),
            admission.as_str(),
            now
        )
        .execute(self.conn())
        .await?;
        sqlx::query!(
            "INSERT INTO workspace_directory (slug, workspace_id) VALUES ($1, $2)",
            slug.as_str(),
            id
        )
        .execute(self.conn())
        .await
        .map_err(StoreError::conflict)?;
        Ok(())
    }

    /// Changes its settings.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn update_workspace(
        &mut self,
        name: &VisibleName,
        admission: Admission,
    ) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspaces SET name = $2, admission = $3 WHERE id = $1",
            id,
            name.as_str(),
            admission.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Changes what it asks of a sign-in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_sign_in_policy(&mut self, asks: SignInPolicy) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspaces
             SET sign_in_max_age = $2, max_idle = $3, two_factors = $4, same_network = $5, refused_methods = $6
             WHERE id = $1",
            id,
            secs(asks.max_age),
            secs(asks.max_idle),
            asks.two_factors,
            asks.same_network,
            &names(asks.refused)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Suspends a workspace for a reason, or resumes it without one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_suspension(
        &mut self,
        id: WorkspaceId,
        reason: Option<&TextLine>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE workspace_directory
             SET suspended_reason = $2, suspended_at = CASE WHEN $2::text IS NULL THEN NULL ELSE $3::timestamptz END
             WHERE workspace_id = $1",
            id.uuid(),
            reason.map(TextLine::as_str),
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
