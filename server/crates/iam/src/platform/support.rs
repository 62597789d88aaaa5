//! The operator's support in a workspace: only while the workspace itself lets it in, only to look, and written down in
//! both logs. Support is no member, so no app signs it in and no token is ever issued for it.

use crate::{Actor, Ctx, IamError, core::Core, ctx::Acting, platform::Platform};
use chrono::TimeDelta;
use iam_domain::{access::role::EffectiveAccess, audit::Told, core::visible::TextLine};
use iam_store::{WorkspaceTx, platform::support::SupportAccess};
use iam_types::{
    ErrorCode, Permission, Permissions, Role, Slug, WindowId, WorkspaceId,
    view::{SupportVisit, SupportWindow},
};

/// For how many hours a window can be opened.
pub const HOURS: [i64; 4] = [1, 8, 24, 72];

/// What support may do in a workspace that lets it in.
const SUPPORT_PERMISSIONS: Permissions = Permissions::of(&[
    Permission::WorkspaceRead,
    Permission::AppRead,
    Permission::MemberRead,
    Permission::RoleRead,
    Permission::AuditRead,
]);

impl Platform<'_> {
    /// Lets the operator's support in for some hours, for a reason that it reads.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidText`], [`ErrorCode::InvisibleText`], [`ErrorCode::InvalidInput`].
    pub async fn open_support(
        self,
        ctx: &Ctx,
        slug: &Slug,
        reason: &str,
        hours: &str,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::SupportGrant).await?;
        // The platform's log is told too, which takes the platform's own address.
        ctx.actor()?;
        let reason: TextLine = reason.parse()?;
        let hours = hours.parse().ok().filter(|hours| HOURS.contains(hours));
        let hours = hours.ok_or(ErrorCode::InvalidInput)?;
        scope.lock_and_recheck(Permission::SupportGrant).await?;
        let (id, now) = (WindowId::from_uuid(self.core.new_uuid()), self.core.now());
        let expires_at = now + TimeDelta::hours(hours);
        let by = scope.actor.user.id;
        scope
            .tx
            .open_support_window(id, by, &reason, now, expires_at)
            .await?;
        let told = Told::support_opened(scope.workspace.id, &reason, expires_at);
        scope.commit(told.also_in(WorkspaceId::PLATFORM)).await
    }

    /// Shuts support out again, at once.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] when it is not let in.
    pub async fn close_support(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::SupportGrant).await?;
        // The platform's log is told too, which takes the platform's own address.
        ctx.actor()?;
        if !scope.tx.close_support_window(self.core.now()).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let told = Told::support_closed(scope.workspace.id);
        scope.commit(told.also_in(WorkspaceId::PLATFORM)).await
    }
}

impl Core {
    /// What somebody who is no member may do in the workspace of `tx` as support, and until when. Their first step
    /// through a window is committed to both logs before they see anything.
    pub(crate) async fn as_support(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
    ) -> Result<Option<(WorkspaceTx, EffectiveAccess, i64)>, IamError> {
        let (id, now) = (tx.workspace_id(), self.now());
        let mut tx = tx;
        // Support works from the platform's own address, where its session is not confined.
        let Some(window) = tx
            .support_access(now)
            .await?
            .filter(|_| ctx.custom_domain.is_none() && actor.session.is_whole())
        else {
            return Ok(None);
        };
        let mut tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        let access = tx.effective_access(actor.user.id).await?;
        if !access.is_some_and(|access| access.allows(Permission::SupportUse)) {
            return Ok(None);
        }
        // What the platform asks of whoever operates it, it asks of its support.
        self.let_sign_in_count(&mut tx, actor).await?;
        let mut tx = tx.switch_workspace(id).await?;
        if tx.insert_support_visit(window.id, actor.user.id, now).await? {
            let told = Told::support_entered(id, window.id, &window.reason);
            let told = told.also_in(WorkspaceId::PLATFORM);
            self.commit(tx, Acting::Support(actor.user.id, ctx), told).await?;
            let tx = self.deps.store.in_workspace(id).await?;
            return Ok(Some((tx, looking(), window.expires_at.timestamp())));
        }
        Ok(Some((tx, looking(), window.expires_at.timestamp())))
    }

    /// The window through which support may come, for pages.
    pub(crate) async fn support_access(
        &self,
        tx: &mut WorkspaceTx,
    ) -> Result<Option<SupportWindow>, IamError> {
        let Some(window) = tx.support_access(self.now()).await? else {
            return Ok(None);
        };
        let visits = tx.support_visits(window.id).await?;
        let visits = visits.into_iter().map(|(email, at)| SupportVisit {
            email,
            at: at.timestamp(),
        });
        Ok(Some(shown(window, visits.collect())))
    }
}

const fn looking() -> EffectiveAccess {
    EffectiveAccess {
        role: Role::Auditor,
        permissions: SUPPORT_PERMISSIONS,
    }
}

fn shown(window: SupportAccess, visits: Vec<SupportVisit>) -> SupportWindow {
    SupportWindow {
        reason: window.reason,
        opened_by: window.opened_by,
        expires_at: window.expires_at.timestamp(),
        visits,
    }
}
