//! Operating the platform. Operators are members of the platform, which is a workspace like any other: what they hold
//! there on `workspace:…` counts for every workspace, and for nothing inside one.

use crate::{Ctx, Iam, IamError, workspace::Scope};
use iam_domain::{
    audit::Action,
    email::Email,
    workspace::{Creation, Listing, parse_reason},
};
use iam_store::people::Found;
use iam_types::{
    ErrorCode, Permission, Role, Slug, UserId, WorkspaceId,
    view::{Page, PlatformSettingsView, PlatformView, PlatformWorkspace, PlatformWorkspaceView},
};
use serde_json::json;

/// How many workspaces a page of the list shows.
const PAGE_SIZE: usize = 50;

impl Iam {
    /// A page of all workspaces whose name or address contains `search`, the newest first, from behind `after` on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::NotFound`] for people who do not operate the platform.
    pub async fn platform(&self, ctx: &Ctx, search: &str, after: &str) -> Result<PlatformView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        let after = match after {
            "" => None,
            slug => {
                let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
                self.parts
                    .store
                    .workspace_entry(&slug)
                    .await?
                    .map(|entry| entry.id)
            }
        };
        let mut tx = self.parts.store.as_person(scope.actor.person.id).await?;
        let rows = tx
            .all_workspaces(search.trim(), after, PAGE_SIZE as i64 + 1)
            .await?;
        Ok(PlatformView {
            workspaces: Page::cut(rows, PAGE_SIZE, |row| row.slug.to_string(), shown),
            now: self.now().timestamp(),
        })
    }

    /// One workspace as operators see it.
    ///
    /// # Errors
    /// As [`platform`](Self::platform).
    pub async fn platform_workspace(
        &self,
        ctx: &Ctx,
        slug: &Slug,
    ) -> Result<PlatformWorkspaceView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        let mut tx = self.parts.store.as_person(scope.actor.person.id).await?;
        let row = tx.any_workspace(slug).await?.ok_or(ErrorCode::NotFound)?;
        Ok(PlatformWorkspaceView {
            workspace: shown(row),
            issuer: self.issuer(slug),
            may_suspend: scope.may(Permission::WorkspaceUpdate),
            now: self.now().timestamp(),
        })
    }

    /// What the platform decides for all: who may create workspaces.
    ///
    /// # Errors
    /// As [`platform`](Self::platform).
    pub async fn platform_settings(&self, ctx: &Ctx) -> Result<PlatformSettingsView, IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceRead).await?;
        Ok(PlatformSettingsView {
            creation: self.parts.store.workspace_creation().await?.to_string(),
            may_update: scope.may(Permission::WorkspaceUpdate),
        })
    }

    /// Decides who may create workspaces. It counts from the next request on.
    ///
    /// # Errors
    /// As [`platform`](Self::platform); [`ErrorCode::InvalidInput`].
    pub async fn update_platform(&self, ctx: &Ctx, creation: &str) -> Result<(), IamError> {
        let mut scope = self.operate(ctx, Permission::WorkspaceUpdate).await?;
        let creation: Creation = creation.parse()?;
        let before = self.parts.store.workspace_creation().await?;
        scope.tx.set_workspace_creation(creation).await?;
        let detail = json!({ "workspace_creation": { "from": before.as_str(), "to": creation.as_str() } });
        self.conclude(ctx, scope, Action::PlatformUpdated, WorkspaceId::PLATFORM, detail)
            .await
    }

    /// Shuts a workspace: from the next request on nobody enters it, its issuer issues nothing and its tokens are
    /// refused here. Members read the reason. Both logs tell of it.
    ///
    /// # Errors
    /// As [`platform`](Self::platform); [`ErrorCode::Forbidden`]; [`ErrorCode::InvalidInput`] for a reason that is
    /// empty or too long.
    pub async fn suspend_workspace(&self, ctx: &Ctx, slug: &Slug, reason: &str) -> Result<(), IamError> {
        self.set_suspension(ctx, slug, Some(parse_reason(reason)?)).await
    }

    /// Opens a suspended workspace again; what was issued before and has not expired works again.
    ///
    /// # Errors
    /// As [`suspend_workspace`](Self::suspend_workspace).
    pub async fn resume_workspace(&self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        self.set_suspension(ctx, slug, None).await
    }

    /// Makes whoever owns `address` an owner of the platform. For the operator at the machine: asks nobody.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEmail`]; [`ErrorCode::InvalidInput`] for a disabled person.
    pub async fn appoint_operator(&self, address: &str) -> Result<(), IamError> {
        let address: Email = address.parse()?;
        let now = self.now();
        let mut tx = self.parts.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let new = UserId::from_uuid(self.new_uuid());
        let person = match tx.find_or_create_person(&address, new, now).await? {
            Found::Known(id) | Found::New(id) => id,
            Found::Disabled => return Err(ErrorCode::InvalidInput.into()),
        };
        if !tx.insert_member(person, Role::Owner, now).await? {
            tx.update_role(person, Role::Owner).await?;
        }
        let detail = json!({ "by": "command", "role": Role::Owner });
        self.audit(
            &mut tx,
            &Ctx::default(),
            None,
            Action::MemberJoined,
            person,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn set_suspension(&self, ctx: &Ctx, slug: &Slug, reason: Option<String>) -> Result<(), IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceUpdate).await?;
        let entry = self.parts.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM)
            .ok_or(ErrorCode::NotFound)?;
        let action = match reason {
            Some(_) => Action::WorkspaceSuspended,
            None => Action::WorkspaceResumed,
        };
        let (actor, mut tx) = (Some(scope.actor.person.id), scope.tx);
        tx.set_suspension(entry.id, reason.as_deref(), self.now()).await?;
        let detail = json!({ "reason": reason });
        self.audit(&mut tx, ctx, actor, action, entry.id, detail.clone())
            .await?;
        let mut tx = tx.go_to(entry.id).await?;
        self.audit(&mut tx, ctx, actor, action, entry.id, detail).await?;
        Ok(tx.commit().await?)
    }

    /// Enters the platform.
    pub(crate) async fn operate(&self, ctx: &Ctx, permission: Permission) -> Result<Scope, IamError> {
        self.enter(ctx, &Slug::platform(), permission).await
    }
}

fn shown(row: Listing) -> PlatformWorkspace {
    PlatformWorkspace {
        slug: row.slug,
        name: row.name,
        created_at: row.created_at.timestamp(),
        suspended: row.suspended,
    }
}
