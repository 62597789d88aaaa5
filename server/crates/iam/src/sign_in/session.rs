//! Signing in and out.

use crate::{
    Actor, Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::{Acting, network_of},
    sign_in::{SignIn, arrival::Proved, ending::Ending},
};
use chrono::TimeDelta;
use iam_domain::{
    audit::{Ended, Told},
    sign_in::{
        assurance::Assurance,
        decision::{Decision, Wanted, decide},
        policy::SignInPolicy,
        proof::Moved,
        session::{self, Session},
    },
};
use iam_store::{WorkspaceTx, audit::event::Events};
use iam_types::{ErrorCode, SessionId, SignInMethod, WorkspaceId};

impl SignIn<'_> {
    /// Who the session cookie stands for that this request brought; nobody when it is unknown, idle, expired, or began elsewhere.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn resume(self, cookie: &str, ctx: &Ctx) -> Result<Option<Actor>, IamError> {
        let Some(hash) = self.core.hash_secret(SecretKind::Session, cookie) else {
            return Ok(None);
        };
        let now = self.core.now();
        let Some((session, user)) = self
            .core
            .deps
            .store
            .session_by_secret(&hash)
            .await?
            .and_then(|session| session.at(&ctx.here()))
            .filter(|(session, _)| session.is_live(now))
        else {
            return Ok(None);
        };
        if session.needs_touch(now) {
            self.core.deps.store.touch_session(session.id, now).await?;
        }
        let browser = self.core.browser_hash(ctx);
        Ok(Some(Actor {
            user,
            moved: Moved {
                network: ctx.network() != network_of(&session.client_ip),
                browser: !session.is_in_its_browser(browser.as_ref(), &ctx.user_agent),
            },
            session,
        }))
    }

    /// Whether the person signed in so recently that they may change how they sign in, and take out what is kept of them.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn is_recent(self, ctx: &Ctx) -> Result<bool, IamError> {
        Ok(self.core.require_account_change(ctx.actor()?).await.is_ok())
    }

    /// Ends the session of this browser.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is gone.
    pub async fn sign_out(self, ctx: &Ctx) -> Result<(), IamError> {
        let actor = ctx.holder().ok_or(ErrorCode::SignInRequired)?;
        self.core.end(ctx, actor, actor.session.id).await
    }

    /// Ends one of the person's own sessions, to throw another browser out.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is not theirs or gone.
    pub async fn end_session(self, ctx: &Ctx, id: SessionId) -> Result<(), IamError> {
        self.core.end(ctx, ctx.actor()?, id).await
    }

    /// Ends the person's sessions in all browsers but this one, and says how many there were.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn end_other_sessions(self, ctx: &Ctx) -> Result<u64, IamError> {
        let actor = ctx.actor()?;
        let person = actor.user.id;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let ended = tx.delete_sessions_but(person, actor.session.id).await?;
        if ended > 0 {
            let told = Told::other_sessions_ended(person, ended);
            self.core.commit(tx, Acting::User(person, ctx), told).await?;
        }
        Ok(ended)
    }

    /// Ends all that lets the person in anywhere, this browser's session too, and what apps have for offline access: for
    /// somebody who lost a device, or fears that somebody else is in.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn sign_out_everywhere(self, ctx: &Ctx) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let (mut tx, ended) = self
            .core
            .end_what_lets_in(ctx, tx, (person, Ended::ByPerson), Ending::Credentials)
            .await?;
        let told = Told::sessions_ended(person, Ended::ByPerson);
        let event = self.core.event(&mut tx, Acting::User(person, ctx), told).await?;
        Ok(tx.commit(Events::from(event).after(ended)).await?)
    }
}

impl Core {
    /// Makes a session with this secret inside `tx`. What the browser held before opens nothing any more: another
    /// person's session ends, and the same person's goes on under the new secret, with what apps got through it, unless the new
    /// sign-in counts for less. One browser more than a person may be signed in in ends the session that was not used for the
    /// longest.
    pub(crate) async fn start_session(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        proved: &Proved<'_>,
        secret: &Secret,
    ) -> Result<(SessionId, Events), IamError> {
        let user_id = proved.user_id;
        let own = ctx
            .actor
            .as_ref()
            .filter(|old| old.user.id == user_id && goes_on(&old.session, proved));
        let now = self.now();
        // A second factor alone makes nothing of before younger, and moves it nowhere.
        let before = own.map(|old| &old.session).filter(|_| proved.steps_up);
        let mut session = Session {
            id: own.map_or_else(|| SessionId::from_uuid(self.new_uuid()), |old| old.session.id),
            user_id,
            amr: proved.methods.clone(),
            user_agent: before
                .map_or(&ctx.user_agent, |before| &before.user_agent)
                .clone(),
            browser_hash: before.map_or_else(|| self.browser_hash(ctx), |before| before.browser_hash),
            client_ip: before.map_or(&ctx.client_ip, |before| &before.client_ip).clone(),
            created_at: now,
            authenticated_at: before.map_or(now, |before| before.authenticated_at),
            last_seen_at: now,
            longest_idle: before.map_or(TimeDelta::zero(), |before| before.longest_idle),
            expires_at: before.map_or(now + session::ABSOLUTE, |before| before.expires_at),
            through: proved.through.clone(),
            trusted: proved.trusted,
            model: before.map_or(proved.model, |before| before.model),
        };
        if let (Some(old), None) = (&ctx.actor, own) {
            tx.delete_session(old.user.id, old.session.id).await?;
        }
        let mut ended = 0;
        let renewed = own.is_some() && tx.renew_session(&session, secret.hash()).await?;
        if !renewed {
            // The old one may have ended meanwhile, for good.
            session.id = SessionId::from_uuid(self.new_uuid());
            let most = tx.hold_for_sign_in(user_id).await?.unwrap_or(session::MOST);
            tx.insert_session(&session, secret.hash(), &ctx.here()).await?;
            ended = tx
                .delete_oldest_sessions(user_id, &session, most - 1, now)
                .await?;
        }
        let acting = Acting::User(user_id, ctx);
        let told = Told::session_created(session.id, &proved.methods, renewed);
        let mut events = Events::from(self.event(tx, acting, told).await?);
        if ended > 0 {
            let told = Told::oldest_sessions_ended(user_id, ended);
            events = events.after([self.event(tx, acting, told).await?]);
        }
        Ok((session.id, events))
    }

    /// Asks for a sign-in that is [`RECENT`](session::RECENT).
    ///
    /// # Errors
    /// [`ErrorCode::SignInAgain`].
    pub(crate) fn require_recent(&self, actor: &Actor) -> Result<(), IamError> {
        Ok(self.change_decision(actor, false, None).require()?)
    }

    /// That the viewer's session is there, and stays until the transaction is over: whoever ends it waits, and then ends what came of
    /// it. For changes that take their time.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub(crate) async fn require_session(&self, tx: &mut WorkspaceTx, actor: &Actor) -> Result<(), IamError> {
        let held = tx.hold_session(actor.user.id, actor.session.id).await?;
        held.then_some(()).ok_or(ErrorCode::SignInRequired.into())
    }

    /// Whether the viewer may change how they sign in, who has a second factor or not.
    pub(crate) fn factor_change_decision(&self, actor: &Actor, two_factors: bool) -> Decision {
        // Whoever found a password out has found nothing else: alone it changes no other way to sign in.
        let is_alone = Assurance::of(&actor.session.amr) < Assurance::Two;
        self.change_decision(actor, two_factors, is_alone.then_some(SignInMethod::Password))
    }

    /// Whether the viewer may change their password, who has a second factor or not.
    pub(crate) fn password_change_decision(&self, actor: &Actor, two_factors: bool) -> Decision {
        self.change_decision(actor, two_factors, None)
    }

    fn change_decision(&self, actor: &Actor, two_factors: bool, refused: Option<SignInMethod>) -> Decision {
        let wanted = SignInPolicy {
            max_age: Some(session::RECENT),
            // No browser stands for anybody who changes how they sign in.
            two_factors: two_factors.then(TimeDelta::zero),
            refused: refused.into_iter().collect(),
            // A cookie that was copied makes no way in of its own. Of a session of before no browser is known.
            same_browser: actor.session.browser_hash.is_some(),
            ..SignInPolicy::default()
        };
        self.sign_in_decision(actor, &wanted.into())
    }

    /// Whether the viewer's sign-in counts where so much is `wanted` of it.
    pub(crate) fn sign_in_decision(&self, actor: &Actor, wanted: &Wanted) -> Decision {
        let now = self.now();
        decide(actor.session.proof(now, actor.moved), wanted, now)
    }

    async fn end(&self, ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), IamError> {
        let mut tx = self.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.delete_session(actor.user.id, id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let told = Told::session_ended(id, id == actor.session.id);
        self.commit(tx, Acting::User(actor.user.id, ctx), told).await
    }
}

/// Whether a session can go on with what was proved now: what a workspace's provider says takes the place of nothing else.
fn goes_on(session: &Session, proved: &Proved<'_>) -> bool {
    match &proved.through {
        Some(through) if through.confines() => session.through.as_ref() == Some(through),
        _ => true,
    }
}
