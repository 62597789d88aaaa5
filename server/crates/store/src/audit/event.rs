//! The audit log: inserts only.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::audit::Action;
use iam_types::{EventId, UserId, WorkspaceId};
use serde_json::Value;

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
    /// An event for the log of the workspace of `tx`.
    pub fn written(tx: &WorkspaceTx, row: NewEvent) -> Self {
        Self(vec![(tx.workspace_id, row)])
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
    /// A proof that is missing for a while is told when it counts no more.
    ProofLookedAt,
    /// What it leads to was so before.
    AlreadySo,
    /// Rows that no use case makes: of the demo, and of tests.
    Seed,
}

impl WorkspaceTx {
    /// Writes the events, then makes them and everything done here last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn commit(self, events: impl Into<Events>) -> Result<(), StoreError> {
        let mut tx = self;
        for (workspace_id, row) in events.into().0.into_iter().flat_map(|event| event.0) {
            if workspace_id != tx.workspace_id {
                tx = tx.switch_workspace(workspace_id).await?;
            }
            tx.insert_event(row).await?;
        }
        tx.finish().await
    }

    /// Makes everything done here last though no log is told of it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn commit_unlogged(self, _why: Unlogged) -> Result<(), StoreError> {
        self.finish().await
    }

    async fn insert_event(&mut self, event: NewEvent) -> Result<(), StoreError> {
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
