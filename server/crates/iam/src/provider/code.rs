//! Authorization codes (RFC 6749 4.1.2).

use crate::{
    Actor, Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
};
use chrono::{DateTime, Utc};
use iam_domain::{
    audit::Told,
    core::origin::Origin,
    provider::{
        authorization::{Answer, Authorization, CODE_LIFETIME},
        grant::{self, Grant},
        scope::Scope,
    },
};
use iam_protocol::oauth::authorize::AuthorizationResponse;
use iam_store::{
    WorkspaceTx,
    audit::event::{Event, Events},
    provider::code::{Code, GrantedCode},
};
use iam_types::{ErrorCode, GrantId, SessionId, Slug, WorkspaceId};

/// A code that is not stored yet, and the family that it starts.
struct NewCode {
    secret: Secret,
    code: Code,
    grant: Grant,
    at: DateTime<Utc>,
}

impl NewCode {
    fn granted<'a>(
        &'a self,
        request: &Authorization,
        session: SessionId,
        here: &'a Origin,
    ) -> GrantedCode<'a> {
        GrantedCode {
            request: request.id,
            session,
            at: self.at,
            grant: &self.grant,
            origin: here,
            code_hash: self.secret.hash(),
            code: &self.code,
        }
    }
}

impl Core {
    /// Answers a held request with a code, and says where to send the browser. The log is told of what came `before`, too.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`] when what it hangs on ended meanwhile; [`IamError::RateLimited`]; [`IamError::Store`].
    pub(super) async fn issue_code(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
        slug: &Slug,
        before: Vec<Event>,
    ) -> Result<String, IamError> {
        let (new, event) = self.code_for(tx.workspace_id(), ctx, actor, request).await?;
        let here = ctx.here();
        if !tx
            .grant_code(&new.granted(request, actor.session.id, &here))
            .await?
        {
            return Err(ErrorCode::AuthorizationExpired.into());
        }
        tx.commit(Events::from(event).after(before)).await?;
        self.answer_with(ctx, &new.secret, request, slug)
    }

    /// Answers a request that was read with a code, as [`issue_code`](Self::issue_code) does a held one; nothing when it was
    /// answered meanwhile.
    ///
    /// # Errors
    /// [`IamError::RateLimited`]; [`IamError::Store`].
    pub(super) async fn pass_code(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
        slug: &Slug,
    ) -> Result<Option<String>, IamError> {
        let (new, event) = self.code_for(workspace, ctx, actor, request).await?;
        let here = ctx.here();
        let granted = new.granted(request, actor.session.id, &here);
        if !self
            .deps
            .store
            .grant_code(workspace, &granted, event.into())
            .await?
        {
            return Ok(None);
        }
        self.answer_with(ctx, &new.secret, request, slug).map(Some)
    }

    /// A code for `request`, and what the log is told of it.
    async fn code_for(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
    ) -> Result<(NewCode, Event), IamError> {
        let now = self.now();
        let grant = Grant {
            id: GrantId::from_uuid(self.new_uuid()),
            app_id: request.app_id,
            user_id: actor.user.id,
            session_id: Some(actor.session.id),
            offline: request.scopes.contains(Scope::OfflineAccess),
            scopes: request.scopes.clone(),
            amr: actor.session.amr.clone(),
            model: actor.session.model,
            auth_time: actor.session.authenticated_at,
            expires_at: now + grant::ABSOLUTE,
            revoked: false,
        };
        let code = Code {
            grant_id: grant.id,
            app_id: request.app_id,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            expires_at: now + CODE_LIFETIME,
            redeemed: false,
        };
        let told = Told::code_issued(request.app_id, grant.id);
        let acting = Acting::User(actor.user.id, ctx);
        let event = self.event_of_change(workspace, acting, told).await?;
        let new = NewCode {
            secret: self.code_secret(request, actor.session.id),
            code,
            grant,
            at: now,
        };
        Ok((new, event))
    }

    fn answer_with(
        &self,
        ctx: &Ctx,
        code: &Secret,
        request: &Authorization,
        slug: &Slug,
    ) -> Result<String, IamError> {
        let response = AuthorizationResponse::Code(code.expose().to_owned());
        self.answer(ctx, &response, request, slug)
    }

    /// The code that this session got for the request, while the app has not redeemed it: handing out a redeemed one
    /// again would look like theft to us and end the app's tokens.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`].
    pub(super) async fn repeat_code(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
        answer: Answer,
    ) -> Result<String, IamError> {
        let secret = self.code_secret(request, answer.session_id);
        let code = tx.lock_code(secret.hash()).await?;
        code.filter(|code| !code.redeemed && self.now() < code.expires_at)
            .ok_or(ErrorCode::AuthorizationExpired)?;
        self.answer_with(ctx, &secret, request, slug)
    }

    fn code_secret(&self, request: &Authorization, session_id: SessionId) -> Secret {
        let (request, session) = (request.id.to_string(), session_id.to_string());
        self.derived_secret(SecretKind::Code, &[request.as_bytes(), session.as_bytes()])
    }
}
