//! Writing into the log.

use crate::{Ctx, IamError, core::Core, ctx::Acting};
use iam_domain::audit::Told;
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, NewEvent},
};
use iam_types::{EventId, WorkspaceId};
use serde_json::Value;

impl Core {
    /// What the log of `tx`'s workspace is to be told, or that it was counted there.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for one change too much by the same person; [`IamError::Store`].
    pub(crate) async fn event(
        &self,
        tx: &mut WorkspaceTx,
        acting: Acting<'_>,
        told: Told,
    ) -> Result<Event, IamError> {
        Ok(if self.admit_event(tx, acting, &told).await? {
            self.admitted_event(tx.workspace_id(), acting, told)
        } else {
            Event::counted()
        })
    }

    /// As [`event`](Self::event) for a change, which is never counted: for what needs no transaction.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for one change too much by the same person.
    pub(crate) async fn event_of_change(
        &self,
        workspace: WorkspaceId,
        acting: Acting<'_>,
        told: Told,
    ) -> Result<Event, IamError> {
        self.admit_change(acting, &told).await?;
        Ok(self.admitted_event(workspace, acting, told))
    }

    /// An event for which there is room.
    pub(crate) fn admitted_event(&self, workspace: WorkspaceId, acting: Acting<'_>, told: Told) -> Event {
        let also = told.also_in.map(|workspace| (workspace, told.clone()));
        let event = Event::written(workspace, self.row(acting, told));
        match also {
            Some((workspace, told)) => event.also_in(workspace, self.row(acting, told)),
            None => event,
        }
    }

    fn row(&self, acting: Acting<'_>, told: Told) -> NewEvent {
        let request = |fact: fn(&Ctx) -> &String| acting.request().map(fact).cloned().unwrap_or_default();
        let actor_id = acting.user();
        let (mut detail, mut client_ip) = (told.detail, request(|ctx| &ctx.client_ip));
        match acting {
            Acting::System(work) => {
                if let Value::Object(detail) = &mut detail {
                    detail
                        .entry("by")
                        .or_insert_with(|| format!("system:{work}").into());
                }
            }
            Acting::Counted(source) if actor_id.is_none() => source.clone_into(&mut client_ip),
            _ => {}
        }
        NewEvent {
            id: EventId::from_uuid(self.new_uuid()),
            occurred_at: self.now(),
            action: told.action,
            actor_id,
            target: told.target,
            client_ip,
            user_agent: request(|ctx| &ctx.user_agent),
            request_id: request(|ctx| &ctx.request_id),
            detail,
        }
    }

    /// Tells the log of a change and makes it last.
    ///
    /// # Errors
    /// As [`event`](Self::event).
    pub(crate) async fn commit(
        &self,
        mut tx: WorkspaceTx,
        acting: Acting<'_>,
        told: Told,
    ) -> Result<(), IamError> {
        let event = self.event(&mut tx, acting, told).await?;
        Ok(tx.commit(event).await?)
    }

    /// The ending of a use case that fails and still changes something: tells the log, makes it last, and fails.
    ///
    /// # Errors
    /// `error`; as [`event`](Self::event).
    pub(crate) async fn refuse<T, E: From<IamError>>(
        &self,
        tx: WorkspaceTx,
        acting: Acting<'_>,
        told: Told,
        error: impl Into<E>,
    ) -> Result<T, E> {
        self.commit(tx, acting, told).await?;
        Err(error.into())
    }
}
