//! Recovering anybody who lost their second factors.

use crate::{Ctx, IamError, platform::Platform, sign_in::recovery::NewRecovery, workspaces::enter::MemberTx};
use iam_domain::core::visible::TextLine;
use iam_store::audit::event::Events;
use iam_types::{
    Permission, UserId,
    view::{Recoverable, RecoveryView},
};

impl Platform<'_> {
    /// Begins to recover a person, who is told at once at every address of theirs and can object.
    ///
    /// # Errors
    /// As [`users`](Self::users), and as [an admin's](crate::members::Members::begin_recovery): forbidden for oneself, and for
    /// operators who hold what the viewer does not.
    pub async fn begin_recovery(
        self,
        ctx: &Ctx,
        id: UserId,
        reason: &str,
        with_passkeys: bool,
    ) -> Result<(), IamError> {
        let core = self.core;
        let actor = ctx.actor()?;
        let reason: TextLine = reason.parse()?;
        let mut tx = core.over_person(ctx, id, Permission::UserRecover).await?;
        core.require_factor_change(&mut tx, actor).await?;
        let new = NewRecovery {
            person: id,
            reason: &reason,
            with_passkeys,
        };
        let told = core.begin_recovery(&mut tx, ctx, actor, new).await?;
        let event = core.operator_event(ctx, &mut tx, told).await?;
        tx.commit(Events::from(event)).await?;
        core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes a recovery back, whoever began it.
    ///
    /// # Errors
    /// As [`begin_recovery`](Self::begin_recovery); not found when none runs.
    pub async fn withdraw_recovery(self, ctx: &Ctx, id: UserId) -> Result<(), IamError> {
        let core = self.core;
        let mut tx = core.over_person(ctx, id, Permission::UserRecover).await?;
        let told = core.withdraw_recovery(&mut tx, ctx, id, |_| true).await?;
        let event = core.operator_event(ctx, &mut tx, told).await?;
        tx.commit(Events::from(event)).await?;
        core.mail_waiting.notify_one();
        Ok(())
    }
}

impl MemberTx<'_> {
    /// How a person could be recovered by operators, for who may.
    pub(super) async fn user_recovery_view(&mut self, id: UserId) -> Result<Option<RecoveryView>, IamError> {
        if !self.may(Permission::UserRecover) || id == self.actor.user.id {
            return Ok(None);
        }
        let by = if self.core.has_second_factor(&mut self.tx, id).await? {
            Recoverable::Here
        } else {
            Recoverable::NotNeeded
        };
        let running = match self.core.open_recovery_of(id).await? {
            Some(running) => Some(self.core.recovery_card(running).await?),
            None => None,
        };
        Ok(Some(RecoveryView { by, running }))
    }
}
