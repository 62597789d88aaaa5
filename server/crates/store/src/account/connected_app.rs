//! What a person let apps have.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::provider::{grant::RevokeReason, scope::Scopes};
use iam_types::{AppId, UserId};

/// An app that a person let have something.
#[derive(Debug)]
pub struct ConnectedApp {
    /// Which one.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// What it may have, by consent or in a family that lives.
    pub scopes: Scopes,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When a family began or was renewed last, if any is known.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl WorkspaceTx {
    /// The apps here that a person consented to or that hold a living family of theirs, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn apps_connected_to(
        &mut self,
        user_id: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<ConnectedApp>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let rows = sqlx::query!(
            r#"SELECT a.id, a.name,
                      ARRAY(
                          SELECT unnest(c.scopes)
                          UNION
                          SELECT unnest(g.scopes) FROM token_grants g
                          WHERE g.workspace_id = $1 AND g.user_id = $2 AND g.app_id = a.id AND g.revoked_at IS NULL
                            AND g.expires_at > $3 AND (g.offline OR g.session_id IS NOT NULL)
                      ) AS "scopes!",
                      least(c.granted_at, f.since) AS "since!", f.last_used_at
               FROM apps a
               LEFT JOIN consents c ON c.workspace_id = $1 AND c.user_id = $2 AND c.app_id = a.id
               LEFT JOIN (
                   SELECT g.app_id,
                          min(g.created_at) FILTER (
                              WHERE g.revoked_at IS NULL AND g.expires_at > $3 AND (g.offline OR g.session_id IS NOT NULL)
                          ) AS since,
                          max(greatest(g.created_at, r.created_at)) AS last_used_at
                   FROM token_grants g
                   LEFT JOIN refresh_tokens r ON r.workspace_id = $1 AND r.grant_id = g.id AND r.used_at IS NULL
                   WHERE g.workspace_id = $1 AND g.user_id = $2
                   GROUP BY g.app_id
               ) f ON f.app_id = a.id
               WHERE a.workspace_id = $1 AND (c.app_id IS NOT NULL OR f.since IS NOT NULL)
               ORDER BY lower(a.name), a.id
               LIMIT 200"#,
            workspace_id,
            user_id.uuid(),
            now
        )
        .fetch_all(self.conn())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ConnectedApp {
                id: AppId::from_uuid(row.id),
                name: row.name,
                scopes: Scopes::stored(&row.scopes),
                since: row.since,
                last_used_at: row.last_used_at,
            })
            .collect())
    }

    /// Forgets what a person let an app have; false when that was nothing. Waits for a code that is being issued by it, whose
    /// family can then be ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_consent(&mut self, user_id: UserId, app_id: AppId) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "DELETE FROM consents WHERE workspace_id = $1 AND user_id = $2 AND app_id = $3",
            workspace_id,
            user_id.uuid(),
            app_id.uuid()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends all families of a person at one app, with the codes they would have come from, and says how many there were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_grants_at(
        &mut self,
        user_id: UserId,
        app_id: AppId,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE token_grants SET revoked_at = $4, revoke_reason = $5
             WHERE workspace_id = $1 AND user_id = $2 AND app_id = $3 AND revoked_at IS NULL",
            workspace_id,
            user_id.uuid(),
            app_id.uuid(),
            now,
            RevokeReason::Withdrawn.as_str()
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected())
    }
}
