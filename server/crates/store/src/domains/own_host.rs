//! Own hosts of workspaces, and at which of them passkeys work.

use crate::{Store, StoreError, WorkspaceTx};
use iam_types::{Slug, WorkspaceId};

/// Whose own host a request came to.
#[derive(Debug, Clone)]
pub struct OwnHost {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its slug.
    pub slug: Slug,
    /// Whether passkeys work there: operators said so, and the workspace is open.
    pub passkeys: bool,
}

impl Store {
    /// The workspace whose own host this is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn workspace_of_host(&self, host: &str) -> Result<Option<OwnHost>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT workspace_id, slug,
                      (host_passkeys AND suspended_at IS NULL AND delete_after IS NULL) AS "passkeys!"
               FROM workspace_directory WHERE host = $1 AND deleted_at IS NULL"#,
            host
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let slug = row
                .slug
                .parse()
                .map_err(|_| StoreError::Inconsistent("workspace_directory"))?;
            Ok(OwnHost {
                workspace_id: WorkspaceId::from_uuid(row.workspace_id),
                slug,
                passkeys: row.passkeys,
            })
        })
        .transpose()
    }

    /// The own hosts at which passkeys work, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hosts_with_passkeys(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT host AS "host!" FROM workspace_directory
               WHERE host_passkeys AND suspended_at IS NULL AND delete_after IS NULL AND deleted_at IS NULL
               ORDER BY host"#
        )
        .fetch_all(&self.pool)
        .await?)
    }
}

impl WorkspaceTx {
    /// The workspace's own host, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn host(&mut self) -> Result<Option<String>, StoreError> {
        let host = self.host_and_passkeys().await?;
        Ok(host.map(|(host, _)| host))
    }

    /// The workspace's own host, if it has one, and whether operators let passkeys work there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn host_and_passkeys(&mut self) -> Result<Option<(String, bool)>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let row = sqlx::query!(
            r#"SELECT host AS "host!", host_passkeys FROM workspace_directory WHERE workspace_id = $1 AND host IS NOT NULL"#,
            workspace_id
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.map(|row| (row.host, row.host_passkeys)))
    }

    /// The own hosts at which operators let passkeys work, also of workspaces that are shut for a while.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn related_hosts(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT host AS "host!" FROM workspace_directory WHERE host_passkeys AND deleted_at IS NULL ORDER BY host"#
        )
        .fetch_all(self.conn())
        .await?)
    }

    /// Lets passkeys work at the own host of the workspace `id`, or no more, and returns whether they did before; nothing when that
    /// is not its own host. For the platform alone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_host_passkeys(
        &mut self,
        id: WorkspaceId,
        host: &str,
        work: bool,
    ) -> Result<Option<bool>, StoreError> {
        Ok(sqlx::query_scalar!(
            "UPDATE workspace_directory d SET host_passkeys = $3
             FROM (SELECT o.workspace_id, o.host_passkeys FROM workspace_directory o
                   WHERE o.workspace_id = $1 AND o.host = $2 AND o.deleted_at IS NULL FOR UPDATE) old
             WHERE d.workspace_id = old.workspace_id
             RETURNING old.host_passkeys",
            id.uuid(),
            host,
            work
        )
        .fetch_optional(self.conn())
        .await?)
    }
}
