//! Authorization codes (RFC 6749 4.1.2).

use crate::{
    Actor, Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
};
use iam_domain::{
    audit::Told,
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
    provider::code::Code,
};
use iam_types::{ErrorCode, GrantId, SessionId, Slug};

impl Core {
    /// Answers a held request with a code, and says where to send the browser. The log is told of what came `before`, too.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(super) async fn issue_code(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
        slug: &Slug,
        before: Vec<Event>,
    ) -> Result<String, IamError> {
        let now = self.now();
        let answer = Answer {
            session_id: actor.session.id,
            at: now,
            denied: false,
        };
        let grant = Grant {
            id: GrantId::from_uuid(self.new_uuid()),
            app_id: request.app_id,
            user_id: actor.user.id,
            session_id: Some(actor.session.id),
            offline: request.scopes.contains(Scope::OfflineAccess),
            scopes: request.scopes.clone(),
            amr: actor.session.amr.clone(),
            auth_time: actor.session.authenticated_at,
            expires_at: now + grant::ABSOLUTE,
            revoked: false,
        };
        let secret = self.code_secret(request, actor.session.id);
        let code = Code {
            grant_id: grant.id,
            app_id: request.app_id,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            expires_at: now + CODE_LIFETIME,
            redeemed: false,
        };
        tx.grant_with_code((request.id, answer), &grant, &ctx.here(), secret.hash(), &code)
            .await?;
        let told = Told::code_issued(request.app_id, grant.id);
        let event = self
            .event(&mut tx, Acting::User(actor.user.id, ctx), told)
            .await?;
        tx.commit(Events::from(event).after(before)).await?;
        let response = AuthorizationResponse::Code(secret.expose().to_owned());
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
        let response = AuthorizationResponse::Code(secret.expose().to_owned());
        self.answer(ctx, &response, request, slug)
    }

    fn code_secret(&self, request: &Authorization, session_id: SessionId) -> Secret {
        let (request, session) = (request.id.to_string(), session_id.to_string());
        self.derived_secret(SecretKind::Code, &[request.as_bytes(), session.as_bytes()])
    }
}
