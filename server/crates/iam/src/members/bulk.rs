//! Changing several members at once: all of them, or none.

use crate::{Ctx, IamError, members::Members, workspaces::enter::MemberTx};
use iam_domain::{
    audit::Told,
    members::member::{Member, MemberFilter},
};
use iam_types::{
    ErrorCode, GroupId, Permission, Permissions, Role, Slug, UserId,
    view::{BulkView, MOST_CHANGED},
};

/// Which members are meant.
#[derive(Debug, Clone)]
pub enum Picked {
    /// These.
    These(Vec<UserId>),
    /// All that a filter lets through, in its order.
    Matching(MemberFilter),
}

/// What becomes of picked members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They get this built-in role.
    Role(Role),
    /// They come into this group.
    Group(GroupId),
    /// They are taken out of the workspace.
    Remove,
}

impl Change {
    /// Reads what a form says: `role` or `group` with a value, or `remove`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`]; [`ErrorCode::NotFound`] for what is no group.
    pub fn parse(change: &str, value: &str) -> Result<Self, ErrorCode> {
        match change {
            "role" => value
                .parse()
                .map(Self::Role)
                .map_err(|()| ErrorCode::InvalidInput),
            "group" => value.parse().map(Self::Group).map_err(|_| ErrorCode::NotFound),
            "remove" => Ok(Self::Remove),
            _ => Err(ErrorCode::InvalidInput),
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Self::Role(_) => Permission::MemberUpdate,
            Self::Group(_) => Permission::GroupUpdate,
            Self::Remove => Permission::MemberRemove,
        }
    }
}

impl Members<'_> {
    /// Picked members, and what the viewer could do to all of them.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn selected(self, ctx: &Ctx, slug: &Slug, picked: &Picked) -> Result<BulkView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRead).await?;
        let (members, asked) = scope.picked(picked).await?;
        let people: Vec<_> = members.iter().map(|member| member.user_id).collect();
        let held = scope.held_together(&people).await?;
        let groups = if scope.may(Permission::GroupUpdate) && scope.access.covers(held) {
            scope.tx.groups(None).await?
        } else {
            Vec::new()
        };
        let viewer = scope.actor.user.id;
        Ok(BulkView {
            beyond_reach: !scope.access.covers(held),
            givable: scope.givable(held, Permission::MemberUpdate),
            may_remove: scope.may(Permission::MemberRemove)
                && scope.access.covers(held)
                && !people.contains(&viewer),
            groups: groups.into_iter().map(|group| scope.group_card(group)).collect(),
            members: members.iter().map(|member| scope.member_card(member)).collect(),
            asked,
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }

    /// Changes picked members and returns how many there were.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidInput`] for none or too many; [`ErrorCode::NotFound`] when one is
    /// no member, or the group is none; [`ErrorCode::Forbidden`] when one of them, the role or the group holds what the
    /// viewer does not; [`ErrorCode::LastOwner`].
    pub async fn change_selected(
        self,
        ctx: &Ctx,
        slug: &Slug,
        ids: &[UserId],
        change: Change,
    ) -> Result<usize, IamError> {
        let mut scope = self.core.enter(ctx, slug, change.permission()).await?;
        if !(1..=MOST_CHANGED).contains(&ids.len()) {
            return Err(ErrorCode::InvalidInput.into());
        }
        scope.lock_and_recheck(change.permission()).await?;
        let accesses = scope.tx.lock_effective_access(ids).await?;
        for id in ids {
            let access = accesses.get(id).ok_or(ErrorCode::NotFound)?;
            scope.require_held(access.permissions)?;
        }
        match change {
            Change::Role(role) => {
                scope.require_held(role.permissions())?;
                for (id, access) in accesses.iter().filter(|(_, access)| access.role != role) {
                    scope.tx.update_role(*id, role).await?;
                    scope
                        .tell(Told::member_role_changed(*id, access.role, role))
                        .await?;
                }
            }
            Change::Group(group) => {
                let held = scope.held_by_group(group).await?;
                scope.require_held(held)?;
                for id in scope.tx.add_to_group(group, ids).await? {
                    scope.tell(Told::group_member_added(id, group)).await?;
                }
            }
            Change::Remove => {
                for (id, access) in &accesses {
                    scope.tx.delete_member(*id).await?;
                    scope.tell(Told::member_removed(*id, access.role)).await?;
                }
            }
        }
        scope.commit_told().await?;
        Ok(ids.len())
    }
}

impl MemberTx<'_> {
    /// The members that are meant, as many as can be changed at once, and how many there are.
    async fn picked(&mut self, picked: &Picked) -> Result<(Vec<Member>, i64), IamError> {
        match picked {
            Picked::These(ids) => {
                let members = self.tx.members_among(&ids[..ids.len().min(MOST_CHANGED)]).await?;
                let asked = members
                    .len()
                    .max(if ids.len() > MOST_CHANGED { ids.len() } else { 0 })
                    as i64;
                Ok((members, asked))
            }
            Picked::Matching(filter) => {
                let asked = self.tx.matching_members(filter).await?;
                let rows = self.tx.members(filter, None, MOST_CHANGED as i64).await?;
                Ok((rows.into_iter().map(|row| row.member).collect(), asked))
            }
        }
    }

    /// All that some members hold, together.
    async fn held_together(&mut self, people: &[UserId]) -> Result<Permissions, IamError> {
        let accesses = self.tx.effective_access_of(people).await?;
        Ok(accesses
            .values()
            .fold(Permissions::NONE, |held, access| held.union(access.permissions)))
    }
}
