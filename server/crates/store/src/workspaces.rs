//! Workspaces, the directory of their slugs, and memberships.

use crate::{PersonTx, Store, StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::workspace::{Admission, Membership, Workspace};
use iam_types::{Slug, WorkspaceId};

impl Store {
    /// The workspace with this slug.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn workspace_id_of(&self, slug: &Slug) -> Result<Option<WorkspaceId>, StoreError> {
        let id = sqlx::query_scalar!(
            "SELECT workspace_id FROM workspace_directory WHERE slug = $1",
            slug.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(WorkspaceId::from_uuid))
    }
}

impl PersonTx {
    /// The person's workspaces, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn memberships(&mut self) -> Result<Vec<Membership>, StoreError> {
        let rows = sqlx::query!(
            "SELECT w.id, d.slug, w.name, w.admission, m.role
             FROM memberships m
             JOIN workspaces w ON w.id = m.workspace_id
             JOIN workspace_directory d ON d.workspace_id = w.id
             WHERE m.user_id = $1
             ORDER BY lower(w.name), w.id
             LIMIT 500",
            self.user_id.uuid()
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let inconsistent = || StoreError::Inconsistent("memberships");
        rows.into_iter()
            .map(|row| {
                Ok(Membership {
                    workspace: Workspace {
                        id: WorkspaceId::from_uuid(row.id),
                        slug: row.slug.parse().map_err(|_| inconsistent())?,
                        name: row.name,
                        admission: row.admission.parse().map_err(|_| inconsistent())?,
                    },
                    role: row.role.parse().map_err(|()| inconsistent())?,
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
            "SELECT d.slug, w.name, w.admission
             FROM workspaces w
             JOIN workspace_directory d ON d.workspace_id = w.id
             WHERE w.id = $1",
            id.uuid()
        )
        .fetch_one(self.conn())
        .await?;
        let inconsistent = || StoreError::Inconsistent("workspaces");
        Ok(Workspace {
            id,
            slug: row.slug.parse().map_err(|_| inconsistent())?,
            name: row.name,
            admission: row.admission.parse().map_err(|_| inconsistent())?,
        })
    }

    /// Writes the workspace of this transaction and takes its slug.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn insert_workspace(
        &mut self,
        slug: &Slug,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)",
            id,
            name,
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
        .map_err(StoreError::conflict("workspace_directory_pkey"))?;
        Ok(())
    }

    /// Changes who may sign in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn update_workspace(&mut self, name: &str, admission: Admission) -> Result<(), StoreError> {
        let id = self.workspace_id.uuid();
        sqlx::query!(
            "UPDATE workspaces SET name = $2, admission = $3 WHERE id = $1",
            id,
            name,
            admission.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
