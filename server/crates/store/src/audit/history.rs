//! What the log tells about somebody.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_types::UserId;
use serde_json::Value;

/// An event as a history shows it.
#[derive(Debug)]
pub struct StoredEvent {
    /// What, `noun.verb`.
    pub action: String,
    /// Primary address of who did it, empty if unknown.
    pub actor: String,
    /// What this workspace calls the thing it was done to, empty if it knows no name.
    pub subject: String,
    /// The group that it was about beside that, empty for none.
    pub group: String,
    /// What else.
    pub detail: Value,
    /// From where.
    pub client_ip: String,
    /// With what.
    pub user_agent: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// The last events that a person caused or that happened to them, the newest first. Names are those of today, and of
    /// people those of members only.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events_about(&mut self, person: UserId, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            StoredEvent,
            r#"SELECT v.action AS "action!", coalesce(e.address, '') AS "actor!",
                      coalesce(CASE split_part(v.target, '_', 1)
                          WHEN 'usr' THEN (SELECT m.address FROM memberships m WHERE m.workspace_id = $1 AND m.user_id = k.id)
                          WHEN 'app' THEN (SELECT a.name FROM apps a WHERE a.workspace_id = $1 AND a.id = k.id)
                          WHEN 'rol' THEN (SELECT r.name FROM roles r WHERE r.workspace_id = $1 AND r.id = k.id)
                          WHEN 'grp' THEN (SELECT g.name FROM groups g WHERE g.workspace_id = $1 AND g.id = k.id)
                          WHEN 'inv' THEN (SELECT i.address FROM invitations i WHERE i.workspace_id = $1 AND i.id = k.id)
                      END, v.detail->>'name', CASE WHEN strpos(v.target, '.') > 0 THEN v.target END, '') AS "subject!",
                      coalesce((SELECT g.name FROM groups g WHERE g.workspace_id = $1 AND g.id = k.group_id), '') AS "group!",
                      v.detail AS "detail!", v.client_ip AS "client_ip!", v.user_agent AS "user_agent!",
                      v.occurred_at AS "occurred_at!"
               FROM (
                   (SELECT id, action, actor_id, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND actor_id = $2 ORDER BY id DESC LIMIT $4)
                   UNION
                   (SELECT id, action, actor_id, target, detail, client_ip, user_agent, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND target = $3 ORDER BY id DESC LIMIT $4)
               ) v
               CROSS JOIN LATERAL (
                   SELECT CASE WHEN v.target ~ '^[a-z]+_[0-9a-f]{32}$' THEN right(v.target, 32)::uuid END AS id,
                          CASE WHEN v.detail->>'group' ~ '^grp_[0-9a-f]{32}$' THEN right(v.detail->>'group', 32)::uuid END AS group_id
               ) k
               LEFT JOIN memberships e ON e.workspace_id = $1 AND e.user_id = v.actor_id
               ORDER BY v.id DESC
               LIMIT $4"#,
            workspace_id,
            person.uuid(),
            person.to_string(),
            limit
        )
        .fetch_all(self.conn())
        .await?)
    }
}
