//! Roles of a workspace's own making: those that let members do things in it, and those that its apps are told of.

use crate::{Ctx, IamError, access::Access, core::Core, workspaces::enter::MemberTx};
use iam_domain::{
    access::role::{CustomRole, MOST_ROLES, parse_app_role},
    audit::Told,
    core::visible::VisibleName,
};
use iam_types::{
    AppId, ErrorCode, Permission, Permissions, RoleId, Slug, UserId, WorkspaceId,
    view::{Reason, Right, RoleCard, RoleChoice, RoleView, RolesView},
};
use std::collections::{BTreeMap, BTreeSet};

/// What the matrix wants of one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The version that the page showed.
    pub version: i32,
    /// What it should hold.
    pub permissions: Permissions,
}

/// Roles in exchange for others.
pub(crate) struct Exchange {
    /// What is held from now on.
    pub(crate) roles: Vec<RoleId>,
    /// Names of what is new among them.
    pub(crate) given: Vec<String>,
    /// Names of what is not among them any more.
    pub(crate) taken: Vec<String>,
}

impl Access<'_> {
    /// The workspace's roles.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn roles(self, ctx: &Ctx, slug: &Slug) -> Result<RolesView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::RoleRead).await?;
        let roles = scope.tx.roles().await?;
        let grantable = if scope.may(Permission::RoleUpdate) {
            scope.access.permissions.intersection(Permissions::CUSTOM)
        } else {
            Permissions::NONE
        };
        Ok(RolesView {
            roles: roles
                .iter()
                .filter(|role| role.app.is_none())
                .map(|role| scope.role_card(role))
                .collect(),
            workspace: scope.card(),
            grantable,
        })
    }

    /// One role.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`].
    pub async fn role(self, ctx: &Ctx, slug: &Slug, id: RoleId) -> Result<RoleView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::RoleRead).await?;
        let role = scope.custom_role(id).await?;
        Ok(RoleView {
            role: scope.role_card(&role),
            workspace: scope.card(),
        })
    }

    /// Makes a role that holds nothing yet.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::NameTaken`], [`ErrorCode::TooMany`].
    pub async fn create_role(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<RoleId, IamError> {
        let scope = self.core.enter(ctx, slug, Permission::RoleUpdate).await?;
        let name = name.parse()?;
        scope.insert_role(None, &name).await
    }

    /// Makes a role of an app, which its tokens name when the app asks for the scope `roles`.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`], [`ErrorCode::InvalidAppRole`], [`ErrorCode::NameTaken`],
    /// [`ErrorCode::TooMany`].
    pub async fn create_app_role(
        self,
        ctx: &Ctx,
        slug: &Slug,
        app: AppId,
        name: &str,
    ) -> Result<RoleId, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppUpdate).await?;
        let name = parse_app_role(name)?;
        let app = scope.app(app).await?.id;
        scope.insert_role(Some(app), &name).await
    }

    /// Sets what roles hold, all or none. It counts from the next request of their holders on.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; [`ErrorCode::ChangedMeanwhile`] when somebody was faster;
    /// [`ErrorCode::Forbidden`] for a role that holds, or would hold, what the viewer does not.
    pub async fn save_roles(
        self,
        ctx: &Ctx,
        slug: &Slug,
        wanted: &BTreeMap<RoleId, Wanted>,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::RoleUpdate).await?;
        scope.lock_and_recheck(Permission::RoleUpdate).await?;
        let roles = scope.tx.roles().await?;
        for (id, wanted) in wanted {
            let role = roles
                .iter()
                .find(|role| role.id == *id && role.app.is_none())
                .ok_or(ErrorCode::NotFound)?;
            if role.version != wanted.version {
                return Err(ErrorCode::ChangedMeanwhile.into());
            }
            if role.permissions == wanted.permissions {
                continue;
            }
            scope.require_held(role.permissions.union(wanted.permissions))?;
            if !Permissions::CUSTOM.covers(wanted.permissions) {
                return Err(ErrorCode::InvalidInput.into());
            }
            scope.tx.set_permissions(*id, wanted.permissions).await?;
            scope
                .tell(Told::role_permissions_changed(role, wanted.permissions))
                .await?;
        }
        scope.require_no_mighty_mapping().await?;
        scope.commit_told().await
    }

    /// Renames a role. What an app's role is called is what the app is told of its holders, so renaming one is giving it.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`], [`ErrorCode::Forbidden`], [`ErrorCode::InvalidName`] and what goes with it,
    /// [`ErrorCode::InvalidAppRole`], [`ErrorCode::NameTaken`].
    pub async fn rename_role(self, ctx: &Ctx, slug: &Slug, id: RoleId, name: &str) -> Result<(), IamError> {
        let (mut scope, role) = self.core.changeable_role(ctx, slug, id).await?;
        let name = match role.app {
            Some(_) => parse_app_role(name)?,
            None => name.parse()?,
        };
        scope.tx.rename_role(id, &name).await?;
        scope.commit(Told::role_renamed(id, &role.name, &name)).await
    }

    /// Deletes a role, takes it from all who have it, and returns the app that it was one of.
    ///
    /// # Errors
    /// As [`rename_role`](Self::rename_role).
    pub async fn delete_role(self, ctx: &Ctx, slug: &Slug, id: RoleId) -> Result<Option<AppId>, IamError> {
        let (mut scope, role) = self.core.changeable_role(ctx, slug, id).await?;
        scope.tx.delete_role(id).await?;
        scope.commit(Told::role_deleted(&role)).await?;
        Ok(role.app.map(|(app, _)| app))
    }

    /// Gives a member exactly these roles beside the built-in one.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; [`ErrorCode::Forbidden`] when the member or a role that is
    /// given or taken weighs what the viewer does not hold.
    pub async fn set_member_roles(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: UserId,
        wanted: &BTreeSet<RoleId>,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberUpdate).await?;
        scope.lock_and_recheck_over(id, Permission::MemberUpdate).await?;
        let held = scope.tx.roles_of_member(id).await?;
        let Some(exchange) = scope.exchange(&held, wanted).await? else {
            return Ok(());
        };
        scope.tx.set_roles_of_member(id, &exchange.roles).await?;
        let told = Told::member_roles_changed(id, &exchange.given, &exchange.taken);
        scope.commit(told).await
    }
}

impl Core {
    /// A role that the viewer may change, with nobody else changing privileges meanwhile.
    async fn changeable_role<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
        id: RoleId,
    ) -> Result<(MemberTx<'a>, CustomRole), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::RoleRead).await?;
        let role = scope.custom_role(id).await?;
        scope.lock_and_recheck(needed_for(&role)).await?;
        let role = scope.custom_role(id).await?;
        scope.require_held(role.weight())?;
        Ok((scope, role))
    }
}

/// What changing a role takes: an app's roles are a part of the app.
const fn needed_for(role: &CustomRole) -> Permission {
    if role.app.is_some() {
        Permission::AppUpdate
    } else {
        Permission::RoleUpdate
    }
}

impl MemberTx<'_> {
    async fn insert_role(mut self, app: Option<AppId>, name: &VisibleName) -> Result<RoleId, IamError> {
        self.tx.lock_effective_access(&[]).await?;
        if self.tx.roles().await?.len() >= MOST_ROLES {
            return Err(ErrorCode::TooMany.into());
        }
        let id = RoleId::from_uuid(self.core.new_uuid());
        self.tx.insert_role(id, app, name, self.core.now()).await?;
        self.commit(Told::role_created(id, name, app)).await?;
        Ok(id)
    }

    /// What is left to store when `held` becomes `wanted`, with the names that an event tells of; nothing if that is no change.
    pub(crate) async fn exchange(
        &mut self,
        held: &[RoleId],
        wanted: &BTreeSet<RoleId>,
    ) -> Result<Option<Exchange>, IamError> {
        let roles = self.tx.roles().await?;
        let known = |id: &RoleId| {
            let found = roles.iter().find(|role| role.id == *id);
            found.ok_or(IamError::Refused(ErrorCode::NotFound))
        };
        let (mut given, mut taken) = (Vec::new(), Vec::new());
        for id in wanted.iter().filter(|id| !held.contains(id)) {
            given.push(known(id)?);
        }
        for id in held.iter().filter(|id| !wanted.contains(id)) {
            taken.push(known(id)?);
        }
        if given.is_empty() && taken.is_empty() {
            return Ok(None);
        }
        for role in given.iter().chain(&taken) {
            self.require_held(role.weight())?;
        }
        let names =
            |list: &[&CustomRole]| -> Vec<String> { list.iter().map(|role| role.name.clone()).collect() };
        Ok(Some(Exchange {
            roles: wanted.iter().copied().collect(),
            given: names(&given),
            taken: names(&taken),
        }))
    }

    /// The roles that could be given to somebody who has `held`.
    pub(crate) async fn role_choices(
        &mut self,
        held: &[RoleId],
        may_assign: bool,
    ) -> Result<Vec<RoleChoice>, IamError> {
        let roles = self.tx.roles().await?;
        Ok(roles
            .into_iter()
            .map(|role| RoleChoice {
                id: role.id,
                held: held.contains(&role.id),
                givable: may_assign && self.access.covers(role.weight()),
                name: role.name,
                app: role.app.map(|(_, name)| name),
            })
            .collect())
    }

    /// All that a member may do, and why.
    pub(crate) async fn rights(&mut self, id: UserId) -> Result<Vec<Right>, IamError> {
        let access = self.tx.effective_access(id).await?.ok_or(ErrorCode::NotFound)?;
        let entitlements = self.tx.entitlements(id).await?;
        let in_platform = self.workspace.id == WorkspaceId::PLATFORM;
        Ok(access
            .permissions
            .iter()
            .filter(|permission| in_platform || !permission.is_of_platform())
            .map(|permission| {
                let built_in = access
                    .role
                    .allows(permission)
                    .then_some(Reason::BuiltIn(access.role));
                let others = entitlements
                    .iter()
                    .filter(|one| one.permissions.contains(permission))
                    .map(|one| match &one.group {
                        Some(group) => Reason::Group {
                            providers: one.providers.clone(),
                            group: group.clone(),
                            role: one.role.clone(),
                        },
                        None => Reason::Role(one.role.clone()),
                    });
                Right {
                    permission,
                    because: built_in.into_iter().chain(others).collect(),
                }
            })
            .collect())
    }

    async fn custom_role(&mut self, id: RoleId) -> Result<CustomRole, IamError> {
        let roles = self.tx.roles().await?;
        let found = roles.into_iter().find(|role| role.id == id);
        found.ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    pub(crate) fn role_card(&self, role: &CustomRole) -> RoleCard {
        RoleCard {
            id: role.id,
            name: role.name.clone(),
            permissions: role.permissions,
            version: role.version,
            holders: role.holders,
            may_change: self.may(needed_for(role)) && self.access.covers(role.weight()),
        }
    }
}
