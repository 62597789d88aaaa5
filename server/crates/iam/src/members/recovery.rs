//! Recovering a member who lost their second factors.

use crate::{Ctx, IamError, members::Members, sign_in::recovery::NewRecovery, workspaces::enter::MemberTx};
use iam_domain::{access::role::EffectiveAccess, core::visible::TextLine};
use iam_types::{
    ErrorCode, Permission, Slug, UserId,
    view::{Recoverable, RecoveryView},
};

impl Members<'_> {
    /// Begins to recover a member, who is told at once at every address of theirs and can stop it.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidText`]; [`ErrorCode::SignInAgain`],
    /// [`ErrorCode::SecondFactorRequired`]; [`ErrorCode::Forbidden`] for oneself, and for who holds what the viewer does not;
    /// [`ErrorCode::RecoveryElsewhere`] for who is in another workspace too; [`ErrorCode::NotFound`] for who is no member or has no
    /// second factor; [`ErrorCode::RecoveryUnderWay`], [`ErrorCode::RateLimited`].
    pub async fn begin_recovery(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: UserId,
        reason: &str,
        with_passkeys: bool,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRecover).await?;
        // It concerns the person's whole account, so it takes a sign-in that counts everywhere.
        ctx.actor()?;
        let reason: TextLine = reason.parse()?;
        self.core
            .require_factor_change(&mut scope.tx, scope.actor)
            .await?;
        if id == scope.actor.user.id {
            return Err(scope.refused("reach", None));
        }
        scope.lock_and_recheck_over(id, Permission::MemberRecover).await?;
        if !self
            .core
            .is_nowhere_else(&mut scope.tx, id, scope.workspace.id)
            .await?
        {
            return Err(ErrorCode::RecoveryElsewhere.into());
        }
        let new = NewRecovery {
            person: id,
            reason: &reason,
            with_passkeys,
        };
        let told = self
            .core
            .begin_recovery(&mut scope.tx, ctx, scope.actor, new)
            .await?;
        scope.commit(told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes back what somebody of this workspace began.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::Forbidden`] as for beginning it; [`ErrorCode::NotFound`] when none
    /// runs that was begun here.
    pub async fn withdraw_recovery(self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRecover).await?;
        scope.lock_and_recheck_over(id, Permission::MemberRecover).await?;
        let here = scope.workspace.id;
        let told = self
            .core
            .withdraw_recovery(&mut scope.tx, ctx, id, |recovery| recovery.workspace_id == here)
            .await?;
        scope.commit(told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }
}

impl MemberTx<'_> {
    /// How the member `id` could be recovered, for who may.
    pub(super) async fn recovery_view(
        &mut self,
        id: UserId,
        access: EffectiveAccess,
    ) -> Result<Option<RecoveryView>, IamError> {
        let reached = self.access.covers(access.permissions) && id != self.actor.user.id;
        if !reached || !self.may(Permission::MemberRecover) {
            return Ok(None);
        }
        let (core, here) = (self.core, self.workspace.id);
        let running = core.open_recovery_of(id).await?;
        let by = if !core.has_second_factor(&mut self.tx, id).await? {
            Recoverable::NotNeeded
        } else if core.is_nowhere_else(&mut self.tx, id, here).await? {
            Recoverable::Here
        } else {
            Recoverable::ByOperators
        };
        let running = match running {
            Some(running) if running.workspace_id == here => Some(core.recovery_card(running).await?),
            Some(_) | None => None,
        };
        Ok(Some(RecoveryView { by, running }))
    }
}
