//! The ways into a workspace: behind its slug, and as a member who holds a permission.

use crate::{Actor, Ctx, IamError, core::Core, ctx::Denials};
use chrono::{DateTime, Utc};
use iam_domain::{
    access::role::EffectiveAccess,
    sign_in::session::RECENT,
    workspaces::workspace::{State, Workspace},
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events},
};
use iam_types::{ErrorCode, Permission, Slug, WorkspaceId, paths, view::WorkspaceCard};

/// A member inside a workspace, with an open transaction there: no scope, no row.
pub struct MemberTx {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub workspace: Workspace,
    /// As what, and what they may do.
    pub access: EffectiveAccess,
    /// Until when they look as the operator's support, if that is what they are.
    pub support_until: Option<i64>,
    pub(crate) tx: WorkspaceTx,
    pub(crate) denials: Denials,
}

impl MemberTx {
    /// The one question "may they".
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub fn authorize(&self, permission: Permission) -> Result<(), IamError> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(self.refused("permission", Some(permission)))
        }
    }

    /// Remembers for the log that the viewer was refused, and why.
    pub(crate) fn refused(&self, reason: &'static str, permission: Option<Permission>) -> IamError {
        let (workspace, viewer) = (self.workspace.id, self.actor.user.id);
        self.denials.add(workspace, viewer, reason, permission);
        ErrorCode::Forbidden.into()
    }

    /// Whether they may, for pages that show less to those who may not.
    pub fn may(&self, permission: Permission) -> bool {
        self.access.allows(permission)
    }

    /// Whether the sign-in is so recent that they may do what only owners may, and what makes one.
    pub(crate) fn is_recent(&self, now: DateTime<Utc>) -> bool {
        self.actor.session.is_fresh(Some(RECENT), now)
    }

    /// Asks for a sign-in that is [`RECENT`].
    pub(crate) fn require_recent(&self, now: DateTime<Utc>) -> Result<(), IamError> {
        if self.is_recent(now) {
            Ok(())
        } else {
            Err(ErrorCode::SignInAgain.into())
        }
    }

    /// Makes the changes last that these events tell of; none, if there are none.
    pub(crate) async fn end(self, events: Vec<Event>) -> Result<(), IamError> {
        match Events::of(events) {
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
    /// [`ErrorCode::SignInAgain`] when the workspace wants a fresher sign-in; [`ErrorCode::Forbidden`] for members
    /// without the permission.
    pub(crate) async fn enter(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        permission: Permission,
    ) -> Result<MemberTx, IamError> {
        let scope = self.enter_as_member(ctx, slug).await?;
        scope.authorize(permission)?;
        Ok(scope)
    }

    /// Enters a workspace as a member, whatever they may do there: only for what every member may see.
    ///
    /// # Errors
    /// As [`enter`](Self::enter), but for [`ErrorCode::Forbidden`].
    pub(crate) async fn enter_as_member(&self, ctx: &Ctx, slug: &Slug) -> Result<MemberTx, IamError> {
        let actor = ctx.actor_in(slug)?.clone();
        let mut tx = self.in_workspace_behind(slug).await?;
        let id = tx.workspace_id();
        let (mut tx, access, support_until) = match tx.effective_access(actor.user.id).await? {
            Some(access) => (tx, access, None),
            None => {
                let Some((tx, access, until)) = self.as_support(tx, ctx, &actor).await? else {
                    ctx.denials.add(id, actor.user.id, "no_member", None);
                    return Err(ErrorCode::NotFound.into());
                };
                (tx, access, Some(until))
            }
        };
        let workspace = self.let_sign_in_count(&mut tx, &actor).await?;
        Ok(MemberTx {
            actor,
            workspace,
            access,
            support_until,
            tx,
            denials: ctx.denials.clone(),
        })
    }

    /// Asks whether a sign-in is recent enough for the workspace of `tx`. Whoever does anything there passes here: who
    /// enters, and who comes, goes or takes something over without entering.
    pub(crate) async fn let_sign_in_count(
        &self,
        tx: &mut WorkspaceTx,
        actor: &Actor,
    ) -> Result<Workspace, IamError> {
        let workspace = tx.workspace().await?;
        if actor.session.is_fresh(workspace.sign_in_limit(), self.now()) {
            Ok(workspace)
        } else {
            Err(ErrorCode::SignInAgain.into())
        }
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
