//! From a stored request to its answer: sign-in, admission, consent, code.

use super::{
    hint::ANOTHER_PERSON,
    outlook::{Outlook, WayIn, is_silent},
};
use crate::{
    Actor, Ctx, IamError, branding::brand::brand, core::Core, ctx::Acting, provider::Provider,
    workspaces::enter::require_open,
};
use iam_domain::{
    audit::Told,
    provider::authorization::{Answer, Authorization},
};
use iam_protocol::oauth::{
    authorize::AuthorizationResponse,
    error::{OAuthError, OAuthErrorCode},
};
use iam_store::{WorkspaceTx, audit::event::Unlogged, provider::visit::Visit};
use iam_types::{AuthorizationId, ErrorCode, Slug, UserId, view::ConsentView};
use subtle::ConstantTimeEq;

/// What a request waits for.
#[derive(Debug)]
pub enum AuthorizeStep {
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

/// What came of it.
#[derive(Debug)]
pub enum Decided {
    /// Send the browser here.
    Redirect(String),
    /// The page was shown to somebody else, or for something else: take the request from [`Provider::resume`](super::Provider::resume) again.
    StartOver,
}

impl Provider<'_> {
    /// Takes a stored request one step further. Makes nobody a member and asks for consent where it would: a link on any
    /// site leads here.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`], also away from where the app asked; [`ErrorCode::NotMember`] when the
    /// workspace admits members only; [`ErrorCode::UnregisteredRedirectUri`] when the app gave it up meanwhile.
    pub async fn resume(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<AuthorizeStep, IamError> {
        if let Some(target) = self.core.pass(ctx, slug, id).await? {
            return Ok(AuthorizeStep::Redirect(target));
        }
        let (mut tx, request, visit) = self.core.hold_request(ctx, slug, id).await?;
        let Some(actor) = self.core.accepted(ctx, slug, &request, &visit) else {
            let declined = ctx
                .actor_in(slug)
                .ok()
                .filter(|actor| request.is_declined_by(&actor.session));
            return match declined {
                Some(actor) => self
                    .core
                    .decline(tx, ctx, slug, &request, actor)
                    .await
                    .map(AuthorizeStep::Redirect),
                None if request.is_open(self.core.now()) => Ok(AuthorizeStep::SignIn),
                None => Err(ErrorCode::AuthorizationExpired.into()),
            };
        };
        if let Some(answer) = request.repeatable(&actor.session, self.core.now()) {
            let target = self.core.repeat_answer(tx, ctx, slug, &request, answer).await?;
            return Ok(AuthorizeStep::Redirect(target));
        }
        if !request.is_open(self.core.now()) {
            return Err(ErrorCode::AuthorizationExpired.into());
        }
        match self.core.outlook(&mut tx, ctx, actor, &request, &visit).await? {
            Outlook::Ask => Ok(AuthorizeStep::Ask),
            Outlook::Consent { .. } => Ok(AuthorizeStep::Consent),
            Outlook::Code => self
                .core
                .issue_code(tx, ctx, actor, &request, slug, Vec::new())
                .await
                .map(AuthorizeStep::Redirect),
        }
    }

    /// Carries out what the person said on the consent page that [`consent`](Self::consent) made with
    /// `shown_to`, and makes them a member where that page said so. The same browser may say it twice.
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub async fn decide(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
        shown_to: &str,
        decision: Decision,
    ) -> Result<Decided, IamError> {
        let (mut tx, request, visit) = self.core.hold_request(ctx, slug, id).await?;
        let Some(actor) = self.core.accepted(ctx, slug, &request, &visit) else {
            return Ok(Decided::StartOver);
        };
        let person = actor.user.id;
        // Repeated first: after joining, the page that said so is not what would be shown now.
        if let Some(answer) = request.repeatable(&actor.session, self.core.now()) {
            let target = self.core.repeat_answer(tx, ctx, slug, &request, answer).await?;
            return Ok(Decided::Redirect(target));
        }
        if !request.is_open(self.core.now()) {
            return Err(ErrorCode::AuthorizationExpired.into());
        }
        let way_in = self.core.way_in(&mut tx, ctx, person, &visit).await?;
        let shown_now = self.core.shown_to(&request, person, way_in);
        if !bool::from(shown_now.as_bytes().ct_eq(shown_to.as_bytes())) {
            return Ok(Decided::StartOver);
        }
        if decision == Decision::Deny {
            let answer = Answer {
                session_id: actor.session.id,
                at: self.core.now(),
                denied: true,
            };
            tx.answer_authorization(id, answer).await?;
            let told = Told::consent_denied(request.app_id, &request.scopes);
            self.core.commit(tx, Acting::User(person, ctx), told).await?;
            return self.core.refusal(ctx, &request, slug).map(Decided::Redirect);
        }
        let joined = match way_in {
            WayIn::Member => None,
            WayIn::Joins(by) => self.core.admit(&mut tx, ctx, actor, by).await?,
            WayIn::Asks => return Ok(Decided::StartOver),
        };
        let here = ctx.here();
        let scopes = visit.consented.union(&request.scopes);
        tx.remember_consent(person, request.app_id, &scopes, &here, self.core.now())
            .await?;
        let told = Told::consent_granted(request.app_id, &request.scopes);
        let consented = self.core.event(&mut tx, Acting::User(person, ctx), told).await?;
        let before = joined.into_iter().chain([consented]).collect();
        self.core
            .issue_code(tx, ctx, actor, &request, slug, before)
            .await
            .map(Decided::Redirect)
    }

    /// What the consent page asks.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::AuthorizationExpired`]; as [`resume`](Self::resume).
    pub async fn consent(self, ctx: &Ctx, slug: &Slug, id: AuthorizationId) -> Result<ConsentView, IamError> {
        let actor = ctx.actor_in(slug)?;
        let (mut tx, request, visit) = self.core.open_request(ctx, slug, id).await?;
        let url =
            url::Url::parse(&request.redirect_uri).map_err(|_| IamError::Fault("stored redirect uri"))?;
        let way_in = self.core.way_in(&mut tx, ctx, actor.user.id, &visit).await?;
        Ok(ConsentView {
            brand: brand(tx.brand_settings().await?, slug),
            app: visit.app.name.to_string(),
            scopes: request.scopes.names(),
            email: actor.user.email.clone(),
            returns_to: url.host_str().unwrap_or(url.scheme()).to_owned(),
            joins: matches!(way_in, WayIn::Joins(_)),
            shown_to: self.core.shown_to(&request, actor.user.id, way_in),
        })
    }
}

impl Core {
    /// The usual way: a member who signed in lately and let the app have all this before gets a code, and nothing is held for it.
    /// Nothing for everybody else, and for a request that was answered meanwhile.
    async fn pass(&self, ctx: &Ctx, slug: &Slug, id: AuthorizationId) -> Result<Option<String>, IamError> {
        let Ok(actor) = ctx.actor_in(slug) else {
            return Ok(None);
        };
        let (store, here) = (&self.deps.store, ctx.here());
        let read = store.request_with_visit(slug, id, actor.user.id, &here).await?;
        let (entry, found) = read.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        let passing = found
            .and_then(|(request, visit)| Some((request.at(&here)?, visit)))
            .filter(|(request, visit)| {
                request.is_open(self.now())
                    && self.accepted(ctx, slug, request, visit).is_some()
                    && visit.app.admits_redirect(&request.redirect_uri)
                    && visit.role.is_some()
                    && !request.ask_consent
                    && is_silent(request, visit)
            });
        match passing {
            Some((request, _)) => self.pass_code(entry.id, ctx, actor, &request, slug).await,
            None => Ok(None),
        }
    }

    /// A request that waits here, to show it.
    pub(super) async fn open_request(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<(WorkspaceTx, Authorization, Visit), IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        let request = tx.authorization(id).await?;
        let request = request
            .and_then(|request| request.at(&ctx.here()))
            .filter(|request| request.is_open(self.now()))
            .ok_or(ErrorCode::AuthorizationExpired)?;
        let visit = visit(&mut tx, ctx, slug, &request).await?;
        Ok((tx, request, visit))
    }

    /// A request of here that waits or was answered, held until `tx` ends so that it is answered once.
    async fn hold_request(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<(WorkspaceTx, Authorization, Visit), IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        let request = tx.lock_authorization(id).await?;
        let request = request
            .and_then(|request| request.at(&ctx.here()))
            .ok_or(ErrorCode::AuthorizationExpired)?;
        let visit = visit(&mut tx, ctx, slug, &request).await?;
        Ok((tx, request, visit))
    }

    /// Ties a consent page to the person and the request it was made for, and to whether it said that they join, so that
    /// no other click counts on it.
    fn shown_to(&self, request: &Authorization, person: UserId, way_in: WayIn) -> String {
        let joins = matches!(way_in, WayIn::Joins(_));
        let hash = self
            .deps
            .master_keys
            .hash("consent", format!("{}{person}{joins}", request.id).as_bytes());
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    fn refusal(&self, ctx: &Ctx, request: &Authorization, slug: &Slug) -> Result<String, IamError> {
        let error = OAuthError::new(OAuthErrorCode::AccessDenied, "the person refused");
        self.answer(ctx, &AuthorizationResponse::Error(error), request, slug)
    }

    /// Ends a request that somebody other than its hinted person signed in for.
    async fn decline(
        &self,
        mut tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
        actor: &Actor,
    ) -> Result<String, IamError> {
        let now = self.now();
        if request.is_open(now) {
            let answer = Answer {
                session_id: actor.session.id,
                at: now,
                denied: true,
            };
            tx.answer_authorization(request.id, answer).await?;
            tx.commit_unlogged(Unlogged::RequestUnderWay).await?;
        } else if request.repeatable(&actor.session, now).is_none() {
            return Err(ErrorCode::AuthorizationExpired.into());
        }
        self.answer(ctx, &AuthorizationResponse::Error(ANOTHER_PERSON), request, slug)
    }

    /// What this browser got for the request a moment ago.
    async fn repeat_answer(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
        answer: Answer,
    ) -> Result<String, IamError> {
        if answer.denied {
            return self.refusal(ctx, request, slug);
        }
        self.repeat_code(tx, ctx, slug, request, answer).await
    }

    pub(super) fn answer(
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

/// Whoever is signed in at the app behind a request, which must not have given up the redirect URI since it asked.
async fn visit(
    tx: &mut WorkspaceTx,
    ctx: &Ctx,
    slug: &Slug,
    request: &Authorization,
) -> Result<Visit, IamError> {
    let person = ctx.actor_in(slug).ok().map(|actor| actor.user.id);
    let visit = tx.visit(request.app_id, person, &ctx.here()).await?;
    let visit = visit.ok_or(ErrorCode::AuthorizationExpired)?;
    if visit.app.admits_redirect(&request.redirect_uri) {
        Ok(visit)
    } else {
        Err(ErrorCode::UnregisteredRedirectUri.into())
    }
}
