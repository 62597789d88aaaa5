//! Inviting people. An invitation carries no secret: whoever proves the invited address by signing in may accept it,
//! so a forwarded mail gives nothing away and there is nothing in it to edit.

use crate::{
    Ctx, IamError,
    branding::brand::brand,
    core::Core,
    ctx::Acting,
    members::Members,
    port::{InvitationMail, Mail},
    workspaces::enter::MemberTx,
};
use iam_domain::{
    account::{email::Email, pasted::parse_pasted_list},
    audit::Told,
    members::invitation::{Invitation, LIFETIME, Standing},
};
use iam_store::{UserTx, WorkspaceTx, audit::event::Unlogged, members::invitation::InvitationEnd};
use iam_types::{
    ErrorCode, InvitationId, Permission, Permissions, Role, Slug, paths,
    view::{Delivery, InvitationCard, InvitationsView, JoinState, JoinView, Page, WaitingInvitation},
};

/// How many invitations a page of the list shows.
const PAGE_SIZE: usize = 50;

/// What the page behind an invitation's link does.
#[derive(Debug)]
pub enum JoinPage {
    /// It asks.
    Ask(Box<JoinView>),
    /// The viewer accepted before: take them in.
    Joined,
    /// Somebody accepted before: let them sign in.
    SignIn,
}

/// What became of pasted addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invited {
    /// Invitations on their way.
    pub sent: usize,
    /// What was pasted and not invited, with the reason.
    pub refused: Vec<(String, ErrorCode)>,
}

impl Members<'_> {
    /// Invites addresses to join with `role`. Those that cannot be invited are named and hold up nobody else; an open
    /// invitation is renewed.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidEmail`] for nothing, [`ErrorCode::InvalidInput`];
    /// [`ErrorCode::Forbidden`] for a role that holds what the viewer does not. An address that comes alone fails with
    /// its own reason: [`ErrorCode::InvalidEmail`], [`ErrorCode::AlreadyMember`], [`ErrorCode::RateLimited`].
    pub async fn invite(
        self,
        ctx: &Ctx,
        slug: &Slug,
        addresses: &str,
        role: &str,
    ) -> Result<Invited, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberInvite).await?;
        let role: Role = role.parse().map_err(|()| ErrorCode::InvalidInput)?;
        scope.require_held(role.permissions())?;
        let pasted = parse_pasted_list(addresses)?;
        let mut invited = Invited {
            sent: 0,
            refused: pasted.refused,
        };
        let mut wait = None;
        for (address, line) in pasted.addresses {
            let refusal = if scope.tx.is_members_address(&address).await? {
                Some(ErrorCode::AlreadyMember)
            } else {
                // A refusal comes before anything of this address is written.
                match scope.invite_one(&address, role, Told::invitation_created).await {
                    // One change too much fails as a whole: no invitation lasts without its event.
                    Ok(told) => {
                        scope.tell(told).await?;
                        None
                    }
                    Err(IamError::Refused(code)) => Some(code),
                    Err(IamError::RateLimited { retry_after }) => {
                        wait = Some(retry_after);
                        Some(ErrorCode::RateLimited)
                    }
                    Err(error) => return Err(error),
                }
            };
            match refusal {
                Some(code) => invited.refused.push((line, code)),
                None => invited.sent += 1,
            }
        }
        if let (0, Some(retry_after)) = (invited.sent, wait) {
            return Err(IamError::RateLimited { retry_after });
        }
        if let (0, [(_, code)]) = (invited.sent, invited.refused.as_slice()) {
            return Err((*code).into());
        }
        scope.commit_told().await?;
        self.core.mail_waiting.notify_one();
        Ok(invited)
    }

    /// Sends an invitation again and lets it stand for its whole life anew.
    ///
    /// # Errors
    /// As [`invite`](Self::invite); [`ErrorCode::NotFound`].
    pub async fn resend_invitation(self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberInvite).await?;
        let invitation = scope.invitation(id).await?;
        let told = scope
            .invite_one(&invitation.address, invitation.role, Told::invitation_resent)
            .await?;
        scope.commit(told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; [`ErrorCode::Forbidden`].
    pub async fn withdraw_invitation(self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberInvite).await?;
        let invitation = scope.invitation(id).await?;
        scope.require_held(invitation.role.permissions())?;
        scope
            .tx
            .end_invitation(id, InvitationEnd::Withdrawn, self.core.now())
            .await?;
        scope.commit(Told::invitation_withdrawn(id)).await
    }

    /// A page of the invitations that wait for an answer, from `before` on.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn invitations(
        self,
        ctx: &Ctx,
        slug: &Slug,
        before: Option<InvitationId>,
    ) -> Result<InvitationsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRead).await?;
        let rows = scope.tx.invitations(before, PAGE_SIZE as i64 + 1).await?;
        let requests = self.core.waiting_requests(&mut scope.tx).await?;
        let ids: Vec<_> = rows.iter().map(|invitation| invitation.id.uuid()).collect();
        let mut deliveries = scope.tx.deliveries(&ids).await?;
        let now = self.core.now();
        let card = |invitation: Invitation| InvitationCard {
            delivery: deliveries.remove(&invitation.id.uuid()).unwrap_or(Delivery::Left),
            id: invitation.id,
            email: invitation.address.to_string(),
            role: invitation.role,
            expired: !invitation.is_open(now),
            invited_by: invitation.inviter,
            sent_at: invitation.sent_at.timestamp(),
            may_change: scope.may(Permission::MemberInvite)
                && scope.access.covers(invitation.role.permissions()),
        };
        Ok(InvitationsView {
            invitations: Page::cut(rows, PAGE_SIZE, |invitation| invitation.id.to_string(), card),
            requests,
            givable: scope.givable(Permissions::NONE, Permission::MemberInvite),
            workspace: scope.card(),
            now: now.timestamp(),
        })
    }

    /// What the page behind the mail's link does, for whoever holds the link. One that was accepted goes on leading in.
    ///
    /// # Errors
    /// [`ErrorCode::InvitationInvalid`].
    pub async fn join_page(self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<JoinPage, IamError> {
        let (mut tx, invitation) = match self.core.acceptable(slug, id).await {
            Err(IamError::Refused(ErrorCode::InvitationInvalid)) => {
                return self.core.accepted_page(ctx, slug, id).await;
            }
            found => found?,
        };
        let state = match ctx.actor_in(slug).ok() {
            None => JoinState::SignedOut,
            Some(actor) if tx.owns_address(actor.user.id, &invitation.address).await? => JoinState::Ready,
            Some(actor) => JoinState::SomebodyElse(actor.user.email.clone()),
        };
        Ok(JoinPage::Ask(Box::new(JoinView {
            waiting: waiting(&invitation, slug.clone(), tx.workspace().await?.name),
            brand: brand(tx.brand_settings().await?, slug),
            state,
        })))
    }

    /// The invitations that wait for the viewer.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn my_invitations(self, ctx: &Ctx) -> Result<Vec<WaitingInvitation>, IamError> {
        let mut tx = self.core.deps.store.as_user(ctx.actor()?.user.id).await?;
        self.core.waiting_invitations(&mut tx).await
    }

    /// Joins the workspace with the role of the invitation. Whoever has done so may click again.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::InvitationInvalid`] when it is for another
    /// address, has ended, or was given by somebody who could not give it any more.
    pub async fn accept_invitation(self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<(), IamError> {
        let person = ctx.actor_in(slug)?.user.id;
        let (mut tx, invitation) = match self.core.own_invitation(ctx, slug, id).await {
            Err(IamError::Refused(ErrorCode::InvitationInvalid)) => {
                return self.core.accepted_page(ctx, slug, id).await.map(|_| ());
            }
            found => found?,
        };
        tx.end_invitation(id, InvitationEnd::Accepted, self.core.now())
            .await?;
        if !tx.insert_member(person, invitation.role, self.core.now()).await? {
            return Ok(tx.commit_unlogged(Unlogged::AlreadySo).await?);
        }
        let told = Told::joined_by_invitation(person, id, invitation.role);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }

    /// Says no to an invitation.
    ///
    /// # Errors
    /// As [`accept_invitation`](Self::accept_invitation).
    pub async fn decline_invitation(self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<(), IamError> {
        let (mut tx, _) = self.core.own_invitation(ctx, slug, id).await?;
        let person = ctx.actor_in(slug)?.user.id;
        tx.end_invitation(id, InvitationEnd::Withdrawn, self.core.now())
            .await?;
        let told = Told::invitation_declined(id);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }
}

impl Core {
    /// The invitations that wait for the person who looks.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn waiting_invitations(
        &self,
        tx: &mut UserTx,
    ) -> Result<Vec<WaitingInvitation>, IamError> {
        let rows = tx.invitations(self.now()).await?;
        Ok(rows
            .into_iter()
            .map(|row| waiting(&row.invitation, row.slug, row.workspace))
            .collect())
    }

    async fn accepted_page(&self, ctx: &Ctx, slug: &Slug, id: InvitationId) -> Result<JoinPage, IamError> {
        let invalid = IamError::Refused(ErrorCode::InvitationInvalid);
        let Ok(workspace) = self.workspace_id(slug).await else {
            return Err(invalid);
        };
        let mut tx = self.deps.store.in_workspace(workspace).await?;
        let Some(address) = tx.accepted_invitation(id).await? else {
            return Err(invalid);
        };
        match ctx.actor_in(slug) {
            Err(_) => Ok(JoinPage::SignIn),
            Ok(actor) => {
                let person = actor.user.id;
                let joined = tx.owns_address(person, &address).await? && tx.role_of(person).await?.is_some();
                joined.then_some(JoinPage::Joined).ok_or(invalid)
            }
        }
    }

    /// The viewer's invitation, held so that it ends once.
    async fn own_invitation(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: InvitationId,
    ) -> Result<(WorkspaceTx, Invitation), IamError> {
        let actor = ctx.actor_in(slug)?;
        let (mut tx, invitation) = self.acceptable(slug, id).await?;
        if !tx.owns_address(actor.user.id, &invitation.address).await? {
            return Err(ErrorCode::InvitationInvalid.into());
        }
        self.let_sign_in_count(&mut tx, actor).await?;
        Ok((tx, invitation))
    }

    /// An invitation that can be accepted. Neither it nor what the inviter may do can change before this transaction ends.
    async fn acceptable(&self, slug: &Slug, id: InvitationId) -> Result<(WorkspaceTx, Invitation), IamError> {
        let invalid = IamError::Refused(ErrorCode::InvitationInvalid);
        let workspace = match self.workspace_id(slug).await {
            Err(IamError::Refused(ErrorCode::NotFound)) => return Err(invalid),
            found => found?,
        };
        let mut tx = self.deps.store.in_workspace(workspace).await?;
        let Some(invitation) = tx.lock_invitation(id).await? else {
            return Err(invalid);
        };
        let inviter = tx.lock_effective_access(&[invitation.invited_by]).await?;
        let inviter = match tx.user(invitation.invited_by).await? {
            Some(user) => inviter.get(&user.id).copied(),
            None => None,
        };
        match invitation.standing(inviter, self.now()) {
            Standing::Open => Ok((tx, invitation)),
            Standing::Expired | Standing::Void => Err(invalid),
        }
    }
}

impl MemberTx<'_> {
    async fn invite_one(
        &mut self,
        address: &Email,
        role: Role,
        told: fn(InvitationId, &str, Role) -> Told,
    ) -> Result<Told, IamError> {
        let current = self.tx.invited_role(address).await?;
        let current = current.map_or(Permissions::NONE, Role::permissions);
        self.require_held(role.permissions().union(current))?;
        let with_mail = self
            .core
            .limit_invitation(self.ctx, &self.workspace, self.actor.user.id, address.as_str())
            .await?;
        let now = self.core.now();
        let inviter = &self.actor.user;
        let mut invitation = Invitation {
            id: InvitationId::from_uuid(self.core.new_uuid()),
            address: address.clone(),
            role,
            invited_by: inviter.id,
            inviter: inviter.email.clone(),
            sent_at: now,
            expires_at: now + LIFETIME,
        };
        invitation.id = self.tx.put_invitation(&invitation).await?;
        let look = self.core.mail_brand(&mut self.tx).await?;
        let mail = Mail::Invitation(InvitationMail {
            brand: look,
            to: address.to_string(),
            locale: self.ctx.locale.clone(),
            workspace: self.workspace.name.clone(),
            inviter: invitation.inviter,
            url: format!(
                "{}{}",
                self.core.origin(),
                paths::join(&self.workspace.slug, invitation.id)
            ),
        });
        if with_mail {
            let about = invitation.id.uuid();
            self.tx.drop_mail_about(about).await?;
            self.core
                .enqueue(&mut self.tx, &mail, Some(about), invitation.expires_at)
                .await?;
        }
        let address = self.core.pseudonym(address.as_str());
        Ok(told(invitation.id, &address, role))
    }

    async fn invitation(&mut self, id: InvitationId) -> Result<Invitation, IamError> {
        self.tx
            .lock_invitation(id)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))
    }
}

fn waiting(invitation: &Invitation, slug: Slug, workspace: String) -> WaitingInvitation {
    WaitingInvitation {
        id: invitation.id,
        slug,
        workspace,
        role: invitation.role,
        invited_by: invitation.inviter.clone(),
        email: invitation.address.to_string(),
    }
}
