//! How a workspace ends and comes back.

use crate::{
    Ctx, IamError,
    core::{limits::Limit, mail::Telling},
    ctx::Acting,
    port::Notice,
    workspaces::Workspaces,
};
use iam_domain::{
    audit::Told,
    workspaces::workspace::{GRACE, State},
};
use iam_store::audit::event::Events;
use iam_types::{ErrorCode, Permission, Slug, WorkspaceId};

impl Workspaces<'_> {
    /// Ends a workspace: from the next request on nobody enters it, as if it were suspended. Its owners get a mail and
    /// can take it back for [`GRACE`]; then everything in it is deleted but its audit log. `confirmation` is its slug.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::ConfirmationWrong`]; [`ErrorCode::Forbidden`] for the platform.
    pub async fn schedule_deletion(self, ctx: &Ctx, slug: &Slug, confirmation: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceDelete).await?;
        if scope.workspace.id == WorkspaceId::PLATFORM {
            return Err(scope.refused("platform", None));
        }
        if confirmation.trim() != slug.as_str() {
            return Err(ErrorCode::ConfirmationWrong.into());
        }
        scope.lock_and_recheck(Permission::WorkspaceDelete).await?;
        self.core
            .limit(Limit::EndWorkspace, &scope.workspace.id.to_string())
            .await?;
        let due = self.core.now() + GRACE;
        if !scope.tx.set_delete_after(Some(due)).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let (id, owners) = (scope.workspace.id, scope.tx.owner_addresses().await?);
        let telling = Telling {
            notice: Notice::WorkspaceEnds { due },
            by: &scope.actor.user.email,
            about: Some(id.uuid()),
            expires_at: due,
        };
        scope.notify(owners, telling).await?;
        scope.commit(Told::workspace_ending(id, due)).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes back that a workspace ends. Everything in it works again as before.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] for people who could not end it,
    /// and when it is too late.
    pub async fn restore(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let person = actor.user.id;
        let entry = self.core.deps.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.state == State::Ending)
            .ok_or(ErrorCode::NotFound)?;
        let mut tx = self.core.deps.store.in_workspace(entry.id).await?;
        let accesses = tx.lock_effective_access(&[person]).await?;
        let may = accesses
            .get(&person)
            .is_some_and(|access| access.allows(Permission::WorkspaceDelete));
        if !may {
            return Err(ErrorCode::NotFound.into());
        }
        self.core.let_sign_in_count(&mut tx, actor).await?;
        if !tx.set_delete_after(None).await? {
            return Err(ErrorCode::NotFound.into());
        }
        tx.drop_mail_about(entry.id.uuid()).await?;
        let told = Told::workspace_restored(entry.id);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }

    /// Deletes the workspaces whose time to be taken back is over. Every node may run it; each is deleted once.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn delete_due(self) -> Result<usize, IamError> {
        let (now, mut deleted) = (self.core.now(), 0);
        for id in self.core.deps.store.due_deletions(now).await? {
            let mut tx = self.core.deps.store.in_workspace(id).await?;
            if tx.delete_workspace(now).await? {
                let counted = self.core.unfold(&mut tx, now).await?;
                let told = Told::workspace_deleted(id);
                let event = self
                    .core
                    .event(&mut tx, Acting::System("workspace-deletion"), told)
                    .await?;
                tx.commit(Events::from(event).after(counted)).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}
