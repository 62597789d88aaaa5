//! Signing in and out.

use crate::{
    Actor, Ctx, Iam, IamError,
    ctx::OwnHost,
    secret::{Secret, SecretKind},
};
use iam_domain::{
    audit::Action,
    session::{self, Session},
};
use iam_store::{WorkspaceTx, cache::Verdict};
use iam_types::{ErrorCode, SessionId, UserId, WorkspaceId};
use serde_json::json;

impl Iam {
    /// Who the presented session cookie stands for; nobody when it is unknown, idle, expired, or began at another host.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn resume(&self, cookie: &str, own_host: Option<&OwnHost>) -> Result<Option<Actor>, IamError> {
        let Some(hash) = self.hash_secret(SecretKind::Session, cookie) else {
            return Ok(None);
        };
        let now = self.now();
        let Some(session) = self
            .parts
            .store
            .session_by_secret(&hash)
            .await?
            .filter(|s| s.is_live(now) && s.confined_to == own_host.map(|own| own.id))
        else {
            return Ok(None);
        };
        if session.needs_touch(now) {
            self.parts.store.touch_session(session.id, now).await?;
        }
        let person = self.parts.store.person(session.user_id).await?;
        Ok(person.map(|person| Actor { person, session }))
    }

    /// Makes a new session inside `tx`. The browser's old one, if any, ends: a session never survives a sign-in.
    pub(crate) async fn start_session(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        user_id: UserId,
        amr: &[&str],
    ) -> Result<Secret, IamError> {
        if let Some(old) = &ctx.actor {
            tx.delete_session(old.person.id, old.session.id).await?;
        }
        let now = self.now();
        let secret = self.new_secret(SecretKind::Session);
        let hash = self
            .hash_secret(SecretKind::Session, secret.expose())
            .ok_or(IamError::Fault("session secret"))?;
        let session = Session {
            id: SessionId::from_uuid(self.new_uuid()),
            user_id,
            amr: amr.iter().map(ToString::to_string).collect(),
            user_agent: ctx.user_agent.clone(),
            client_ip: ctx.client_ip.clone(),
            created_at: now,
            authenticated_at: now,
            last_seen_at: now,
            expires_at: now + session::ABSOLUTE,
            confined_to: ctx.own_host.as_ref().map(|own| own.id),
        };
        tx.insert_session(&session, &hash).await?;
        self.audit(
            tx,
            ctx,
            Some(user_id),
            Action::SessionCreated,
            session.id,
            json!({ "amr": amr }),
        )
        .await?;
        Ok(secret)
    }

    /// Ends the session of this browser.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is gone.
    pub async fn sign_out(&self, ctx: &Ctx) -> Result<(), IamError> {
        let actor = ctx.actor.as_ref().ok_or(ErrorCode::SignInRequired)?;
        self.end(ctx, actor, actor.session.id).await
    }

    /// Ends one of the person's own sessions, to throw another browser out.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] when it is not theirs or gone.
    pub async fn end_session(&self, ctx: &Ctx, id: SessionId) -> Result<(), IamError> {
        self.end(ctx, ctx.actor()?, id).await
    }

    async fn end(&self, ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), IamError> {
        let mut tx = self.parts.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.delete_session(actor.person.id, id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let detail = json!({ "own": id == actor.session.id });
        self.audit(
            &mut tx,
            ctx,
            Some(actor.person.id),
            Action::SessionEnded,
            id,
            detail,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Takes one from a limit.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`].
    pub(crate) async fn limit(&self, quota: iam_store::cache::Quota, key: &str) -> Result<(), IamError> {
        match self.parts.limiter.check(quota, key).await {
            Verdict::Within => Ok(()),
            Verdict::Exceeded(_) => Err(ErrorCode::RateLimited.into()),
        }
    }
}
