//! The audit log: inserts only.

use crate::{StoreError, WorkspaceTx};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use iam_domain::audit::Action;
use iam_types::{EventId, UserId, WorkspaceId};
use serde_json::{Value, json};

/// An event to write.
#[derive(Debug)]
pub struct NewEvent {
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
    pub client_ip: String,
    /// With what.
    pub user_agent: String,
    /// In which request.
    pub request_id: String,
    /// What else; never a secret.
    pub detail: Value,
}

/// What logs are told of one change. Made before the change lasts, written when it does.
#[derive(Debug)]
#[must_use = "a change lasts only with its event: commit both"]
pub struct Event(Vec<(WorkspaceId, NewEvent)>);

impl Event {
    /// An event for the log of `workspace_id`.
    pub fn written(workspace_id: WorkspaceId, row: NewEvent) -> Self {
        Self(vec![(workspace_id, row)])
    }

    /// The same, and `row` for the log of `workspace_id`.
    pub fn also_in(mut self, workspace_id: WorkspaceId, row: NewEvent) -> Self {
        self.0.push((workspace_id, row));
        self
    }

    /// An event that was counted with others instead.
    pub fn counted() -> Self {
        Self(Vec::new())
    }

    /// As `rooiam_log` reads it.
    fn into_json(self) -> impl Iterator<Item = Value> {
        self.0.into_iter().map(|(workspace_id, row)| {
            json!({
                "workspace_id": workspace_id.uuid(),
                "id": row.id.uuid(),
                "occurred_at": row.occurred_at.to_rfc3339(),
                "action": row.action.as_str(),
                "actor_id": row.actor_id.map(UserId::uuid),
                "target": row.target,
                "client_ip": row.client_ip,
                "user_agent": row.user_agent,
                "request_id": row.request_id,
                "detail": row.detail,
            })
        })
    }
}

/// The events of one transaction: at least one.
#[derive(Debug)]
#[must_use = "a change lasts only with its events: commit both"]
pub struct Events(Vec<Event>);

impl From<Event> for Events {
    fn from(event: Event) -> Self {
        Self(vec![event])
    }
}

impl Events {
    /// All of these, unless there are none.
    pub fn of(events: Vec<Event>) -> Option<Self> {
        (!events.is_empty()).then_some(Self(events))
    }

    /// As `rooiam_log` reads them.
    pub(crate) fn into_json(self) -> Value {
        self.0.into_iter().flat_map(Event::into_json).collect()
    }

    /// These, with `others` ahead of them.
    pub fn after(mut self, others: impl IntoIterator<Item = Event>) -> Self {
        self.0.splice(..0, others);
        self
    }
}

impl<const N: usize> From<[Event; N]> for Events {
    fn from(events: [Event; N]) -> Self {
        const { assert!(N > 0, "a change has an event") }
        Self(events.into())
    }
}

/// Why a transaction that changes something tells no log of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlogged {
    /// An app's request waits for an answer, which will be told.
    RequestUnderWay,
    /// A sign-in waits for a second factor; its end will be told.
    SignInUnderWay,
    /// A second factor is being set up; that it counts will be told.
    SetUpUnderWay,
    /// A proof that is missing for a while is told when it counts no more.
    ProofLookedAt,
    /// What it leads to was so before.
    AlreadySo,
    /// A sign-in at a provider has begun or came back; what comes of it will be told.
    AtProvider,
    /// Rows that no use case makes: of the demo, and of tests.
    Seed,
}

impl WorkspaceTx {
    /// Writes the events, then makes them and everything done here last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn commit(self, events: impl Into<Events>) -> Result<(), StoreError> {
        let rows = events.into().into_json();
        if rows.as_array().is_none_or(Vec::is_empty) {
            return self.finish().await;
        }
        // In base64 nothing that somebody wrote can end the literal.
        let rows = STANDARD.encode(rows.to_string());
        self.finish_after(&format!(
            "SELECT rooiam_log(convert_from(decode('{rows}', 'base64'), 'UTF8')::jsonb)"
        ))
        .await
    }

    /// Makes everything done here last though no log is told of it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn commit_unlogged(self, _why: Unlogged) -> Result<(), StoreError> {
        self.finish().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use iam_testkit::Database;
    use uuid::Uuid;

    #[tokio::test]
    async fn whatever_somebody_wrote_stands_in_the_log_as_they_wrote_it_and_does_nothing_else() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 1).await.unwrap();
        let all = database.all_seeing().await.unwrap();
        let text = "'); DROP TABLE audit_events; -- \\' $$ \u{202e} \"}], \r\n ü €";
        let event = |tx: &WorkspaceTx, id, text: &str| {
            let row = NewEvent {
                id: EventId::from_uuid(Uuid::from_u128(id)),
                occurred_at: DateTime::UNIX_EPOCH,
                action: Action::UserUpdated,
                actor_id: None,
                target: text.to_owned(),
                client_ip: text.to_owned(),
                user_agent: text.to_owned(),
                request_id: text.to_owned(),
                detail: json!({ "text": text }),
            };
            Event::written(tx.workspace_id(), row)
        };
        let tx = store.in_workspace(WorkspaceId::PLATFORM).await.unwrap();
        let events = [event(&tx, 1, text), event(&tx, 2, text)];
        tx.commit(events).await.unwrap();
        let told: Vec<(String, String, String, String, Value)> = sqlx::query_as(
            "SELECT target, client_ip, user_agent, request_id, detail FROM audit_events WHERE occurred_at = 'epoch'",
        )
        .fetch_all(&all)
        .await
        .unwrap();
        assert_eq!(told.len(), 2);
        for (target, client_ip, user_agent, request_id, detail) in told {
            assert_eq!([target, client_ip, user_agent, request_id], [text; 4]);
            assert_eq!(detail, json!({ "text": text }));
        }
        // What the database has no place for is nobody's fault but the writer's, and nothing lasts of it.
        let tx = store.in_workspace(WorkspaceId::PLATFORM).await.unwrap();
        let nul = event(&tx, 3, "a\0b");
        let refused = tx.commit(nul).await.unwrap_err();
        assert!(refused.is_bad_value(), "{refused:?}");
    }
}
