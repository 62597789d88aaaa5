//! Members of a workspace: looking at them, changing their role, letting them go.

use crate::{
    Ctx, IamError,
    audit::history::shown,
    core::mail::{Telling, WARNING_KEPT},
    ctx::Acting,
    members::Members,
    port::Notice,
    workspaces::enter::MemberTx,
};
use iam_domain::{
    audit::Told,
    core::visible::TextLine,
    members::member::{Member, MemberFilter},
    provider::grant::RevokeReason,
    sign_in::user_agent,
};
use iam_store::provider::grant::ActiveGrant;
use iam_types::{
    ErrorCode, GrantId, Permission, Permissions, Role, Slug, UserId, paths,
    view::{AppSession, ListedMemberCard, MemberCard, MemberView, MembersView, Page},
};

/// How many members a page of the list shows.
const PAGE_SIZE: usize = 50;
/// How many events the history of a member shows.
const HISTORY: i64 = 20;

impl Members<'_> {
    /// A page of the workspace's members that pass `filter`, those behind `after`.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn list(
        self,
        ctx: &Ctx,
        slug: &Slug,
        filter: &MemberFilter,
        after: Option<UserId>,
    ) -> Result<MembersView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRead).await?;
        // Whoever ended the page before may have left since; then the list begins anew.
        let after = match after {
            Some(id) => scope.tx.member(id).await?,
            None => None,
        };
        let rows = scope
            .tx
            .members(filter, after.as_ref(), PAGE_SIZE as i64 + 1)
            .await?;
        // A page with none before it and none behind it shows all there are to count.
        let matching = if after.is_none() && rows.len() <= PAGE_SIZE {
            rows.len() as i64
        } else if filter.admits_all() {
            scope.tx.member_count().await?
        } else {
            scope.tx.matching_members(filter).await?
        };
        let total = if filter.admits_all() {
            matching
        } else {
            scope.tx.member_count().await?
        };
        Ok(MembersView {
            workspace: scope.card(),
            members: Page::cut(
                rows,
                PAGE_SIZE,
                |row| row.member.user_id.to_string(),
                |row| ListedMemberCard {
                    member: scope.member_card(&row.member),
                    groups: row.groups,
                    last_active_at: row.last_active_at.map(|at| at.timestamp()),
                },
            ),
            total,
            matching,
            may_invite: scope.may(Permission::MemberInvite),
            may_change: [
                Permission::MemberUpdate,
                Permission::MemberRemove,
                Permission::GroupUpdate,
            ]
            .into_iter()
            .any(|permission| scope.may(permission)),
            now: self.core.now().timestamp(),
        })
    }

    /// One member: their role, why they may do what they may, what they did.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] for somebody who is no member.
    pub async fn get(self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<MemberView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRead).await?;
        let member = scope
            .tx
            .member(id)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))?;
        let history = if scope.may(Permission::AuditRead) {
            let events = scope.tx.events_about(id, HISTORY).await?;
            Some(events.into_iter().map(shown).collect())
        } else {
            None
        };
        let access = scope.tx.effective_access(id).await?.ok_or(ErrorCode::NotFound)?;
        let reached = scope.access.covers(access.permissions);
        let may_assign = reached && scope.may(Permission::MemberUpdate);
        let app_sessions = scope.tx.grants_of(id, self.core.now()).await?;
        let held = scope.tx.roles_of_member(id).await?;
        let groups = scope.tx.groups(Some(id)).await?;
        let sources = scope.tx.group_sources(&[id]).await?.into_iter();
        Ok(MemberView {
            member: scope.member_card(&member),
            last_active_at: scope.tx.last_active_at(id).await?.map(|at| at.timestamp()),
            check: self.core.check_member(&mut scope, id).await?,
            givable: scope.givable(access.permissions, Permission::MemberUpdate),
            may_remove: reached && scope.may(Permission::MemberRemove) && id != scope.actor.user.id,
            rights: scope.rights(id).await?,
            roles: scope.role_choices(&held, may_assign).await?,
            may_assign,
            groups: groups.into_iter().map(|group| scope.group_card(group)).collect(),
            group_sources: sources.map(|(_, group, name)| (group, name)).collect(),
            app_sessions: app_sessions.into_iter().map(app_session).collect(),
            may_end: may_assign,
            recovery: scope.recovery_view(id, access).await?,
            history,
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }

    /// Gives a member another role. It counts from their next request on.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`], [`ErrorCode::InvalidInput`]; [`ErrorCode::Forbidden`] when
    /// the old or the new role holds what the viewer does not; [`ErrorCode::LastOwner`].
    pub async fn change_role(self, ctx: &Ctx, slug: &Slug, id: UserId, role: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberUpdate).await?;
        let new: Role = role.parse().map_err(|()| ErrorCode::InvalidInput)?;
        let old = scope
            .lock_and_recheck_over(id, Permission::MemberUpdate)
            .await?
            .role;
        scope.require_held(new.permissions())?;
        if old == new {
            return Ok(());
        }
        scope.tx.update_role(id, new).await?;
        scope.commit(Told::member_role_changed(id, old, new)).await
    }

    /// Ends what an app may do in a member's name: its refresh token and userinfo stop at once.
    ///
    /// # Errors
    /// As [`change_role`](Self::change_role), but for [`ErrorCode::LastOwner`].
    pub async fn end_app_session(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: UserId,
        grant: GrantId,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberUpdate).await?;
        scope.lock_and_recheck_over(id, Permission::MemberUpdate).await?;
        let theirs = scope.tx.grants_of(id, self.core.now()).await?;
        if !theirs.iter().any(|one| one.id == grant) {
            return Err(ErrorCode::NotFound.into());
        }
        scope
            .tx
            .revoke_grant(grant, RevokeReason::Withdrawn, self.core.now())
            .await?;
        scope.commit(Told::app_session_ended(id, grant)).await
    }

    /// Ends what all apps of the workspace may do in a member's name, and tells them why. Their browsers stay signed in: those are not
    /// the workspace's.
    ///
    /// # Errors
    /// As [`end_app_session`](Self::end_app_session); [`ErrorCode::InvalidText`]; [`ErrorCode::NotFound`] when there is nothing to end.
    pub async fn end_app_sessions(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: UserId,
        reason: &str,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberUpdate).await?;
        let reason: TextLine = reason.parse()?;
        scope.lock_and_recheck_over(id, Permission::MemberUpdate).await?;
        let now = self.core.now();
        let member = scope.tx.member(id).await?.ok_or(ErrorCode::NotFound)?;
        let families = scope.tx.revoke_grants_of(id, now).await?;
        if families == 0 {
            return Err(ErrorCode::NotFound.into());
        }
        let telling = Telling {
            notice: Notice::AppsSignedOut {
                reason: reason.as_str().to_owned(),
            },
            by: &scope.actor.user.email,
            about: None,
            expires_at: now + WARNING_KEPT,
        };
        scope.notify(vec![member.email], telling).await?;
        scope
            .commit(Told::app_sessions_ended(id, families, &reason))
            .await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes a member out. Their tokens and consents here end with the membership; the person stays.
    ///
    /// # Errors
    /// As [`change_role`](Self::change_role).
    pub async fn remove(self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRemove).await?;
        let role = scope
            .lock_and_recheck_over(id, Permission::MemberRemove)
            .await?
            .role;
        scope.tx.delete_member(id).await?;
        scope.commit(Told::member_removed(id, role)).await
    }

    /// Ends the viewer's own membership.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] for strangers;
    /// [`ErrorCode::LastOwner`].
    pub async fn leave(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let person = actor.user.id;
        let id = self.core.workspace_id(slug).await?;
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        let role = tx
            .role_of(person)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))?;
        self.core.let_sign_in_count(&mut tx, actor).await?;
        tx.delete_member(person).await?;
        let told = Told::member_left(person, role);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }
}

fn app_session(grant: ActiveGrant) -> AppSession {
    let (browser, system) = user_agent::label(grant.user_agent.as_deref().unwrap_or_default());
    AppSession {
        id: grant.id,
        app: grant.app,
        since: grant.created_at.timestamp(),
        offline: grant.offline,
        browser: browser.to_owned(),
        system: system.to_owned(),
        last_used_at: grant.last_used_at.timestamp(),
    }
}

impl MemberTx<'_> {
    /// The built-in roles that the viewer could give to somebody who holds `current`.
    pub(crate) fn givable(&self, current: Permissions, permission: Permission) -> Vec<Role> {
        if !self.may(permission) || !self.access.covers(current) {
            return Vec::new();
        }
        let reached = |role: &Role| self.access.covers(role.permissions());
        Role::ALL.iter().copied().filter(reached).collect()
    }

    pub(crate) fn member_card(&self, member: &Member) -> MemberCard {
        MemberCard {
            id: member.user_id,
            email: member.email.clone(),
            display_name: member.display_name.clone(),
            picture: member.picture.map(paths::picture),
            role: member.role,
            joined_at: member.joined_at.timestamp(),
            own: member.user_id == self.actor.user.id,
        }
    }
}
