//! The ways to sign in that a workspace decides on.

use super::policy::methods;
use crate::{StoreError, WorkspaceTx};
use iam_types::{ConnectionId, SignInMethods, WorkspaceId};

/// What a workspace's login page has to know of how people sign in.
#[derive(Debug)]
pub struct SignInWays {
    /// Its open providers, by name.
    pub connections: Vec<(ConnectionId, String)>,
    /// Those of the platform, unless it is that.
    pub of_platform: Vec<(ConnectionId, String)>,
    /// Methods that do not count there.
    pub refused: SignInMethods,
}

impl WorkspaceTx {
    /// What the workspace's login page has to know of how people sign in.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_in_ways(&mut self) -> Result<SignInWays, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT w.refused_methods || p.refused_methods AS "refused!", c.id AS "id?", c.name AS "name?",
                      c.workspace_id = w.id AS own
               FROM workspaces w
               CROSS JOIN platform_settings p
               LEFT JOIN connections c ON c.workspace_id IN (w.id, $2) AND c.disabled_at IS NULL
               WHERE w.id = $1
               ORDER BY lower(c.name)"#,
            workspace_id,
            WorkspaceId::PLATFORM.uuid()
        )
        .fetch_all(self.conn())
        .await?;
        let refused = rows.first().map(|row| methods(&row.refused)).unwrap_or_default();
        let mut ways = SignInWays {
            connections: Vec::new(),
            of_platform: Vec::new(),
            refused,
        };
        for row in rows {
            let Some((id, name)) = row.id.zip(row.name) else {
                continue;
            };
            let whose = match row.own {
                Some(true) => &mut ways.connections,
                _ => &mut ways.of_platform,
            };
            whose.push((ConnectionId::from_uuid(id), name));
        }
        Ok(ways)
    }
}
