//! The ways to sign in that a workspace decides on.

use super::policy::methods;
use crate::{StoreError, WorkspaceTx};
use iam_types::{ConnectionId, SignInMethods};

/// What a workspace's login page has to know of how people sign in.
#[derive(Debug)]
pub struct SignInWays {
    /// Its open providers, by name.
    pub connections: Vec<(ConnectionId, String)>,
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
            r#"SELECT w.refused_methods || p.refused_methods AS "refused!", c.id AS "id?", c.name AS "name?"
               FROM workspaces w
               CROSS JOIN platform_settings p
               LEFT JOIN connections c ON c.workspace_id = w.id AND c.disabled_at IS NULL
               WHERE w.id = $1
               ORDER BY lower(c.name)"#,
            workspace_id
        )
        .fetch_all(self.conn())
        .await?;
        let refused = rows.first().map(|row| methods(&row.refused)).unwrap_or_default();
        let open = rows.into_iter().filter_map(|row| row.id.zip(row.name));
        Ok(SignInWays {
            connections: open
                .map(|(id, name)| (ConnectionId::from_uuid(id), name))
                .collect(),
            refused,
        })
    }
}
