//! The second factor: of a sign-in that waits for it, and of a session that is to prove more.

use super::{
    arrival::{Arrival, Proved, SignInStep, SignedIn, arrival},
    recovery::RecoveryAhead,
    second_factor::Offered,
    trusted_browser::Trust,
};
use crate::{
    Actor, Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    sign_in::SignIn,
};
use iam_domain::{
    account::email::Email,
    sign_in::{
        assurance::{Assurance, with_second_factor},
        decision::{Decision, Reason, Wanted},
        email_challenge::ReturnTo,
        pending::{LIFETIME, PendingSignIn},
        session::Through,
    },
};
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events, Unlogged},
};
use iam_types::{AuthorizationId, ErrorCode, PendingSignInId, SessionId, Slug, UserId, paths};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What the page of the second factor shows.
#[derive(Debug)]
pub enum SecondFactorState {
    /// It asks for a code.
    Waiting(WaitingSignIn),
    /// It is proved, and leads on; and whether it counts in one workspace alone.
    Done(Arrival, bool),
    /// Nothing waits in this browser.
    Nothing,
}

/// A sign-in that waits for a second factor.
#[derive(Debug)]
pub struct WaitingSignIn {
    /// Which one.
    pub id: PendingSignInId,
    /// Whose, by their address.
    pub address: String,
    /// The workspace that it is for.
    pub slug: Option<Slug>,
    /// The app's request that it is for.
    pub authorization_id: Option<AuthorizationId>,
    /// For how many days they can trust this browser; 0 where they cannot.
    pub trust_days: i32,
    /// The recovery that lets it pass, or will.
    pub recovery: Option<RecoveryAhead>,
}

/// How a session can prove more.
pub enum StepUp {
    /// It has proved enough.
    GoOn,
    /// With a code, in the browser with this cookie.
    Code(PendingSignInId, Secret),
    /// Not yet: the person has nothing to prove it with, or not what is asked for.
    SetUp(SetUp),
    /// Only by signing in anew.
    SignInAgain,
}

/// What somebody lacks to prove more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUp {
    /// Whether nothing but a passkey would do.
    pub passkey_only: bool,
    /// Whether they have a passkey to sign in with.
    pub has_passkey: bool,
}

impl SignIn<'_> {
    /// What waits for a second factor under `id` in this browser, here.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn second_factor_state(
        self,
        ctx: &Ctx,
        id: PendingSignInId,
    ) -> Result<SecondFactorState, IamError> {
        let Some(pending) = self.core.own_pending_sign_in(ctx, id).await? else {
            return Ok(SecondFactorState::Nothing);
        };
        let mut tx = self
            .core
            .deps
            .store
            .in_workspace(pending.return_to.place())
            .await?;
        if pending.is_open(self.core.now()) {
            let slug = match pending.return_to.workspace_id {
                Some(_) => Some(tx.workspace().await?.slug),
                None => None,
            };
            return Ok(SecondFactorState::Waiting(WaitingSignIn {
                trust_days: self.core.trust_days_for(&mut tx, ctx, &pending).await?,
                id,
                address: pending.address.to_string(),
                slug,
                authorization_id: pending.return_to.authorization_id,
                recovery: self.core.recovery_ahead(tx, ctx, &pending).await?,
            }));
        }
        let is_theirs = |actor: &&Actor| actor.user.id == pending.user_id && pending.finished_at.is_some();
        match ctx.actor.as_ref().filter(is_theirs) {
            Some(actor) => {
                let arrival = arrival(&mut tx, pending.return_to, actor.user.id).await?;
                Ok(SecondFactorState::Done(arrival, !actor.session.is_whole()))
            }
            None => Ok(SecondFactorState::Nothing),
        }
    }

    /// Where a second factor is set up, at the platform: at a workspace's own host nobody changes how they sign in.
    /// Here the way leads back to the page `next`.
    pub fn set_up_address(self, ctx: &Ctx, next: &str) -> String {
        match ctx.custom_domain {
            Some(_) => format!("{}{}", self.core.origin(), paths::AUTHENTICATOR),
            None => paths::authenticator(next),
        }
    }

    /// How the viewer's session can prove as much as is asked for: by the app's request, by the workspace, or, without
    /// either, as much as they can. What waits for a code does so in this browser.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::NotFound`], [`ErrorCode::AuthorizationExpired`].
    pub async fn begin_step_up(
        self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<StepUp, IamError> {
        let core = self.core;
        let actor = match slug {
            Some(slug) => ctx.actor_in(slug)?,
            None => ctx.actor()?,
        };
        let return_to = core.return_to(ctx, slug, authorization_id).await?;
        let mut tx = core.deps.store.in_workspace(return_to.place()).await?;
        let wanted = core.wanted_of(&mut tx, ctx, return_to).await?;
        let decision = core.sign_in_decision(actor, &wanted);
        match &decision {
            Decision::Allow => return Ok(StepUp::GoOn),
            decision if !decision.takes_a_factor() => return Ok(StepUp::SignInAgain),
            _ => {}
        }
        let passkey_only = decision.reasons().contains(&Reason::Passkey);
        if passkey_only || !core.has_second_factor(&mut tx, actor.user.id).await? {
            drop(tx);
            return Ok(StepUp::SetUp(SetUp {
                passkey_only,
                has_passkey: core.can_use_passkey(ctx, actor.user.id).await?,
            }));
        }
        let begun = core.pending_of_session(ctx, actor, return_to).await?;
        if let Some((id, browser)) = begun {
            return Ok(StepUp::Code(id, browser));
        }
        let browser = core.browser_secret(ctx);
        let of_session = Waits {
            id: core.new_uuid(),
            user_id: actor.user.id,
            session_id: Some(actor.session.id),
            address: actor.user.address()?,
            amr: actor.session.amr.clone(),
            return_to,
            through: actor.session.through.clone(),
            made: Vec::new(),
        };
        let id = core.keep_waiting(tx, ctx, &browser, of_session).await?;
        Ok(StepUp::Code(id, browser))
    }

    /// Proves the second factor of what waits under `id` in this browser, with the digits of an authenticator app or a
    /// recovery code. Whoever wants to `trust` the browser, after a code of their app, is not asked for one there for a while, where
    /// that may be. The browser that does so again within moments comes to the same session.
    ///
    /// # Errors
    /// [`ErrorCode::SignInExpired`], also in another browser; [`ErrorCode::SecondFactorWrong`]; [`ErrorCode::RateLimited`].
    pub async fn redeem_second_factor(
        self,
        ctx: &Ctx,
        id: PendingSignInId,
        code: &str,
        trust: bool,
    ) -> Result<(SignedIn, Option<Trust>), IamError> {
        let core = self.core;
        core.limit_code_try(ctx).await?;
        let pending = core.own_pending_sign_in(ctx, id).await?;
        let pending = pending.ok_or(ErrorCode::SignInExpired)?;
        let now = core.now();
        if pending.can_be_repeated(now) {
            return core.repeat_with_trust(ctx, &pending).await;
        }
        if !pending.is_open(now) || !is_of_session(ctx, &pending) {
            return Err(ErrorCode::SignInExpired.into());
        }
        let offered = core.offered_factor(&pending, code).await?;
        let mut tx = core.deps.store.in_workspace(pending.return_to.place()).await?;
        if !tx.finish_pending_sign_in(id, now).await? {
            drop(tx);
            return core.repeat_with_trust(ctx, &pending).await;
        }
        // Asked after it is held: whoever is being shut out meanwhile is found shut out.
        if tx.user(pending.user_id).await?.is_none() {
            return Err(ErrorCode::SignInExpired.into());
        }
        let Some(mut spent) = core.spend_factor(&mut tx, ctx, &pending, &offered).await? else {
            drop(tx);
            let refused = core.refuse_second_factor(ctx, &pending, &offered).await;
            return refused.map(|signed_in| (signed_in, None));
        };
        let wanted = trust && matches!(offered, Offered::Digits(_));
        let trusted = core.trust(&mut tx, ctx, &pending, wanted, &mut spent).await?;
        let proved = Proved {
            user_id: pending.user_id,
            address: &pending.address,
            methods: with_second_factor(&pending.amr, "otp"),
            return_to: pending.return_to,
            is_new: false,
            steps_up: pending.session_id.is_some(),
            model: None,
            step: pending.id.uuid(),
            through: pending.through.clone(),
            made: spent,
        };
        Ok((core.sign_in(tx, ctx, proved).await?, trusted))
    }
}

/// What waits from now on.
struct Waits {
    id: Uuid,
    user_id: UserId,
    session_id: Option<SessionId>,
    address: Email,
    amr: Vec<String>,
    return_to: ReturnTo,
    through: Option<Through>,
    /// What the log is to be told of the first factor.
    made: Vec<Event>,
}

impl Core {
    /// Lets a sign-in wait for a second factor, in the transaction that used up the first.
    pub(super) async fn ask_for_second_factor(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        proved: Proved<'_>,
    ) -> Result<PendingSignInId, IamError> {
        let browser = self.browser_secret(ctx);
        let new = Waits {
            id: proved.step,
            user_id: proved.user_id,
            session_id: None,
            address: proved.address.clone(),
            amr: proved.methods,
            return_to: proved.return_to,
            through: proved.through,
            made: proved.made,
        };
        self.keep_waiting(tx, ctx, &browser, new).await
    }

    async fn keep_waiting(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        browser: &Secret,
        new: Waits,
    ) -> Result<PendingSignInId, IamError> {
        let now = self.now();
        let pending = PendingSignIn {
            id: PendingSignInId::from_uuid(new.id),
            browser_hash: *browser.hash(),
            user_id: new.user_id,
            session_id: new.session_id,
            address: new.address,
            amr: new.amr,
            return_to: new.return_to,
            through: new.through,
            created_at: now,
            expires_at: now + LIFETIME,
            finished_at: None,
        };
        tx.insert_pending_sign_in(&pending, &ctx.here()).await?;
        match Events::of(new.made) {
            Some(events) => tx.commit(events).await?,
            None => tx.commit_unlogged(Unlogged::SignInUnderWay).await?,
        }
        Ok(pending.id)
    }

    /// The second factor that the step waits for in this browser, if it does.
    pub(super) async fn waits_for_second_factor(
        &self,
        ctx: &Ctx,
        step: Uuid,
    ) -> Result<Option<PendingSignInId>, IamError> {
        let id = PendingSignInId::from_uuid(step);
        let pending = self.own_pending_sign_in(ctx, id).await?;
        Ok(pending
            .filter(|pending| pending.is_open(self.now()))
            .map(|pending| pending.id))
    }

    pub(super) async fn own_pending_sign_in(
        &self,
        ctx: &Ctx,
        id: PendingSignInId,
    ) -> Result<Option<PendingSignIn>, IamError> {
        let Some(browser) = ctx
            .browser
            .as_deref()
            .and_then(|browser| self.hash_secret(SecretKind::Browser, browser))
        else {
            return Ok(None);
        };
        let pending = self.deps.store.pending_sign_in(id).await?;
        Ok(pending
            .and_then(|pending| pending.at(&ctx.here()))
            .filter(|pending| bool::from(pending.browser_hash.ct_eq(&browser))))
    }

    /// What waits for a code already, for the same: a page that is loaded anew goes on with it.
    async fn pending_of_session(
        &self,
        ctx: &Ctx,
        actor: &Actor,
        return_to: ReturnTo,
    ) -> Result<Option<(PendingSignInId, Secret)>, IamError> {
        let browser = self.browser_secret(ctx);
        let (store, here) = (&self.deps.store, ctx.here());
        let latest = store.latest_pending_sign_in_of(browser.hash(), &here).await?;
        let latest = latest.and_then(|pending| pending.at(&here)).filter(|pending| {
            pending.session_id == Some(actor.session.id)
                && pending.return_to == return_to
                && pending.is_open(self.now() + LIFETIME / 2)
        });
        Ok(latest.map(|pending| (pending.id, browser)))
    }

    /// What is asked of a sign-in that is to lead to `return_to`.
    async fn wanted_of(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        return_to: ReturnTo,
    ) -> Result<Wanted, IamError> {
        if return_to.workspace_id.is_none() {
            return Ok(Wanted {
                assurance: Assurance::Two,
                ..Wanted::default()
            });
        }
        let policy = tx.workspace().await?.sign_in_policy();
        let Some(id) = return_to.authorization_id else {
            return Ok(policy.into());
        };
        let request = tx.authorization(id).await?;
        let request = request.and_then(|request| request.at(&ctx.here()));
        Ok(request.ok_or(ErrorCode::AuthorizationExpired)?.wanted(policy))
    }

    pub(super) async fn repeat_second_factor(
        &self,
        ctx: &Ctx,
        pending: &PendingSignIn,
    ) -> Result<SignedIn, IamError> {
        let address = Some(&pending.address);
        match self
            .repeat(ctx, pending.return_to, pending.id.uuid(), address)
            .await?
        {
            Some(SignInStep::Done(signed_in)) => Ok(signed_in),
            Some(SignInStep::SecondFactor(_)) | None => Err(ErrorCode::SignInExpired.into()),
        }
    }
}

/// Whether what waits for a session is proved in that session.
fn is_of_session(ctx: &Ctx, pending: &PendingSignIn) -> bool {
    let own = ctx.actor.as_ref().map(|actor| actor.session.id);
    pending.session_id.is_none_or(|id| own == Some(id))
}
