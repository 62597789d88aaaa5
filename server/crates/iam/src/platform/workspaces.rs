//! All workspaces, as operators see them.

use crate::{Ctx, IamError, core::Core, ctx::Acting, platform::Platform};
use iam_domain::{
    account::pasted::parse_pasted,
    audit::Told,
    core::visible::TextLine,
    workspaces::workspace::{Listing, State},
};
use iam_types::{
    ErrorCode, Permission, Role, Slug, WorkspaceId,
    view::{Page, PlatformView, PlatformWorkspace, PlatformWorkspaceView},
};

/// How many workspaces a page of the list shows.
const PAGE_SIZE: usize = 50;
impl Platform<'_> {
    /// A page of all workspaces whose name or address contains `search`, the newest first, from behind `after` on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::NotFound`] for people who do not operate the platform.
    pub async fn workspaces(self, ctx: &Ctx, search: &str, after: &str) -> Result<PlatformView, IamError> {
        let scope = self.core.operate(ctx, Permission::WorkspaceRead).await?;
        let viewer = scope.actor.user.id;
        drop(scope);
        let after = match after {
            "" => None,
            slug => {
                let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
                self.core
                    .deps
                    .store
                    .workspace_entry(&slug)
                    .await?
                    .map(|entry| entry.id)
            }
        };
        let mut tx = self.core.deps.store.as_operator(viewer).await?;
        let rows = tx
            .all_workspaces(search.trim(), after, PAGE_SIZE as i64 + 1)
            .await?;
        Ok(PlatformView {
            workspaces: Page::cut(rows, PAGE_SIZE, |row| row.slug.to_string(), shown),
            now: self.core.now().timestamp(),
        })
    }

    /// One workspace as operators see it.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces).
    pub async fn workspace(self, ctx: &Ctx, slug: &Slug) -> Result<PlatformWorkspaceView, IamError> {
        let scope = self.core.operate(ctx, Permission::WorkspaceRead).await?;
        let (viewer, may_suspend) = (scope.actor.user.id, scope.may(Permission::WorkspaceUpdate));
        let may_look = scope.may(Permission::SupportUse);
        let may_appoint = scope.may(Permission::WorkspaceTransfer);
        drop(scope);
        let mut tx = self.core.deps.store.as_operator(viewer).await?;
        let row = tx.any_workspace(slug).await?.ok_or(ErrorCode::NotFound)?;
        drop(tx);
        let mut tx = self.core.deps.store.in_workspace(row.id).await?;
        let support = if may_look {
            self.core.support_access(&mut tx).await?
        } else {
            None
        };
        let ownerless = row.suspended.is_some() && !tx.has_able_owner(None).await?;
        let host = self.core.related_host(&mut tx, may_suspend).await?;
        Ok(PlatformWorkspaceView {
            support,
            host,
            ownerless,
            may_appoint,
            workspace: shown(row),
            issuer: self.core.issuer(slug),
            may_suspend,
            now: self.core.now().timestamp(),
        })
    }

    /// Shuts a workspace: from the next request on nobody enters it, its issuer issues nothing and its tokens are
    /// refused here. Members read the reason. Both logs tell of it.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces); [`ErrorCode::Forbidden`]; [`ErrorCode::InvalidText`] and [`ErrorCode::InvisibleText`]
    /// for the reason.
    pub async fn suspend(self, ctx: &Ctx, slug: &Slug, reason: &str) -> Result<(), IamError> {
        self.core.set_suspension(ctx, slug, Some(reason.parse()?)).await
    }

    /// Opens a suspended workspace again; what was issued before and has not expired works again: it is a pause for many
    /// who did nothing, not the end of what one person or app had.
    ///
    /// # Errors
    /// As [`suspend`](Self::suspend); [`ErrorCode::LastOwner`] while nobody who owns it can sign in.
    pub async fn unsuspend(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        self.core.set_suspension(ctx, slug, None).await
    }

    /// Makes the member with `address` an owner of a workspace that nobody who owns it can enter: the way back when its
    /// last owner was disabled. Only for owners of the platform, with a fresh sign-in, and never for themselves; both
    /// logs tell of it.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces); [`ErrorCode::SignInAgain`]; [`ErrorCode::Forbidden`] for those who do not own the
    /// platform, for themselves, and while the workspace has an owner who can sign in; [`ErrorCode::InvalidEmail`],
    /// [`ErrorCode::NoSuchMember`]; [`ErrorCode::LastOwner`] for a member who cannot sign in either.
    pub async fn appoint_owner(self, ctx: &Ctx, slug: &Slug, address: &str) -> Result<(), IamError> {
        let mut scope = self.core.operate(ctx, Permission::WorkspaceTransfer).await?;
        scope.require_recent()?;
        let entry = self.core.deps.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM && entry.state != State::Deleted)
            .ok_or(ErrorCode::NotFound)?;
        let address = parse_pasted(address)?;
        // Whoever disables somebody holds the platform's row too.
        scope.lock_and_recheck(Permission::WorkspaceTransfer).await?;
        let mut tx = scope.tx.switch_workspace(entry.id).await?;
        if tx.has_able_owner(None).await? {
            return Err(ErrorCode::Forbidden.into());
        }
        let found = tx.members_with_addresses(&[address.to_string()]).await?;
        let chosen = *found.first().ok_or(ErrorCode::NoSuchMember)?;
        if chosen == scope.actor.user.id {
            return Err(ErrorCode::Forbidden.into());
        }
        let was = tx.role_of(chosen).await?;
        tx.update_role(chosen, Role::Owner).await?;
        let told = Told::owner_appointed(chosen, was).also_in(WorkspaceId::PLATFORM);
        let viewer = scope.actor.user.id;
        self.core.commit(tx, Acting::User(viewer, ctx), told).await
    }
}

impl Core {
    async fn set_suspension(&self, ctx: &Ctx, slug: &Slug, reason: Option<TextLine>) -> Result<(), IamError> {
        let scope = self.operate(ctx, Permission::WorkspaceUpdate).await?;
        let entry = self.deps.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM)
            .ok_or(ErrorCode::NotFound)?;
        let mut tx = scope.tx.switch_workspace(entry.id).await?;
        // Holds the workspace's row: whoever disables its owner meanwhile waits, and then finds it open.
        if reason.is_none() && !tx.has_able_owner(None).await? {
            return Err(ErrorCode::LastOwner.into());
        }
        tx.set_suspension(entry.id, reason.as_ref(), self.now()).await?;
        let told = match &reason {
            Some(reason) => Told::workspace_suspended(entry.id, reason),
            None => Told::workspace_resumed(entry.id),
        };
        let told = told.also_in(WorkspaceId::PLATFORM);
        self.commit(tx, Acting::User(scope.actor.user.id, ctx), told)
            .await
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
