//! Members of a workspace: looking at them, changing their role, letting them go.

use crate::{Ctx, Iam, IamError, workspace::Scope};
use iam_domain::{
    audit::Action,
    member::{Member, MemberFilter},
};
use iam_types::{
    ErrorCode, Permission, Role, Slug, UserId,
    view::{EventRow, MemberCard, MemberView, MembersView, Page},
};
use serde_json::json;

/// How many members a page of the list shows.
const PAGE_SIZE: usize = 50;
/// How many events the history of a member shows.
const HISTORY: i64 = 20;

impl Iam {
    /// A page of the workspace's members that pass `filter`, those behind `after`.
    ///
    /// # Errors
    /// As [`enter`](Self::enter).
    pub async fn members(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        filter: &MemberFilter,
        after: Option<UserId>,
    ) -> Result<MembersView, IamError> {
        let mut scope = self.enter(ctx, slug, Permission::MemberRead).await?;
        // Whoever ended the page before may have left since; then the list begins anew.
        let after = match after {
            Some(id) => scope.tx.member(id).await?,
            None => None,
        };
        let mut rows = scope
            .tx
            .members(filter, after.as_ref(), PAGE_SIZE as i64 + 1)
            .await?;
        let more = rows.len() > PAGE_SIZE;
        rows.truncate(PAGE_SIZE);
        let last = rows.last().map(|member| member.user_id.to_string());
        Ok(MembersView {
            workspace: scope.card(),
            members: Page {
                rows: rows.iter().map(|member| scope.member_card(member)).collect(),
                next: last.filter(|_| more),
            },
            total: scope.tx.member_count().await?,
            may_invite: scope.role.allows(Permission::MemberInvite),
            now: self.now().timestamp(),
        })
    }

    /// One member: their role, why they may do what they may, what they did.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::NotFound`] for somebody who is no member.
    pub async fn member(&self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<MemberView, IamError> {
        let mut scope = self.enter(ctx, slug, Permission::MemberRead).await?;
        let member = scope
            .tx
            .member(id)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))?;
        let history = if scope.role.allows(Permission::AuditRead) {
            let events = scope.tx.events_about(id, HISTORY).await?;
            Some(
                events
                    .into_iter()
                    .map(|event| EventRow {
                        action: event.action,
                        actor: event.actor,
                        occurred_at: event.occurred_at.timestamp(),
                    })
                    .collect(),
            )
        } else {
            None
        };
        Ok(MemberView {
            workspace: scope.card(),
            member: scope.member_card(&member),
            givable: scope.givable(member.role, Permission::MemberUpdate),
            may_remove: scope.role.allows(Permission::MemberRemove)
                && scope.role.reaches(member.role)
                && id != scope.actor.person.id,
            permissions: member.role.permissions().iter().collect(),
            history,
            now: self.now().timestamp(),
        })
    }

    /// Gives a member another role. It counts from their next request on.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::NotFound`], [`ErrorCode::InvalidInput`]; [`ErrorCode::Forbidden`] when
    /// the old or the new role holds what the viewer does not; [`ErrorCode::LastOwner`].
    pub async fn change_role(&self, ctx: &Ctx, slug: &Slug, id: UserId, role: &str) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::MemberUpdate).await?;
        let new: Role = role.parse().map_err(|()| ErrorCode::InvalidInput)?;
        let old = scope.lock_over(id, Permission::MemberUpdate).await?;
        if !scope.role.reaches(new) {
            return Err(ErrorCode::Forbidden.into());
        }
        if old == new {
            return Ok(());
        }
        scope.tx.update_role(id, new).await?;
        let detail = json!({ "from": old, "to": new });
        let actor = Some(scope.actor.person.id);
        self.audit(&mut scope.tx, ctx, actor, Action::MemberRoleChanged, id, detail)
            .await?;
        Ok(scope.tx.commit().await?)
    }

    /// Takes a member out. Their tokens and consents here end with the membership; the person stays.
    ///
    /// # Errors
    /// As [`change_role`](Self::change_role).
    pub async fn remove_member(&self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::MemberRemove).await?;
        let role = scope.lock_over(id, Permission::MemberRemove).await?;
        scope.tx.delete_member(id).await?;
        let actor = Some(scope.actor.person.id);
        let detail = json!({ "role": role });
        self.audit(&mut scope.tx, ctx, actor, Action::MemberRemoved, id, detail)
            .await?;
        Ok(scope.tx.commit().await?)
    }

    /// Ends the viewer's own membership.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] for strangers; [`ErrorCode::LastOwner`].
    pub async fn leave_workspace(&self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let person = ctx.actor()?.person.id;
        let id = self.workspace_id(slug).await?;
        let mut tx = self.parts.store.in_workspace(id).await?;
        let role = tx
            .role_of(person)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))?;
        tx.delete_member(person).await?;
        self.audit(
            &mut tx,
            ctx,
            Some(person),
            Action::MemberLeft,
            person,
            json!({ "role": role }),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

impl Scope {
    /// The roles that the viewer could give to somebody who has `current`.
    pub(crate) fn givable(&self, current: Role, permission: Permission) -> Vec<Role> {
        let reached = |role: &Role| self.role.reaches(*role);
        if !self.role.allows(permission) || !reached(&current) {
            return Vec::new();
        }
        Role::ALL.iter().copied().filter(reached).collect()
    }

    /// Holds the viewer's and the member's roles still, asks again whether the viewer may, and whether the member holds
    /// nothing that the viewer does not. Returns the member's role.
    async fn lock_over(&mut self, id: UserId, permission: Permission) -> Result<Role, IamError> {
        let viewer = self.actor.person.id;
        let roles = self.tx.lock_roles(&[viewer, id]).await?;
        self.role = *roles.get(&viewer).ok_or(ErrorCode::NotFound)?;
        self.authorize(permission)?;
        let role = *roles.get(&id).ok_or(ErrorCode::NotFound)?;
        if self.role.reaches(role) {
            Ok(role)
        } else {
            Err(ErrorCode::Forbidden.into())
        }
    }

    fn member_card(&self, member: &Member) -> MemberCard {
        MemberCard {
            id: member.user_id,
            email: member.email.clone(),
            display_name: member.display_name.clone(),
            role: member.role,
            joined_at: member.joined_at.timestamp(),
            own: member.user_id == self.actor.person.id,
        }
    }
}
