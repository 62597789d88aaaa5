//! Writing into the log.

use crate::{Ctx, IamError, core::Core};
use iam_domain::audit::Told;
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, NewEvent},
};
use iam_types::{EventId, UserId};

impl Core {
    /// What the log of `tx`'s workspace is to be told, or that it was counted there.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for one change too much by the same person; [`IamError::Store`].
    pub(crate) async fn event(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        told: Told,
    ) -> Result<Event, IamError> {
        Ok(if self.admit_event(tx, ctx, actor_id, &told).await? {
            self.admitted_event(tx, ctx, actor_id, told)
        } else {
            Event::counted()
        })
    }

    /// An event for which there is room.
    pub(crate) fn admitted_event(
        &self,
        tx: &WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        told: Told,
    ) -> Event {
        let also = told.also_in.map(|workspace| (workspace, told.clone()));
        let event = Event::written(tx, self.row(ctx, actor_id, told));
        match also {
            Some((workspace, told)) => event.also_in(workspace, self.row(ctx, actor_id, told)),
            None => event,
        }
    }

    fn row(&self, ctx: &Ctx, actor_id: Option<UserId>, told: Told) -> NewEvent {
        NewEvent {
            id: EventId::from_uuid(self.new_uuid()),
            occurred_at: self.now(),
            action: told.action,
            actor_id,
            target: told.target,
            client_ip: ctx.client_ip.clone(),
            user_agent: ctx.user_agent.clone(),
            request_id: ctx.request_id.clone(),
            detail: told.detail,
        }
    }

    /// Tells the log of a change and makes it last.
    ///
    /// # Errors
    /// As [`event`](Self::event).
    pub(crate) async fn commit(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        told: Told,
    ) -> Result<(), IamError> {
        let event = self.event(&mut tx, ctx, actor_id, told).await?;
        Ok(tx.commit(event).await?)
    }

    /// The ending of a use case that fails and still changes something: tells the log, makes it last, and fails.
    ///
    /// # Errors
    /// `error`; as [`event`](Self::event).
    pub(crate) async fn refuse<T>(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        told: Told,
        error: impl Into<IamError>,
    ) -> Result<T, IamError> {
        self.commit(tx, ctx, actor_id, told).await?;
        Err(error.into())
    }
}
