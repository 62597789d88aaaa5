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

impl WorkspaceTx {
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
