//! How a person's account ends: at once for all that lets them in, for good after a time in which they can keep it.

use crate::{
    Ctx, IamError,
    account::Account,
    core::Core,
    ctx::{Acting, Actor},
    port::SecurityChange,
    sign_in::ending::Ending,
};
use iam_domain::{
    account::deletion::GRACE,
    audit::{Ended, Told},
};
use iam_store::audit::event::Events;
use iam_types::{
    ErrorCode, Role, UserId, WorkspaceId, paths,
    view::{DeletionView, OwnedWorkspace},
};

impl Account<'_> {
    /// How the viewer's account can end, or that it does.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn deletion(self, ctx: &Ctx) -> Result<DeletionView, IamError> {
        if let Some(actor) = own(ctx.ending.as_ref(), ctx) {
            return Ok(DeletionView {
                email: actor.user.email.clone(),
                due_at: actor.user.deletion_due_at.map(|due| due.timestamp()),
                owned: Vec::new(),
                recent: true,
            });
        }
        let actor = ctx.actor()?;
        let store = &self.core.deps.store;
        let memberships = store.as_user(actor.user.id).await?.memberships().await?;
        let mut owned = Vec::new();
        for membership in memberships.into_iter().filter(|one| one.role == Role::Owner) {
            let workspace = membership.workspace;
            let mut tx = store.in_workspace(workspace.id).await?;
            if tx.needs_as_owner(actor.user.id).await? {
                owned.push(OwnedWorkspace {
                    slug: workspace.slug,
                    name: workspace.name,
                });
            }
        }
        Ok(DeletionView {
            email: actor.user.email.clone(),
            due_at: None,
            owned,
            recent: self.core.require_account_change(actor).await.is_ok(),
        })
    }

    /// Ends the viewer's account: signs them out everywhere, ends what apps may do in their name, and tells them until when
    /// they can keep it. `confirmation` is their primary address.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::ConfirmationWrong`];
    /// [`ErrorCode::LastOwner`] while a workspace would be without an owner.
    pub async fn schedule_deletion(self, ctx: &Ctx, confirmation: &str) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        if !confirmation.trim().eq_ignore_ascii_case(&actor.user.email) {
            return Err(ErrorCode::ConfirmationWrong.into());
        }
        let (person, due) = (actor.user.id, self.core.now() + GRACE);
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        self.core.end_steps_under_way(&mut tx, person, None).await?;
        if !tx.end_account(person, due).await? {
            return Ok(());
        }
        let (mut tx, ended) = self
            .core
            .end_what_lets_in(ctx, tx, (person, Ended::ByPerson), Ending::Credentials)
            .await?;
        // The person's row is held, so nobody makes them an owner meanwhile. In the order of the workspaces' identifiers, so
        // that two owners who go at once wait for each other and never for ever.
        let memberships = tx.memberships_of(person).await?;
        for (workspace, _) in memberships.into_iter().filter(|(_, role)| *role == Role::Owner) {
            tx = tx.switch_workspace(workspace).await?;
            if tx.needs_as_owner(person).await? {
                return Err(ErrorCode::LastOwner.into());
            }
        }
        tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        let (change, day) = (SecurityChange::AccountEnds, due.format("%F").to_string());
        self.core
            .warn_at(&mut tx, ctx, &actor.user.email, change, (&day, paths::LOGIN))
            .await?;
        let told = Told::user_ending(person, due);
        let event = self.core.event(&mut tx, Acting::User(person, ctx), told).await?;
        tx.commit(Events::from(event).after(ended)).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Keeps the account that was to end. What ended with it stays so.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is too late.
    pub async fn keep(self, ctx: &Ctx) -> Result<(), IamError> {
        let Some(actor) = own(ctx.ending.as_ref(), ctx) else {
            // A second click.
            return ctx.actor().map(|_| ());
        };
        let person = actor.user.id;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.keep_account(person, self.core.now()).await? {
            return Err(ErrorCode::NotFound.into());
        }
        self.core
            .commit(tx, Acting::User(person, ctx), Told::user_kept(person))
            .await
    }

    /// Deletes for good the accounts whose time to be kept is over. Every node may run it; each is deleted once, and one that
    /// fails holds up no other.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn delete_due(self) -> Result<usize, IamError> {
        let mut deleted = 0;
        for person in self.core.deps.store.due_accounts(self.core.now()).await? {
            match self.core.delete_account(person).await {
                Ok(done) => deleted += usize::from(done),
                Err(error) => tracing::warn!(%error, user.id = %person, "an account not deleted"),
            }
        }
        Ok(deleted)
    }
}

impl Core {
    async fn delete_account(&self, person: UserId) -> Result<bool, IamError> {
        let acting = Acting::System("account-deletion");
        let mut tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.hold_due_account(person, self.now()).await? {
            return Ok(false);
        }
        let mut left = Vec::new();
        for (workspace, role) in tx.memberships_of(person).await? {
            tx = tx.switch_workspace(workspace).await?;
            tx.delete_member(person).await?;
            let told = Told::member_left(person, role);
            left.push(self.event(&mut tx, acting, told).await?);
        }
        tx = tx.switch_workspace(WorkspaceId::PLATFORM).await?;
        tx.delete_challenges_of(person).await?;
        tx.delete_user(person).await?;
        let event = self.event(&mut tx, acting, Told::user_deleted(person)).await?;
        tx.commit(Events::from(event).after(left)).await?;
        Ok(true)
    }
}

/// Whoever is asked about, where everything of theirs may be shown: never at a workspace's own host, nor to whom a
/// workspace's provider vouched for.
fn own<'a>(actor: Option<&'a Actor>, ctx: &Ctx) -> Option<&'a Actor> {
    actor.filter(|actor| ctx.custom_domain.is_none() && actor.session.is_whole())
}
