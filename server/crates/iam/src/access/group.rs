//! Groups of members, which carry roles. A group is in no group, so that nobody inherits from afar.

use crate::{Ctx, IamError, access::Access, core::Core, workspaces::enter::MemberTx};
use iam_domain::{
    access::role::MOST_GROUPS, account::pasted::parse_pasted_list, audit::Told, core::visible::VisibleName,
};
use iam_store::{WorkspaceTx, access::group::Group};
use iam_types::{
    ErrorCode, GroupId, Permission, Permissions, Role, RoleId, Slug, UserId,
    view::{GroupCard, GroupView, GroupsView, Page},
};
use std::collections::{BTreeMap, BTreeSet};

/// How many members a group's page shows.
const PAGE_SIZE: usize = 50;

/// What became of pasted addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouped {
    /// Members who are in the group now.
    pub members: usize,
    /// What was pasted and is not in the group, with the reason.
    pub refused: Vec<(String, ErrorCode)>,
}

impl Access<'_> {
    /// The workspace's groups.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn groups(self, ctx: &Ctx, slug: &Slug) -> Result<GroupsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::RoleRead).await?;
        let groups = scope.tx.groups(None).await?;
        Ok(GroupsView {
            groups: groups.into_iter().map(|group| scope.group_card(group)).collect(),
            may_create: scope.may(Permission::GroupUpdate),
            workspace: scope.card(),
        })
    }

    /// One group with a page of its members, those behind the address `after`.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`].
    pub async fn group(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: GroupId,
        after: &str,
    ) -> Result<GroupView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::RoleRead).await?;
        scope.require(Permission::MemberRead)?;
        let group = scope.group(id).await?;
        let held = scope.tx.roles_of_group(id).await?;
        let may_update = scope.may(Permission::GroupUpdate) && scope.access.covers(scope.held_by(id).await?);
        let rows = scope.tx.members_of_group(id, after, PAGE_SIZE as i64 + 1).await?;
        let shown: Vec<UserId> = rows.iter().map(|member| member.user_id).collect();
        let sources = scope.tx.group_sources(&shown).await?.into_iter();
        let sources = sources.filter(|(_, group, _)| *group == id);
        Ok(GroupView {
            group: scope.group_card(group),
            roles: scope.role_choices(&held, may_update).await?,
            members: Page::cut(
                rows,
                PAGE_SIZE,
                |member| member.email.clone(),
                |member| scope.member_card(&member),
            ),
            sources: sources.map(|(person, _, name)| (person, name)).collect(),
            may_update,
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }

    /// Makes an empty group.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::NameTaken`], [`ErrorCode::TooMany`].
    pub async fn create_group(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<GroupId, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::GroupUpdate).await?;
        let name: VisibleName = name.parse()?;
        scope.lock_and_recheck(Permission::GroupUpdate).await?;
        if scope.tx.groups(None).await?.len() >= MOST_GROUPS {
            return Err(ErrorCode::TooMany.into());
        }
        let id = GroupId::from_uuid(self.core.new_uuid());
        scope.tx.insert_group(id, &name, self.core.now()).await?;
        scope.commit(Told::group_created(id, &name)).await?;
        Ok(id)
    }

    /// Renames a group.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; [`ErrorCode::Forbidden`] when its roles hold what the
    /// viewer does not; [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::NameTaken`].
    pub async fn rename_group(self, ctx: &Ctx, slug: &Slug, id: GroupId, name: &str) -> Result<(), IamError> {
        let (mut scope, group) = self.core.changeable_group(ctx, slug, id).await?;
        let name: VisibleName = name.parse()?;
        scope.tx.rename_group(id, &name).await?;
        scope.commit(Told::group_renamed(id, &group.name, &name)).await
    }

    /// Deletes a group; its members lose what they had through it.
    ///
    /// # Errors
    /// As [`rename_group`](Self::rename_group).
    pub async fn delete_group(self, ctx: &Ctx, slug: &Slug, id: GroupId) -> Result<(), IamError> {
        let (mut scope, group) = self.core.changeable_group(ctx, slug, id).await?;
        scope.tx.delete_group(id).await?;
        scope
            .commit(Told::group_deleted(id, &group.name, group.members))
            .await
    }

    /// Lets a group carry exactly these roles.
    ///
    /// # Errors
    /// As [`rename_group`](Self::rename_group); [`ErrorCode::Forbidden`] also for roles that hold what the viewer does not.
    pub async fn set_group_roles(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: GroupId,
        wanted: &BTreeSet<RoleId>,
    ) -> Result<(), IamError> {
        let (mut scope, _) = self.core.changeable_group(ctx, slug, id).await?;
        let held = scope.tx.roles_of_group(id).await?;
        let Some(exchange) = scope.exchange(&held, wanted).await? else {
            return Ok(());
        };
        scope.tx.set_roles_of_group(id, &exchange.roles).await?;
        scope.require_no_mighty_mapping().await?;
        let told = Told::group_roles_changed(id, &exchange.given, &exchange.taken);
        scope.commit(told).await
    }

    /// Puts members, by their addresses, into a group. Those that cannot be put there are named and hold up nobody else.
    ///
    /// # Errors
    /// As [`rename_group`](Self::rename_group); [`ErrorCode::InvalidEmail`] for nothing. An address that comes alone fails
    /// with its own reason: [`ErrorCode::InvalidEmail`], [`ErrorCode::NoSuchMember`], [`ErrorCode::Forbidden`] for
    /// members who hold what the viewer does not.
    pub async fn add_to_group(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: GroupId,
        addresses: &str,
    ) -> Result<Grouped, IamError> {
        let (mut scope, _) = self.core.changeable_group(ctx, slug, id).await?;
        let pasted = parse_pasted_list(addresses)?;
        let mut refused = pasted.refused;
        let mut people = BTreeMap::new();
        for (address, line) in pasted.addresses {
            match scope
                .tx
                .members_with_addresses(&[address.to_string()])
                .await?
                .first()
            {
                Some(person) => {
                    people.insert(*person, line);
                }
                None => refused.push((line, ErrorCode::NoSuchMember)),
            }
        }
        let found: Vec<UserId> = people.keys().copied().collect();
        for (person, access) in scope.tx.lock_effective_access(&found).await? {
            if !scope.access.covers(access.permissions)
                && let Some(line) = people.remove(&person)
            {
                refused.push((line, ErrorCode::Forbidden));
            }
        }
        if let (true, [(_, code)]) = (people.is_empty(), refused.as_slice()) {
            return Err((*code).into());
        }
        let people: Vec<UserId> = people.into_keys().collect();
        scope.put_into_group(id, &people).await?;
        scope.commit_told().await?;
        Ok(Grouped {
            members: people.len(),
            refused,
        })
    }

    /// Takes a member out of a group.
    ///
    /// # Errors
    /// As [`add_to_group`](Self::add_to_group); [`ErrorCode::NotFound`].
    pub async fn remove_from_group(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: GroupId,
        person: UserId,
    ) -> Result<(), IamError> {
        let (mut scope, _) = self.core.changeable_group(ctx, slug, id).await?;
        let accesses = scope.tx.lock_effective_access(&[person]).await?;
        let access = accesses.get(&person).ok_or(ErrorCode::NotFound)?;
        scope.require_held(access.permissions)?;
        if !scope.tx.remove_from_group(id, person).await? {
            return Err(ErrorCode::NotFound.into());
        }
        scope.commit(Told::group_member_removed(person, id)).await
    }
}

impl Core {
    /// A group whose roles the viewer holds, with nobody else changing privileges meanwhile.
    async fn changeable_group<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
        id: GroupId,
    ) -> Result<(MemberTx<'a>, Group), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::GroupUpdate).await?;
        scope.lock_and_recheck(Permission::GroupUpdate).await?;
        let group = scope.group(id).await?;
        let held = scope.held_by(id).await?;
        scope.require_held(held)?;
        Ok((scope, group))
    }
}

impl MemberTx<'_> {
    /// Puts members into a group that the viewer may change.
    async fn put_into_group(&mut self, id: GroupId, people: &[UserId]) -> Result<(), IamError> {
        for access in self.tx.lock_effective_access(people).await?.values() {
            self.require_held(access.permissions)?;
        }
        for person in self.tx.add_to_group(id, people).await? {
            self.tell(Told::group_member_added(person, id)).await?;
        }
        Ok(())
    }

    async fn group(&mut self, id: GroupId) -> Result<Group, IamError> {
        let groups = self.tx.groups(None).await?;
        let found = groups.into_iter().find(|group| group.id == id);
        found.ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    pub(crate) fn group_card(&self, group: Group) -> GroupCard {
        GroupCard {
            id: group.id,
            name: group.name,
            members: group.members,
        }
    }

    /// That no group which a provider gives has become an owner's: whoever is in it would be one at once.
    ///
    /// # Errors
    /// [`ErrorCode::GroupTooMighty`].
    pub(crate) async fn require_no_mighty_mapping(&mut self) -> Result<(), IamError> {
        let mapped = self.tx.mapped_groups().await?;
        if mapped.is_empty() {
            return Ok(());
        }
        let weights = self.weights_of_groups().await?;
        let mighty = |group: &GroupId| weights.get(group).is_some_and(|weight| is_too_mighty(*weight));
        match mapped.iter().any(mighty) {
            true => Err(ErrorCode::GroupTooMighty.into()),
            false => Ok(()),
        }
    }

    /// What the roles of each group weigh together.
    pub(crate) async fn weights_of_groups(&mut self) -> Result<BTreeMap<GroupId, Permissions>, IamError> {
        weights_of_groups(&mut self.tx).await
    }

    /// What the roles of a group weigh together; [`ErrorCode::NotFound`] for what is no group.
    pub(crate) async fn held_by_group(&mut self, id: GroupId) -> Result<Permissions, IamError> {
        self.group(id).await?;
        self.held_by(id).await
    }

    /// What the roles of a group weigh together: being put into it is being given them.
    async fn held_by(&mut self, id: GroupId) -> Result<Permissions, IamError> {
        let weights = self.weights_of_groups().await?;
        weights.get(&id).copied().ok_or(ErrorCode::NotFound.into())
    }
}

/// Whether no provider can give it: what an admin does not hold is an owner's.
pub(crate) fn is_too_mighty(weight: Permissions) -> bool {
    !Role::Admin.permissions().covers(weight)
}

/// What the roles of each group of the workspace weigh together.
pub(crate) async fn weights_of_groups(
    tx: &mut WorkspaceTx,
) -> Result<BTreeMap<GroupId, Permissions>, IamError> {
    let (roles, carried) = (tx.roles().await?, tx.roles_of_groups().await?);
    let groups = tx.groups(None).await?;
    let mut weights: BTreeMap<_, _> = groups
        .into_iter()
        .map(|group| (group.id, Permissions::NONE))
        .collect();
    for (group, id) in carried {
        let role = roles.iter().find(|role| role.id == id);
        if let (Some(weight), Some(role)) = (weights.get_mut(&group), role) {
            *weight = weight.union(role.weight());
        }
    }
    Ok(weights)
}
