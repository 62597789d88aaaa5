//! Coming back by a recovery.

use super::RecoveryAhead;
use crate::{
    Ctx, IamError,
    core::Core,
    ctx::Acting,
    port::SecurityChange,
    sign_in::{
        SignIn,
        arrival::{Proved, SignedIn},
        ending::Ending,
    },
};
use chrono::{DateTime, Utc};
use iam_domain::{
    audit::{Ended, Told},
    sign_in::{pending::PendingSignIn, recovery::Recovery},
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{ErrorCode, PendingSignInId, Permission, WorkspaceId, paths};

impl SignIn<'_> {
    /// Signs in without a second factor whom a recovery lets pass, once: their second factors are gone then, with all that lets
    /// anybody else in. The browser that does so again within moments comes to the same session.
    ///
    /// # Errors
    /// [`ErrorCode::SignInExpired`], also in another browser; [`ErrorCode::RecoveryOver`]; [`ErrorCode::RateLimited`];
    /// [`ErrorCode::NotFound`] at a workspace's own host.
    pub async fn redeem_recovery(self, ctx: &Ctx, id: PendingSignInId) -> Result<SignedIn, IamError> {
        let core = self.core;
        if ctx.custom_domain.is_some() {
            return Err(ErrorCode::NotFound.into());
        }
        core.limit_code_try(ctx).await?;
        let pending = core.own_pending_sign_in(ctx, id).await?;
        let pending = pending.ok_or(ErrorCode::SignInExpired)?;
        let now = core.now();
        if pending.can_be_repeated(now) {
            return core.repeat_second_factor(ctx, &pending).await;
        }
        let linked = match core.deps.store.recovery_of(pending.user_id).await? {
            Some(recovery) => core.linked_since(pending.user_id, recovery.begun_at).await?,
            None => return Err(ErrorCode::RecoveryOver.into()),
        };
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.finish_pending_sign_in(id, now).await? {
            drop(tx);
            return core.repeat_second_factor(ctx, &pending).await;
        }
        // Asked after it is held: whoever is being shut out meanwhile is found shut out.
        if tx.user(pending.user_id).await?.is_none() {
            return Err(ErrorCode::SignInExpired.into());
        }
        let (tx, recovery) = core.recovery_for(tx, &pending).await?;
        let recovery = recovery.filter(|recovery| recovery.lets_past(&pending, now));
        let recovery = recovery.ok_or(ErrorCode::RecoveryOver)?;
        let (tx, events) = core.end_before_recovery(tx, ctx, &pending, &recovery).await?;
        let (mut tx, unlinked) = core.unlink(tx, ctx, pending.user_id, linked).await?;
        core.tell_of_recovery(
            &mut tx,
            ctx,
            recovery.user_id,
            SecurityChange::Recovered,
            ("", paths::SECURITY),
        )
        .await?;
        let tx = tx.switch_workspace(pending.return_to.place()).await?;
        let proved = Proved {
            user_id: pending.user_id,
            address: &pending.address,
            methods: pending.amr.clone(),
            return_to: pending.return_to,
            is_new: false,
            steps_up: false,
            model: None,
            step: pending.id.uuid(),
            through: None,
            made: events.into_iter().chain(unlinked).collect(),
        };
        let signed_in = core.sign_in(tx, ctx, proved).await?;
        core.mail_waiting.notify_one();
        Ok(signed_in)
    }
}

impl Core {
    /// The recovery that lets a sign-in pass which waits, or will; for its page.
    pub(in crate::sign_in) async fn recovery_ahead(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        pending: &PendingSignIn,
    ) -> Result<Option<RecoveryAhead>, IamError> {
        if ctx.custom_domain.is_some() {
            return Ok(None);
        }
        let (_, recovery) = self.recovery_for(tx, pending).await?;
        let recovery = recovery.filter(|recovery| recovery.concerns(pending));
        Ok(recovery.map(|recovery| RecoveryAhead {
            counts: recovery.lets_past(pending, self.now()),
            counts_at: recovery.counts_at.timestamp(),
        }))
    }

    /// The open recovery of whose sign-in waits, if it still may count: whoever began it could begin it now, and the address that
    /// was proved was the person's before. Returns the transaction in the platform.
    async fn recovery_for(
        &self,
        tx: WorkspaceTx,
        pending: &PendingSignIn,
    ) -> Result<(WorkspaceTx, Option<Recovery>), IamError> {
        let (person, now) = (pending.user_id, self.now());
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        let recovery = tx.hold_recovery_of(person).await?;
        let Some(recovery) = recovery.filter(|recovery| recovery.is_open(now)) else {
            return Ok((tx, None));
        };
        let began = recovery.begun_at;
        if !tx.had_address(person, &pending.address, began).await?
            || !self.is_alone_with(&mut tx, &recovery).await?
        {
            return Ok((tx, None));
        }
        let mut tx = tx.switch_workspace(recovery.workspace_id).await?;
        let could = self.could_begin(&mut tx, &recovery).await?;
        let tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        Ok((tx, could.then_some(recovery)))
    }

    /// Whether nobody but whoever began a recovery is concerned: an admin's is no way into other workspaces.
    async fn is_alone_with(&self, tx: &mut WorkspaceTx, recovery: &Recovery) -> Result<bool, IamError> {
        Ok(recovery.is_by_operator()
            || self
                .is_nowhere_else(tx, recovery.user_id, recovery.workspace_id)
                .await?)
    }

    /// Whether whoever began a recovery could begin it now, in the workspace of `tx`.
    async fn could_begin(&self, tx: &mut WorkspaceTx, recovery: &Recovery) -> Result<bool, IamError> {
        let beginner = tx.user(recovery.begun_by).await?;
        if beginner.is_none_or(|beginner| beginner.deletion_due_at.is_some()) || !tx.is_open().await? {
            return Ok(false);
        }
        let permission = if recovery.is_by_operator() {
            Permission::UserRecover
        } else {
            Permission::MemberRecover
        };
        let person = tx.effective_access(recovery.user_id).await?;
        let beginner = tx.effective_access(recovery.begun_by).await?;
        Ok(beginner.is_some_and(|beginner| {
            beginner.allows(permission) && person.is_none_or(|person| beginner.covers(person.permissions))
        }))
    }

    /// Ends all that lets anybody in as the person, but for the sign-in by which they come back, and undoes what changed about how
    /// they sign in since the recovery began. Returns the transaction in the platform.
    async fn end_before_recovery(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        pending: &PendingSignIn,
        recovery: &Recovery,
    ) -> Result<(WorkspaceTx, Vec<Event>), IamError> {
        let (person, now) = (recovery.user_id, self.now());
        let acting = Acting::User(person, ctx);
        let (mut tx, mut events) = self
            .end_what_lets_in(ctx, tx, (person, Ended::ByRecovery), Ending::AllBut(pending.id))
            .await?;
        if !tx.end_recovery(recovery.id, now).await? {
            return Err(ErrorCode::RecoveryOver.into());
        }
        let since = if recovery.with_passkeys {
            DateTime::<Utc>::UNIX_EPOCH
        } else {
            recovery.begun_at
        };
        for (id, name) in tx.delete_passkeys_since(person, since).await? {
            events.push(
                self.event(&mut tx, acting, Told::passkey_removed(id, &name))
                    .await?,
            );
        }
        // Whoever set up a factor may have chosen it too; and it is the only thing left of two.
        if tx.delete_password(person).await? {
            let told = Told::password_removed(person, 0);
            events.push(self.event(&mut tx, acting, told).await?);
        }
        if tx.delete_second_factors(person, None).await? {
            events.push(self.event(&mut tx, acting, Told::totp_removed(person)).await?);
        }
        let (mut tx, changed) = self
            .take_addresses_back(tx, ctx, person, recovery.begun_at)
            .await?;
        events.extend(changed);
        let told = Told::sessions_ended(person, Ended::ByRecovery);
        events.push(self.event(&mut tx, acting, told).await?);
        let told = Told::recovery_used(recovery);
        events.push(self.admitted_event(recovery.workspace_id, acting, told));
        Ok((tx, events))
    }
}
