//! How a workspace ends, comes back, and changes hands.

use crate::{Ctx, Iam, IamError, mail::Telling, port::Notice, quota::Limit};
use iam_domain::{
    account::pasted::parse_pasted,
    audit::Action,
    workspaces::workspace::{GRACE, OFFER_LIFETIME, State},
};
use iam_types::{ErrorCode, Permission, Role, Slug, UserId, WorkspaceId, view::WaitingOffer};
use serde_json::json;

impl Iam {
    /// Ends a workspace: from the next request on nobody enters it, as if it were suspended. Its owners get a mail and
    /// can take it back for [`GRACE`]; then everything in it is deleted but its audit log. `confirmation` is its slug.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::ConfirmationWrong`]; [`ErrorCode::Forbidden`] for the platform.
    pub async fn end_workspace(&self, ctx: &Ctx, slug: &Slug, confirmation: &str) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::WorkspaceDelete).await?;
        if scope.workspace.id == WorkspaceId::PLATFORM {
            return Err(scope.refused("platform", None));
        }
        if confirmation.trim() != slug.as_str() {
            return Err(ErrorCode::ConfirmationWrong.into());
        }
        scope.lock_own(Permission::WorkspaceDelete).await?;
        self.limit(Limit::EndWorkspace, &scope.workspace.id.to_string())
            .await?;
        let due = self.now() + GRACE;
        if !scope.tx.set_delete_after(Some(due)).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let (id, owners) = (scope.workspace.id, scope.tx.owner_addresses().await?);
        let telling = Telling {
            notice: Notice::WorkspaceEnds { due },
            by: &scope.actor.person.email,
            about: Some(id.uuid()),
            expires_at: due,
        };
        self.notify(&mut scope.tx, ctx, owners, telling).await?;
        let detail = json!({ "delete_after": due });
        self.conclude(ctx, scope, Action::WorkspaceEnding, id, detail)
            .await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes back that a workspace ends. Everything in it works again as before.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] for people who could not end it,
    /// and when it is too late.
    pub async fn restore_workspace(&self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let person = actor.person.id;
        let entry = self.parts.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.state == State::Ending)
            .ok_or(ErrorCode::NotFound)?;
        let mut tx = self.parts.store.in_workspace(entry.id).await?;
        let standings = tx.lock_standings(&[person]).await?;
        let may = standings
            .get(&person)
            .is_some_and(|standing| standing.allows(Permission::WorkspaceDelete));
        if !may {
            return Err(ErrorCode::NotFound.into());
        }
        self.let_sign_in_count(&mut tx, actor).await?;
        if !tx.set_delete_after(None).await? {
            return Err(ErrorCode::NotFound.into());
        }
        tx.drop_mail_about(entry.id.uuid()).await?;
        self.audit(
            &mut tx,
            ctx,
            Some(person),
            Action::WorkspaceRestored,
            entry.id,
            json!({}),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the workspaces whose time to be taken back is over. Every node may run it; each is deleted once.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn delete_due_workspaces(&self) -> Result<usize, IamError> {
        let (now, mut deleted) = (self.now(), 0);
        for id in self.parts.store.due_deletions(now).await? {
            let mut tx = self.parts.store.in_workspace(id).await?;
            if tx.delete_workspace(now).await? {
                self.unfold(&mut tx, now).await?;
                let ctx = Ctx::default();
                self.audit(&mut tx, &ctx, None, Action::WorkspaceDeleted, id, json!({}))
                    .await?;
                tx.commit().await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// Offers the viewer's ownership to the member with `address`, who answers under their workspaces.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::InvalidEmail`], [`ErrorCode::NoSuchMember`]; [`ErrorCode::InvalidInput`]
    /// for oneself; [`ErrorCode::Forbidden`] for those who are no owners themselves.
    pub async fn offer_ownership(&self, ctx: &Ctx, slug: &Slug, address: &str) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::WorkspaceTransfer).await?;
        let address = parse_pasted(address)?;
        let found = scope.tx.members_with_addresses(&[address.to_string()]).await?;
        let receiver = *found.first().ok_or(ErrorCode::NoSuchMember)?;
        let (viewer, now) = (scope.actor.person.id, self.now());
        if receiver == viewer {
            return Err(ErrorCode::InvalidInput.into());
        }
        self.limit(Limit::Offer, &format!("{}/{viewer}", scope.workspace.id))
            .await?;
        let expires_at = now + OFFER_LIFETIME;
        scope
            .tx
            .put_ownership_offer(viewer, receiver, now, expires_at)
            .await?;
        let telling = Telling {
            notice: Notice::OwnershipOffered,
            by: &scope.actor.person.email,
            about: None,
            expires_at,
        };
        self.notify(&mut scope.tx, ctx, vec![address.to_string()], telling)
            .await?;
        self.conclude(ctx, scope, Action::OwnershipOffered, receiver, json!({}))
            .await?;
        self.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes back what the viewer offered.
    ///
    /// # Errors
    /// As [`enter`](Self::enter); [`ErrorCode::NotFound`] when nothing is offered.
    pub async fn withdraw_ownership_offer(&self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let mut scope = self.enter(ctx, slug, Permission::WorkspaceTransfer).await?;
        let viewer = scope.actor.person.id;
        if !scope.tx.take_ownership_offer(viewer, None, self.now()).await? {
            return Err(ErrorCode::NotFound.into());
        }
        self.conclude(ctx, scope, Action::OwnershipOfferEnded, viewer, json!({}))
            .await
    }

    /// The ownership that is offered to the viewer.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn my_ownership_offers(&self, ctx: &Ctx) -> Result<Vec<WaitingOffer>, IamError> {
        let mut tx = self.parts.store.as_person(ctx.actor()?.person.id).await?;
        let offers = tx.ownership_offers(self.now()).await?;
        Ok(offers
            .into_iter()
            .map(|offer| WaitingOffer {
                from: offer.from,
                slug: offer.slug,
                workspace: offer.workspace,
                from_email: offer.from_email,
            })
            .collect())
    }

    /// Takes over what `from` offered to the viewer: the viewer is an owner, `from` an admin.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when there is no such offer any
    /// more, or when `from` is no owner any more.
    pub async fn accept_ownership(&self, ctx: &Ctx, slug: &Slug, from: UserId) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let viewer = actor.person.id;
        let id = self.workspace_id(slug).await?;
        let mut tx = self.parts.store.in_workspace(id).await?;
        let standings = tx.lock_standings(&[viewer, from]).await?;
        if !standings.contains_key(&viewer) {
            return Err(ErrorCode::NotFound.into());
        }
        self.let_sign_in_count(&mut tx, actor).await?;
        let stands = standings
            .get(&from)
            .is_some_and(|standing| standing.role == Role::Owner);
        if !stands || !tx.take_ownership_offer(from, Some(viewer), self.now()).await? {
            return Err(ErrorCode::NotFound.into());
        }
        tx.update_role(viewer, Role::Owner).await?;
        tx.update_role(from, Role::Admin).await?;
        let was = standings.get(&viewer).map(|standing| standing.role);
        for (person, old, new) in [(viewer, was, Role::Owner), (from, Some(Role::Owner), Role::Admin)] {
            let detail = json!({ "by": "transfer", "from": old, "to": new });
            self.audit(
                &mut tx,
                ctx,
                Some(viewer),
                Action::MemberRoleChanged,
                person,
                detail,
            )
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Says no to what `from` offered.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when there is no such offer.
    pub async fn decline_ownership(&self, ctx: &Ctx, slug: &Slug, from: UserId) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let viewer = actor.person.id;
        let id = self.workspace_id(slug).await?;
        let mut tx = self.parts.store.in_workspace(id).await?;
        if !tx.take_ownership_offer(from, Some(viewer), self.now()).await? {
            return Err(ErrorCode::NotFound.into());
        }
        self.let_sign_in_count(&mut tx, actor).await?;
        self.audit(
            &mut tx,
            ctx,
            Some(viewer),
            Action::OwnershipOfferEnded,
            from,
            json!({}),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
