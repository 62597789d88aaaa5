//! Writing into the log.

use crate::{Ctx, IamError, core::Core};
use iam_domain::audit::Action;
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, NewEvent},
};
use iam_types::{EventId, UserId, WorkspaceId};
use serde_json::Value;

impl Core {
    /// The event about `target` for the log of `tx`'s workspace, or that it was counted there.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for one change too much by the same person; [`IamError::Store`].
    pub(crate) async fn audit(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        action: Action,
        target: impl ToString + Send,
        detail: Value,
    ) -> Result<Event, IamError> {
        let target = target.to_string();
        let admitted = self
            .admit_event(tx, ctx, actor_id, action, &target, &detail)
            .await?;
        Ok(if admitted {
            self.event(tx, ctx, actor_id, action, target, detail)
        } else {
            Event::counted(tx)
        })
    }

    /// An event for which there is room.
    pub(crate) fn event(
        &self,
        tx: &WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        action: Action,
        target: String,
        detail: Value,
    ) -> Event {
        let row = NewEvent {
            id: EventId::from_uuid(self.new_uuid()),
            occurred_at: self.now(),
            action,
            actor_id,
            target,
            client_ip: ctx.client_ip.clone(),
            user_agent: ctx.user_agent.clone(),
            request_id: ctx.request_id.clone(),
            detail,
        };
        Event::written(tx, row)
    }

    /// Events about `workspace` for its own log and the platform's. Returns the transaction in the platform.
    pub(crate) async fn tell_both(
        &self,
        ctx: &Ctx,
        tx: WorkspaceTx,
        workspace: WorkspaceId,
        action: Action,
        target: impl ToString + Copy + Send,
        detail: Value,
    ) -> Result<(WorkspaceTx, [Event; 2]), IamError> {
        let actor = Some(ctx.actor()?.user.id);
        let mut tx = tx.switch_workspace(workspace).await?;
        let own = self
            .audit(&mut tx, ctx, actor, action, target, detail.clone())
            .await?;
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        let platforms = self.audit(&mut tx, ctx, actor, action, target, detail).await?;
        Ok((tx, [own, platforms]))
    }
}
