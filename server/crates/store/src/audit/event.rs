//! The audit log: inserts only.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::audit::Action;
use iam_types::{EventId, UserId};
use serde_json::Value;

/// An event to write.
#[derive(Debug)]
pub struct NewEvent<'a> {
    /// Which one.
    pub id: EventId,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What.
    pub action: Action,
    /// Who, if known.
    pub actor_id: Option<UserId>,
    /// On what: a printed identifier.
    pub target: String,
    /// From where.
    pub client_ip: &'a str,
    /// With what.
    pub user_agent: &'a str,
    /// In which request.
    pub request_id: &'a str,
    /// What else; never a secret.
    pub detail: Value,
}

/// An event as a history shows it.
#[derive(Debug)]
pub struct StoredEvent {
    /// What, `noun.verb`.
    pub action: String,
    /// Primary address of who did it, empty if unknown.
    pub actor: String,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// The last events that a person caused or that happened to them, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn events_about(&mut self, person: UserId, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            StoredEvent,
            r#"SELECT v.action AS "action!", coalesce(e.address, '') AS "actor!", v.occurred_at AS "occurred_at!"
               FROM (
                   (SELECT id, action, actor_id, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND actor_id = $2 ORDER BY id DESC LIMIT $4)
                   UNION
                   (SELECT id, action, actor_id, occurred_at FROM audit_events
                    WHERE workspace_id = $1 AND target = $3 ORDER BY id DESC LIMIT $4)
               ) v
               LEFT JOIN user_emails e ON e.user_id = v.actor_id AND e.is_primary
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

    /// Writes an event into this workspace's log, in the transaction of the change it tells of.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_event(&mut self, event: NewEvent<'_>) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO audit_events (workspace_id, id, occurred_at, action, actor_id, target, client_ip, user_agent, request_id, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            workspace_id,
            event.id.uuid(),
            event.occurred_at,
            event.action.as_str(),
            event.actor_id.map(UserId::uuid),
            event.target,
            event.client_ip,
            event.user_agent,
            event.request_id,
            event.detail
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
