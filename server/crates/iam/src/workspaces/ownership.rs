//! How a workspace changes hands.

use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit, mail::Telling},
    ctx::Acting,
    port::Notice,
    workspaces::Workspaces,
};
use iam_domain::{account::pasted::parse_pasted, audit::Told, workspaces::workspace::OFFER_LIFETIME};
use iam_store::UserTx;
use iam_types::{ErrorCode, Permission, Role, Slug, UserId, view::WaitingOffer};

impl Workspaces<'_> {
    /// Offers the viewer's ownership to the member with `address`, who answers under their workspaces.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidEmail`], [`ErrorCode::NoSuchMember`]; [`ErrorCode::InvalidInput`]
    /// for oneself; [`ErrorCode::Forbidden`] for those who are no owners themselves.
    pub async fn offer_ownership(self, ctx: &Ctx, slug: &Slug, address: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceTransfer).await?;
        let address = parse_pasted(address)?;
        let found = scope.tx.members_with_addresses(&[address.to_string()]).await?;
        let receiver = *found.first().ok_or(ErrorCode::NoSuchMember)?;
        let (viewer, now) = (scope.actor.user.id, self.core.now());
        if receiver == viewer {
            return Err(ErrorCode::InvalidInput.into());
        }
        self.core
            .limit(Limit::Offer, &format!("{}/{viewer}", scope.workspace.id))
            .await?;
        let expires_at = now + OFFER_LIFETIME;
        scope
            .tx
            .put_ownership_offer(viewer, receiver, now, expires_at)
            .await?;
        let telling = Telling {
            notice: Notice::OwnershipOffered,
            by: &scope.actor.user.email,
            about: None,
            expires_at,
        };
        scope.notify(vec![address.to_string()], telling).await?;
        scope.commit(Told::ownership_offered(receiver)).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes back what the viewer offered.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] when nothing is offered.
    pub async fn withdraw_ownership_offer(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceTransfer).await?;
        let viewer = scope.actor.user.id;
        if !scope
            .tx
            .take_ownership_offer(viewer, None, self.core.now())
            .await?
        {
            return Err(ErrorCode::NotFound.into());
        }
        scope.commit(Told::ownership_offer_ended(viewer)).await
    }

    /// Takes over what `from` offered to the viewer: the viewer is an owner, `from` an admin.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when there is no such offer any
    /// more, or when `from` is no owner any more.
    pub async fn accept_ownership(self, ctx: &Ctx, slug: &Slug, from: UserId) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let viewer = actor.user.id;
        let id = self.core.workspace_id(slug).await?;
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        let accesses = tx.lock_effective_access(&[viewer, from]).await?;
        if !accesses.contains_key(&viewer) {
            return Err(ErrorCode::NotFound.into());
        }
        self.core.let_sign_in_count(&mut tx, actor).await?;
        let stands = accesses
            .get(&from)
            .is_some_and(|access| access.role == Role::Owner);
        if !stands
            || !tx
                .take_ownership_offer(from, Some(viewer), self.core.now())
                .await?
        {
            return Err(ErrorCode::NotFound.into());
        }
        tx.update_role(viewer, Role::Owner).await?;
        tx.update_role(from, Role::Admin).await?;
        let was = accesses.get(&viewer).map(|access| access.role);
        let told = Told::ownership_transferred(viewer, was, Role::Owner);
        let risen = self.core.event(&mut tx, Acting::User(viewer, ctx), told).await?;
        let told = Told::ownership_transferred(from, Some(Role::Owner), Role::Admin);
        let stepped_down = self.core.event(&mut tx, Acting::User(viewer, ctx), told).await?;
        Ok(tx.commit([risen, stepped_down]).await?)
    }

    /// Says no to what `from` offered.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when there is no such offer.
    pub async fn decline_ownership(self, ctx: &Ctx, slug: &Slug, from: UserId) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let viewer = actor.user.id;
        let id = self.core.workspace_id(slug).await?;
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        if !tx
            .take_ownership_offer(from, Some(viewer), self.core.now())
            .await?
        {
            return Err(ErrorCode::NotFound.into());
        }
        self.core.let_sign_in_count(&mut tx, actor).await?;
        let told = Told::ownership_offer_ended(from);
        self.core.commit(tx, Acting::User(viewer, ctx), told).await
    }
}

impl Core {
    /// The ownership that is offered to the person who looks.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn waiting_offers(&self, tx: &mut UserTx) -> Result<Vec<WaitingOffer>, IamError> {
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
}
