//! The ways into a workspace: behind its slug, and as a member who holds a permission.

use crate::{
    Actor, Ctx, IamError,
    core::{Core, mail::Telling},
    ctx::Acting,
};
use iam_domain::{
    access::role::EffectiveAccess,
    audit::Told,
    sign_in::policy::SignInPolicy,
    workspaces::workspace::{State, Workspace},
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events},
};
use iam_types::{ErrorCode, Permission, Permissions, Slug, UserId, WorkspaceId, paths, view::WorkspaceCard};

/// A member inside a workspace, with an open transaction there: no scope, no row. It remembers who asks and in which
/// request, and what the log is to be told. Dropped, it leaves nothing behind.
pub struct MemberTx<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Where.
    pub workspace: Workspace,
    /// As what, and what they may do.
    pub access: EffectiveAccess,
    /// Until when they look as the operator's support, if that is what they are.
    pub support_until: Option<i64>,
    pub(crate) core: &'a Core,
    pub(crate) ctx: &'a Ctx,
    pub(crate) tx: WorkspaceTx,
    told: Vec<Event>,
}

impl<'a> MemberTx<'a> {
    /// As whom the viewer does what they do.
    fn acting(&self) -> Acting<'a> {
        let viewer = self.actor.user.id;
        match self.support_until {
            Some(_) => Acting::Support(viewer, self.ctx),
            None => Acting::User(viewer, self.ctx),
        }
    }

    /// The one question "may they".
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<(), IamError> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(self.refused("permission", Some(permission)))
        }
    }

    /// Nobody gives, takes or changes what they do not hold.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub(crate) fn require_held(&self, other: Permissions) -> Result<(), IamError> {
        if self.access.covers(other) {
            Ok(())
        } else {
            Err(self.refused("reach", None))
        }
    }

    /// Holds privileges still and asks again whether the viewer may.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`]; [`ErrorCode::NotFound`] when they are no member any more.
    pub(crate) async fn lock_and_recheck(&mut self, permission: Permission) -> Result<(), IamError> {
        let viewer = self.actor.user.id;
        let mut accesses = self.tx.lock_effective_access(&[viewer]).await?;
        self.access = accesses.remove(&viewer).ok_or(ErrorCode::NotFound)?;
        self.require(permission)
    }

    /// That, and asks whether the member `id` holds nothing that the viewer does not. Returns what the member is.
    ///
    /// # Errors
    /// As [`lock_and_recheck`](Self::lock_and_recheck); [`ErrorCode::NotFound`] for who is no member.
    pub(crate) async fn lock_and_recheck_over(
        &mut self,
        id: UserId,
        permission: Permission,
    ) -> Result<EffectiveAccess, IamError> {
        self.lock_and_recheck(permission).await?;
        let access = self.tx.effective_access(id).await?.ok_or(ErrorCode::NotFound)?;
        self.require_held(access.permissions)?;
        Ok(access)
    }

    /// Remembers for the log that the viewer was refused, and why.
    pub(crate) fn refused(&self, reason: &'static str, permission: Option<Permission>) -> IamError {
        let (workspace, viewer) = (self.workspace.id, self.actor.user.id);
        self.ctx.denials.add(workspace, viewer, reason, permission);
        ErrorCode::Forbidden.into()
    }

    /// Whether they may, for pages that show less to those who may not.
    pub fn may(&self, permission: Permission) -> bool {
        self.access.allows(permission)
    }

    /// Whether the sign-in is so recent that they may do what only owners may, and what makes one.
    pub(crate) fn is_recent(&self) -> bool {
        self.require_recent().is_ok()
    }

    /// That whoever asks for so much of each sign-in could still come in with their own, be it as long ago, and its browser silent as
    /// long, as it may.
    ///
    /// # Errors
    /// [`ErrorCode::WouldLockOut`].
    pub(crate) fn require_own_sign_in_under(&self, asks: SignInPolicy) -> Result<(), IamError> {
        let ageless = SignInPolicy {
            max_age: None,
            max_idle: None,
            ..asks
        };
        if self.core.sign_in_decision(self.actor, &ageless.into()).allows() {
            Ok(())
        } else {
            Err(ErrorCode::WouldLockOut.into())
        }
    }

    /// Asks for a sign-in that counts everywhere: whoever runs a provider must not decide what its word is worth, nor at whose
    /// host people sign in.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub(crate) fn require_whole(&self) -> Result<(), IamError> {
        if self.actor.session.is_whole() {
            Ok(())
        } else {
            Err(ErrorCode::SignInRequired.into())
        }
    }

    /// Asks for a sign-in that is [`RECENT`].
    ///
    /// # Errors
    /// [`ErrorCode::SignInAgain`].
    pub(crate) fn require_recent(&self) -> Result<(), IamError> {
        self.core.require_recent(self.actor)
    }

    /// Tells each of `receivers` what happens here.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn notify(&mut self, receivers: Vec<String>, what: Telling<'_>) -> Result<(), IamError> {
        self.core
            .notify(&mut self.tx, &self.ctx.locale, receivers, what)
            .await
    }

    /// The log is to be told of this when the change lasts.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for a change too much.
    pub(crate) async fn tell(&mut self, told: Told) -> Result<(), IamError> {
        let acting = self.acting();
        let event = self.core.event(&mut self.tx, acting, told).await?;
        self.told.push(event);
        Ok(())
    }

    /// The log is to be told of what another step has done here, if it has done anything.
    pub(crate) fn tell_made(&mut self, made: Option<Event>) {
        self.told.extend(made);
    }

    /// Tells the log of a change and makes it last.
    ///
    /// # Errors
    /// As [`tell`](Self::tell); [`IamError::Store`].
    pub(crate) async fn commit(mut self, told: Told) -> Result<(), IamError> {
        self.tell(told).await?;
        self.commit_told().await
    }

    /// Makes last what the log is told of; nothing, if it is told of nothing.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn commit_told(self) -> Result<(), IamError> {
        match Events::of(self.told) {
            Some(events) => Ok(self.tx.commit(events).await?),
            None => Ok(()),
        }
    }

    /// The workspace as pages show it.
    pub fn card(&self) -> WorkspaceCard {
        WorkspaceCard {
            slug: self.workspace.slug.clone(),
            name: self.workspace.name.clone(),
            role: self.access.role,
            may: self.access.permissions,
            suspended: None,
            delete_after: None,
            support_until: self.support_until,
        }
    }
}

impl Core {
    /// The workspace behind a slug. Every way into a workspace goes through here.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::WorkspaceSuspended`], [`ErrorCode::WorkspaceEnding`].
    pub(crate) async fn workspace_id(&self, slug: &Slug) -> Result<WorkspaceId, IamError> {
        let entry = self.deps.store.workspace_entry(slug).await?;
        let entry = entry.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        Ok(entry.id)
    }

    /// As [`workspace_id`](Self::workspace_id), with a transaction begun there.
    ///
    /// # Errors
    /// As [`workspace_id`](Self::workspace_id).
    pub(crate) async fn in_workspace_behind(&self, slug: &Slug) -> Result<WorkspaceTx, IamError> {
        let (tx, state) = self.deps.store.enter(slug).await?.ok_or(ErrorCode::NotFound)?;
        require_open(state)?;
        Ok(tx)
    }

    /// The workspace's issuer identifier.
    pub(crate) fn issuer(&self, slug: &Slug) -> String {
        format!("{}{}", self.origin(), paths::issuer(slug))
    }

    /// Enters a workspace as a member who holds `permission`.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] alike for strangers and for slugs that do not exist;
    /// [`ErrorCode::SignInAgain`], [`ErrorCode::SecondFactorRequired`] when the workspace asks more of a sign-in;
    /// [`ErrorCode::Forbidden`] for members without the permission.
    pub(crate) async fn enter<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
        permission: Permission,
    ) -> Result<MemberTx<'a>, IamError> {
        let scope = self.enter_as_member(ctx, slug).await?;
        scope.require(permission)?;
        Ok(scope)
    }

    /// Enters a workspace as a member, whatever they may do there: only for what every member may see.
    ///
    /// # Errors
    /// As [`enter`](Self::enter), but for [`ErrorCode::Forbidden`].
    pub(crate) async fn enter_as_member<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
    ) -> Result<MemberTx<'a>, IamError> {
        let actor = ctx.actor_in(slug)?;
        let mut tx = self.in_workspace_behind(slug).await?;
        let id = tx.workspace_id();
        let (workspace, access) = tx.workspace_and_access(actor.user.id).await?;
        let (tx, access, support_until) = match access {
            Some(access) => (tx, access, None),
            None => {
                let Some((tx, access, until)) = self.as_support(tx, ctx, actor).await? else {
                    ctx.denials.add(id, actor.user.id, "no_member", None);
                    return Err(ErrorCode::NotFound.into());
                };
                (tx, access, Some(until))
            }
        };
        self.sign_in_decision(actor, &workspace.sign_in_policy().into())
            .require()?;
        Ok(MemberTx {
            actor,
            workspace,
            access,
            support_until,
            core: self,
            ctx,
            tx,
            told: Vec::new(),
        })
    }

    /// Asks whether a sign-in counts in the workspace of `tx`. Whoever does anything there passes here: who
    /// enters, and who comes, goes or takes something over without entering.
    pub(crate) async fn let_sign_in_count(
        &self,
        tx: &mut WorkspaceTx,
        actor: &Actor,
    ) -> Result<Workspace, IamError> {
        let workspace = tx.workspace().await?;
        self.sign_in_decision(actor, &workspace.sign_in_policy().into())
            .require()?;
        Ok(workspace)
    }
}

/// Whether a workspace can be entered.
///
/// # Errors
/// [`ErrorCode::NotFound`], [`ErrorCode::WorkspaceSuspended`], [`ErrorCode::WorkspaceEnding`].
pub(crate) fn require_open(state: State) -> Result<(), IamError> {
    match state {
        State::Open => Ok(()),
        State::Suspended => Err(ErrorCode::WorkspaceSuspended.into()),
        State::Ending => Err(ErrorCode::WorkspaceEnding.into()),
        State::Deleted => Err(ErrorCode::NotFound.into()),
    }
}
