//! From a stored request to its answer: sign-in, admission, consent, code.

use crate::{Actor, Ctx, Iam, IamError, brand::brand, joining::Door, secret::SecretKind};
use iam_domain::{
    app::App,
    audit::Action,
    authorization::{Authorization, CODE_LIFETIME},
    grant::{self, Grant},
    scope::Scope,
};
use iam_protocol::oauth::{
    authorize::AuthorizationResponse,
    error::{OAuthError, OAuthErrorCode},
};
use iam_store::{WorkspaceTx, grants::LockedCode};
use iam_types::{
    AuthorizationId, ErrorCode, GrantId, Slug, WorkspaceId,
    view::{ConsentView, SignInView},
};
use serde_json::json;

/// What a request waits for.
#[derive(Debug)]
pub enum Next {
    /// The person must sign in, or sign in again.
    SignIn,
    /// The person is no member, and can ask to become one.
    Ask,
    /// The person must be asked.
    Consent,
    /// Send the browser here.
    Redirect(String),
}

/// What the person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Let the app have it.
    Allow,
    /// Do not.
    Deny,
}

impl Iam {
    /// Takes a stored request one step further.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`]; [`ErrorCode::NotMember`] when the workspace admits members only.
    pub async fn proceed(&self, ctx: &Ctx, slug: &Slug, id: AuthorizationId) -> Result<Next, IamError> {
        let (mut tx, request, app) = self.open_request(slug, id).await?;
        let Some(actor) = self.accepted(&mut tx, ctx, slug, &request).await? else {
            return Ok(Next::SignIn);
        };
        // Choosing an account means a sign-in after the request, be it the same person again.
        if request.choose_account
            && actor.session.authenticated_at < request.expires_at - iam_domain::authorization::LIFETIME
        {
            return Ok(Next::SignIn);
        }
        if !self.admit(&mut tx, ctx, actor).await? {
            return Ok(Next::Ask);
        }
        let remembered = tx.consented(actor.person.id, app.id).await?;
        if request.ask_consent || !remembered.covers(&request.scopes) {
            tx.commit().await?;
            return Ok(Next::Consent);
        }
        self.issue_code(tx, ctx, actor, &request, slug)
            .await
            .map(Next::Redirect)
    }

    /// Carries out what the person said on the consent page and returns where to send the browser.
    ///
    /// # Errors
    /// As [`proceed`](Self::proceed); [`ErrorCode::SignInRequired`].
    pub async fn decide(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
        decision: Decision,
    ) -> Result<String, IamError> {
        let (mut tx, request, app) = self.open_request(slug, id).await?;
        let actor = self.accepted(&mut tx, ctx, slug, &request).await?;
        let actor = actor.ok_or(ErrorCode::SignInRequired)?;
        if !self.admit(&mut tx, ctx, actor).await? {
            return Err(ErrorCode::NotMember.into());
        }
        let person = actor.person.id;
        let detail = json!({ "scope": request.scopes.to_string() });
        match decision {
            Decision::Allow => {
                let scopes = tx.consented(person, app.id).await?.union(&request.scopes);
                tx.remember_consent(person, app.id, &scopes, self.now()).await?;
                self.audit(&mut tx, ctx, Some(person), Action::ConsentGranted, app.id, detail)
                    .await?;
                self.issue_code(tx, ctx, actor, &request, slug).await
            }
            Decision::Deny => {
                close(&mut tx, self, id).await?;
                self.audit(&mut tx, ctx, Some(person), Action::ConsentDenied, app.id, detail)
                    .await?;
                tx.commit().await?;
                let error = OAuthError::new(OAuthErrorCode::AccessDenied, "the person refused");
                self.answer(ctx, &AuthorizationResponse::Error(error), &request, slug)
            }
        }
    }

    /// What the sign-in page shows for a request, or for the bare workspace.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::AuthorizationExpired`].
    pub async fn sign_in_view(
        &self,
        slug: &Slug,
        id: Option<AuthorizationId>,
    ) -> Result<SignInView, IamError> {
        let Some(id) = id else {
            let mut tx = self
                .parts
                .store
                .in_workspace(self.workspace_id(slug).await?)
                .await?;
            return Ok(SignInView {
                brand: brand(tx.look().await?, slug),
                app: None,
                login_hint: String::new(),
            });
        };
        let (mut tx, request, app) = self.open_request(slug, id).await?;
        Ok(SignInView {
            brand: brand(tx.look().await?, slug),
            app: Some(app.name),
            login_hint: request.login_hint.unwrap_or_default(),
        })
    }

    /// What the consent page asks.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::AuthorizationExpired`].
    pub async fn consent_view(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<ConsentView, IamError> {
        let actor = ctx.actor_in(slug)?;
        let (mut tx, request, app) = self.open_request(slug, id).await?;
        let url =
            url::Url::parse(&request.redirect_uri).map_err(|_| IamError::Fault("stored redirect uri"))?;
        Ok(ConsentView {
            brand: brand(tx.look().await?, slug),
            app: app.name,
            scopes: request.scopes.names(),
            email: actor.person.email.clone(),
            returns_to: url.host_str().unwrap_or(url.scheme()).to_owned(),
        })
    }

    /// The source that a page's `form-action` must allow so that its form can end at the app: browsers apply the rule
    /// to the redirects that follow.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`].
    pub async fn form_target(
        &self,
        workspace_id: WorkspaceId,
        id: AuthorizationId,
    ) -> Result<String, IamError> {
        let mut tx = self.parts.store.in_workspace(workspace_id).await?;
        let request = tx
            .open_authorization(id, self.now())
            .await?
            .ok_or(ErrorCode::AuthorizationExpired)?;
        let url =
            url::Url::parse(&request.redirect_uri).map_err(|_| IamError::Fault("stored redirect uri"))?;
        Ok(match url.scheme() {
            "http" | "https" => url.origin().ascii_serialization(),
            scheme => format!("{scheme}:"),
        })
    }

    /// Why `prompt=none` cannot be answered with a code (OpenID Connect Core 3.1.2.6).
    pub(super) async fn obstacle(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
    ) -> Result<Option<OAuthError>, IamError> {
        let Some(actor) = self.accepted(tx, ctx, slug, request).await? else {
            return Ok(Some(OAuthError::new(
                OAuthErrorCode::LoginRequired,
                "the person is not signed in recently enough",
            )));
        };
        if tx.role_of(actor.person.id).await?.is_none() {
            return Ok(Some(OAuthError::new(
                OAuthErrorCode::InteractionRequired,
                "the person is not a member yet",
            )));
        }
        let consented = tx
            .consented(actor.person.id, request.app_id)
            .await?
            .covers(&request.scopes);
        Ok((!consented).then_some(OAuthError::new(
            OAuthErrorCode::ConsentRequired,
            "the person has not consented",
        )))
    }

    /// Who is signed in recently enough, both for the app and for the workspace.
    async fn accepted<'a>(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &'a Ctx,
        slug: &Slug,
        request: &Authorization,
    ) -> Result<Option<&'a Actor>, IamError> {
        let max_age = tx.workspace().await?.sign_in_limit();
        let actor = ctx
            .actor_in(slug)
            .ok()
            .filter(|actor| request.accepts(&actor.session));
        Ok(actor.filter(|actor| actor.session.is_fresh(max_age, self.now())))
    }

    async fn open_request(
        &self,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<(WorkspaceTx, Authorization, App), IamError> {
        let expired = IamError::Refused(ErrorCode::AuthorizationExpired);
        let mut tx = self
            .parts
            .store
            .in_workspace(self.workspace_id(slug).await?)
            .await?;
        let Some(request) = tx.open_authorization(id, self.now()).await? else {
            return Err(expired);
        };
        let app = tx.app(request.app_id).await?.ok_or(expired)?;
        Ok((tx, request, app))
    }

    /// Lets members in, and others where the door is open; false for those who can only ask.
    async fn admit(&self, tx: &mut WorkspaceTx, ctx: &Ctx, actor: &Actor) -> Result<bool, IamError> {
        let person = actor.person.id;
        if tx.role_of(person).await?.is_some() {
            return Ok(true);
        }
        match self.door_for(tx, person).await? {
            Door::Closed => Err(ErrorCode::NotMember.into()),
            Door::Ask => Ok(false),
            Door::Open(by) => {
                self.let_in(tx, ctx, actor, by).await?;
                Ok(true)
            }
        }
    }

    async fn issue_code(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        actor: &Actor,
        request: &Authorization,
        slug: &Slug,
    ) -> Result<String, IamError> {
        close(&mut tx, self, request.id).await?;
        let now = self.now();
        let grant = Grant {
            id: GrantId::from_uuid(self.new_uuid()),
            app_id: request.app_id,
            user_id: actor.person.id,
            session_id: Some(actor.session.id),
            offline: request.scopes.contains(Scope::OfflineAccess),
            scopes: request.scopes.clone(),
            amr: actor.session.amr.clone(),
            auth_time: actor.session.authenticated_at,
            expires_at: now + grant::ABSOLUTE,
            revoked: false,
        };
        let secret = self.new_secret(SecretKind::Code);
        let hash = self
            .hash_secret(SecretKind::Code, secret.expose())
            .ok_or(IamError::Fault("code"))?;
        let code = LockedCode {
            grant_id: grant.id,
            app_id: request.app_id,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            expires_at: now + CODE_LIFETIME,
            redeemed: false,
        };
        tx.insert_grant(&grant, now).await?;
        tx.insert_code(&hash, &code, now).await?;
        self.audit(
            &mut tx,
            ctx,
            Some(actor.person.id),
            Action::CodeIssued,
            request.app_id,
            json!({ "grant": grant.id }),
        )
        .await?;
        tx.commit().await?;
        self.answer(
            ctx,
            &AuthorizationResponse::Code(secret.expose().to_owned()),
            request,
            slug,
        )
    }

    fn answer(
        &self,
        ctx: &Ctx,
        response: &AuthorizationResponse,
        request: &Authorization,
        slug: &Slug,
    ) -> Result<String, IamError> {
        response
            .redirect(
                &request.redirect_uri,
                request.state.as_deref(),
                &self.issuer_for(ctx, slug),
            )
            .ok_or(IamError::Fault("stored redirect uri"))
    }
}

/// Ends the request inside `tx`; of two decisions at once, one wins.
async fn close(tx: &mut WorkspaceTx, iam: &Iam, id: AuthorizationId) -> Result<(), IamError> {
    if tx.decide_authorization(id, iam.now()).await? {
        Ok(())
    } else {
        Err(ErrorCode::AuthorizationExpired.into())
    }
}
