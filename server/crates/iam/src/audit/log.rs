//! Writing into the log.

use crate::{Ctx, IamError, core::Core, workspaces::enter::MemberTx};
use iam_domain::audit::Action;
use iam_store::{WorkspaceTx, audit::event::NewEvent};
use iam_types::{EventId, UserId, WorkspaceId};
use serde_json::Value;

impl Core {
    /// Writes an event about `target` into the log of `tx`'s workspace, if there is room for it there.
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
    ) -> Result<(), IamError> {
        let target = target.to_string();
        if self
            .admit_event(tx, ctx, actor_id, action, &target, &detail)
            .await?
        {
            self.write_event(tx, ctx, actor_id, action, target, detail)
                .await?;
        }
        Ok(())
    }

    /// Writes an event for which there is room.
    pub(crate) async fn write_event(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor_id: Option<UserId>,
        action: Action,
        target: String,
        detail: Value,
    ) -> Result<(), IamError> {
        tx.insert_event(NewEvent {
            id: EventId::from_uuid(self.new_uuid()),
            occurred_at: self.now(),
            action,
            actor_id,
            target,
            client_ip: &ctx.client_ip,
            user_agent: &ctx.user_agent,
            request_id: &ctx.request_id,
            detail,
        })
        .await?;
        Ok(())
    }
}

impl Core {
    /// Writes the event of a member's change and makes both last.
    pub(crate) async fn conclude(
        &self,
        ctx: &Ctx,
        mut scope: MemberTx,
        action: Action,
        target: impl ToString + Send,
        detail: Value,
    ) -> Result<(), IamError> {
        let actor = Some(scope.actor.user.id);
        self.audit(&mut scope.tx, ctx, actor, action, target, detail)
            .await?;
        Ok(scope.tx.commit().await?)
    }

    /// Writes an event about `workspace` into its own log and the platform's. Returns the transaction in the platform.
    pub(crate) async fn tell_both(
        &self,
        ctx: &Ctx,
        tx: WorkspaceTx,
        workspace: WorkspaceId,
        action: Action,
        target: impl ToString + Copy + Send,
        detail: Value,
    ) -> Result<WorkspaceTx, IamError> {
        let actor = Some(ctx.actor()?.user.id);
        let mut tx = tx.switch_workspace(workspace).await?;
        self.audit(&mut tx, ctx, actor, action, target, detail.clone())
            .await?;
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        self.audit(&mut tx, ctx, actor, action, target, detail).await?;
        Ok(tx)
    }

    /// Writes the event of a member's change.
    pub(crate) async fn note(
        &self,
        ctx: &Ctx,
        scope: &mut MemberTx,
        action: Action,
        id: UserId,
        detail: serde_json::Value,
    ) -> Result<(), IamError> {
        let actor = Some(scope.actor.user.id);
        self.audit(&mut scope.tx, ctx, actor, action, id, detail).await
    }
}
