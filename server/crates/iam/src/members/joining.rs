//! Joining without an invitation: by an address of a proved domain, by asking, or where everybody may.

use crate::{
    Actor, Ctx, IamError,
    branding::brand::brand,
    core::{Core, limits::Limit, mail::Telling},
    ctx::Acting,
    members::Members,
    port::Notice,
};
use chrono::TimeDelta;
use iam_domain::{audit::Told, domains::domain_name::Joining, workspaces::workspace::Admission};
use iam_store::{
    UserTx, WorkspaceTx,
    audit::event::{Event, Unlogged},
};
use iam_types::{
    ErrorCode, Permission, Role, Slug, UserId,
    view::{JoinPathState, JoinPathView, JoinRequestCard, ReachableWorkspace},
};

/// How many of those who could answer get a mail about somebody who asks.
const MOST_TOLD: i64 = 10;
/// How long a mail about joining is worth sending.
const MAIL_LIFETIME: TimeDelta = TimeDelta::days(1);
/// How many of those who ask a page shows; the next come when these are answered.
const SHOWN: i64 = 100;

/// How a person without an invitation may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinPath {
    /// Not at all.
    Closed,
    /// By asking.
    Ask,
    /// At once; says by what, for the log.
    Open(&'static str),
}

impl JoinPath {
    /// The way in that a workspace's admission leaves, or a domain of it that somebody has an address of.
    pub(crate) fn of(admission: Admission, joining: Joining) -> Self {
        match (admission, joining) {
            (Admission::Open, _) => Self::Open("open_admission"),
            (_, Joining::Everybody) => Self::Open("domain"),
            (Admission::Requests, _) | (_, Joining::Requests) => Self::Ask,
            (Admission::Members, Joining::Nobody) => Self::Closed,
        }
    }
}

impl Members<'_> {
    /// What somebody who is no member sees of a workspace that they could join.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] for members, and where there is no way in.
    pub async fn join_path(self, ctx: &Ctx, slug: &Slug) -> Result<JoinPathView, IamError> {
        let (mut tx, door) = self.core.at_join_path(ctx, slug).await?;
        let asked = tx.asks_to_join(ctx.actor_in(slug)?.user.id).await?;
        let state = match door {
            JoinPath::Open(_) => JoinPathState::Open,
            _ if asked => JoinPathState::Asked,
            JoinPath::Ask => JoinPathState::Ask,
            JoinPath::Closed => return Err(ErrorCode::NotFound.into()),
        };
        Ok(JoinPathView {
            brand: brand(tx.brand_settings().await?, slug),
            email: ctx.actor_in(slug)?.user.email.clone(),
            state,
        })
    }

    /// Goes through an open door, or asks at one that can be asked at. The role is always the least.
    ///
    /// # Errors
    /// As [`join_path`](Self::join_path); [`ErrorCode::SignInAgain`], [`ErrorCode::RateLimited`].
    pub async fn join_or_request(self, ctx: &Ctx, slug: &Slug) -> Result<JoinPathState, IamError> {
        let actor = ctx.actor_in(slug)?;
        let (mut tx, door) = self.core.at_join_path(ctx, slug).await?;
        if door != JoinPath::Closed {
            self.core.let_sign_in_count(&mut tx, actor).await?;
        }
        match door {
            // A second click, or somebody let them in meanwhile.
            JoinPath::Closed if tx.role_of(actor.user.id).await?.is_some() => Ok(JoinPathState::Open),
            JoinPath::Closed => Err(ErrorCode::NotFound.into()),
            JoinPath::Open(by) => {
                match self.core.admit(&mut tx, ctx, actor, by).await? {
                    Some(event) => tx.commit(event).await?,
                    None => tx.commit_unlogged(Unlogged::AlreadySo).await?,
                }
                Ok(JoinPathState::Open)
            }
            JoinPath::Ask => {
                self.core.limit_joining(&tx, actor.user.id).await?;
                if !tx.insert_join_request(actor.user.id, self.core.now()).await? {
                    return Ok(JoinPathState::Asked);
                }
                let person = actor.user.id;
                let telling = Telling {
                    notice: Notice::JoinRequested,
                    by: &actor.user.email,
                    about: None,
                    expires_at: self.core.now() + MAIL_LIFETIME,
                };
                let receivers = tx.answering_addresses(MOST_TOLD).await?;
                self.core.notify(&mut tx, &ctx.locale, receivers, telling).await?;
                let told = Told::join_requested(person);
                self.core.commit(tx, Acting::User(person, ctx), told).await?;
                self.core.mail_waiting.notify_one();
                Ok(JoinPathState::Asked)
            }
        }
    }

    /// Takes back what the viewer asked.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`] when they did not ask.
    pub async fn withdraw_request(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let actor = ctx.actor_in(slug)?;
        let person = actor.user.id;
        let mut tx = self.core.in_workspace_behind(slug).await?;
        tx.take_join_request(person).await?.ok_or(ErrorCode::NotFound)?;
        self.core.let_sign_in_count(&mut tx, actor).await?;
        let told = Told::join_request_withdrawn(person);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }

    /// Lets somebody in who asked, as a member, and tells them.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] when they do not ask any more.
    pub async fn approve_request(self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberInvite).await?;
        let address = scope.tx.take_join_request(id).await?.ok_or(ErrorCode::NotFound)?;
        if scope.tx.insert_member(id, Role::Member, self.core.now()).await? {
            let telling = Telling {
                notice: Notice::JoinApproved,
                by: &scope.actor.user.email,
                about: None,
                expires_at: self.core.now() + MAIL_LIFETIME,
            };
            scope.notify(vec![address], telling).await?;
        }
        scope.commit(Told::joined_by_request(id, Role::Member)).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Says no to somebody who asked. They are not told: that would only help those who try.
    ///
    /// # Errors
    /// As [`approve_request`](Self::approve_request).
    pub async fn decline_request(self, ctx: &Ctx, slug: &Slug, id: UserId) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberInvite).await?;
        scope.tx.take_join_request(id).await?.ok_or(ErrorCode::NotFound)?;
        scope.commit(Told::join_request_declined(id)).await
    }
}

impl Core {
    /// Workspaces that the person who looks could join, or has asked to join.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn joinable_workspaces(
        &self,
        tx: &mut UserTx,
    ) -> Result<Vec<ReachableWorkspace>, IamError> {
        let rows = tx.reachable_workspaces().await?;
        Ok(rows
            .into_iter()
            .map(|row| ReachableWorkspace {
                slug: row.slug,
                name: row.name,
                state: match (row.asked, row.joining) {
                    (true, _) => JoinPathState::Asked,
                    (_, Joining::Everybody) => JoinPathState::Open,
                    _ => JoinPathState::Ask,
                },
            })
            .collect())
    }

    /// Those who ask to join, for pages of invitations.
    pub(crate) async fn waiting_requests(
        &self,
        tx: &mut WorkspaceTx,
    ) -> Result<Vec<JoinRequestCard>, IamError> {
        let rows = tx.join_requests(SHOWN).await?;
        Ok(rows
            .into_iter()
            .map(|row| JoinRequestCard {
                id: row.user_id,
                email: row.email,
                display_name: row.display_name,
                asked_at: row.created_at.timestamp(),
            })
            .collect())
    }

    /// How somebody who is no member may come in.
    pub(crate) async fn join_path_for(
        &self,
        tx: &mut WorkspaceTx,
        person: UserId,
    ) -> Result<JoinPath, IamError> {
        let admission = tx.workspace().await?.admission;
        let joining = tx.joining_of(person).await?;
        Ok(JoinPath::of(admission, joining))
    }

    /// Makes somebody a member who may be one at once.
    pub(crate) async fn admit(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        by: &str,
    ) -> Result<Option<Event>, IamError> {
        let person = actor.user.id;
        self.limit_joining(tx, person).await?;
        tx.take_join_request(person).await?;
        if !tx.insert_member(person, Role::Member, self.now()).await? {
            return Ok(None);
        }
        let told = Told::joined_by_themselves(person, by);
        self.event(tx, Acting::User(person, ctx), told).await.map(Some)
    }

    async fn limit_joining(&self, tx: &WorkspaceTx, person: UserId) -> Result<(), IamError> {
        self.limit(Limit::Join, &format!("{}/{person}", tx.workspace_id()))
            .await?;
        self.limit(Limit::JoinPerson, &person.to_string()).await
    }

    async fn at_join_path(&self, ctx: &Ctx, slug: &Slug) -> Result<(WorkspaceTx, JoinPath), IamError> {
        let person = ctx.actor_in(slug)?.user.id;
        let mut tx = self.in_workspace_behind(slug).await?;
        let door = if tx.role_of(person).await?.is_some() {
            JoinPath::Closed
        } else {
            self.join_path_for(&mut tx, person).await?
        };
        Ok((tx, door))
    }
}
