//! Families of tokens.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::provider::grant::RevokeReason;
use iam_types::{GrantId, UserId};

/// A family that lives, as a list shows it.
#[derive(Debug)]
pub struct ActiveGrant {
    /// Which one.
    pub id: GrantId,
    /// Name of its app.
    pub app: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// Whether it outlives the session.
    pub offline: bool,
    /// The `User-Agent` of the browser that it came from, as long as that is signed in.
    pub user_agent: Option<String>,
    /// When the app last got tokens.
    pub last_used_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// The living families of a person, the newest first, with their apps' names.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn grants_of(
        &mut self,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<ActiveGrant>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT g.id, a.name, g.created_at, g.offline, s.user_agent AS "user_agent?",
                      GREATEST(g.created_at, (
                          SELECT max(t.created_at) FROM refresh_tokens t
                          WHERE t.workspace_id = g.workspace_id AND t.grant_id = g.id
                      )) AS "last_used_at!"
               FROM token_grants g
               JOIN apps a ON a.workspace_id = g.workspace_id AND a.id = g.app_id
               LEFT JOIN sessions s ON s.id = g.session_id
               WHERE g.workspace_id = $1 AND g.user_id = $2 AND g.revoked_at IS NULL AND g.expires_at > $3
                 AND (g.offline OR g.session_id IS NOT NULL)
               ORDER BY g.created_at DESC
               LIMIT 50"#,
            workspace_id,
            user_id.uuid(),
            now
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ActiveGrant {
                id: GrantId::from_uuid(row.id),
                app: row.name,
                created_at: row.created_at,
                offline: row.offline,
                user_agent: row.user_agent,
                last_used_at: row.last_used_at,
            })
            .collect())
    }

    /// Kills a family; false when it was dead.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_grant(
        &mut self,
        id: GrantId,
        reason: RevokeReason,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE token_grants SET revoked_at = $3, revoke_reason = $4 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
            workspace_id,
            id.uuid(),
            now,
            reason.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
