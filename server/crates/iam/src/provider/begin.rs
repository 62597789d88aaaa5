//! The authorize endpoint (RFC 6749 4.1.1).

use super::ProviderError;
use crate::{Ctx, IamError, provider::Provider, workspaces::enter::require_open};
use chrono::TimeDelta;
use iam_domain::{
    provider::{
        authorization::{Authorization, LIFETIME},
        scope::{Scope, Scopes},
    },
    sign_in::assurance::Assurance,
};
use iam_protocol::{
    oauth::{
        authorize::{AuthorizationRequest, AuthorizationResponse},
        error::{OAuthError, OAuthErrorCode},
    },
    params::Params,
};
use iam_types::{AppId, AuthorizationId, ErrorCode, Slug};

/// A request that can go on.
#[derive(Debug)]
pub enum AuthorizeOutcome {
    /// Stored; [`Provider::resume`](super::Provider::resume) says what comes next.
    Stored(AuthorizationId),
    /// Answered already: send the browser here.
    Answered(String),
}

impl Provider<'_> {
    /// Checks and stores an authorization request.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownApp`] and [`ErrorCode::UnregisteredRedirectUri`], for a page: never redirect then.
    pub async fn authorize(self, ctx: &Ctx, slug: &Slug, query: &[u8]) -> Result<AuthorizeOutcome, IamError> {
        let (params, repeated) = Params::decode_unrepeated(query);
        let id = params.get("client_id").and_then(|id| id.parse::<AppId>().ok());
        let store = &self.core.deps.store;
        let (entry, app) = store.app_behind(slug, id).await?.ok_or(ErrorCode::NotFound)?;
        require_open(entry.state)?;
        let app = app.ok_or(IamError::Refused(ErrorCode::UnknownApp))?;
        let redirect_uri = params
            .get("redirect_uri")
            .filter(|uri| app.admits_redirect(uri))
            .ok_or(IamError::Refused(ErrorCode::UnregisteredRedirectUri))?;
        let state = params.get("state");
        let answer = |error: OAuthError| {
            AuthorizationResponse::Error(error)
                .redirect(redirect_uri, state, &self.core.issuer_for(ctx, slug))
                .map(AuthorizeOutcome::Answered)
                .ok_or(IamError::Refused(ErrorCode::UnregisteredRedirectUri))
        };
        if repeated.is_some() {
            return answer(OAuthError::new(
                OAuthErrorCode::InvalidRequest,
                "a parameter is repeated",
            ));
        }
        let request = match AuthorizationRequest::parse(&params) {
            Ok(request) => request,
            Err(error) => return answer(error),
        };
        let scopes = Scopes::parse(&request.scope);
        if !scopes.contains(Scope::OpenId) {
            return answer(OAuthError::new(
                OAuthErrorCode::InvalidScope,
                "scope must include openid",
            ));
        }
        let hint = request.id_token_hint.as_deref();
        let hinted = match self.core.hinted(entry.id, ctx, slug, &app, hint).await {
            Ok(hinted) => hinted,
            Err(ProviderError::OAuth(error)) => return answer(error),
            Err(ProviderError::Iam(error)) => return Err(error),
        };
        let assurance = Assurance::asked(request.acr_values.as_deref().unwrap_or_default());
        if assurance > self.core.greatest_assurance(ctx) {
            return answer(OAuthError::new(
                OAuthErrorCode::UnmetAuthenticationRequirements,
                "nobody can prove as much as acr_values asks for here",
            ));
        }
        let now = self.core.now();
        let max_age = request
            .max_age_secs
            .map(|secs| now - TimeDelta::seconds(i64::from(secs)));
        let stored = Authorization {
            id: AuthorizationId::from_uuid(self.core.new_uuid()),
            app_id: app.id,
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            state: request.state,
            nonce: request.nonce,
            code_challenge: request.code_challenge,
            login_hint: request.login_hint,
            hinted,
            assurance,
            fresh_after: if request.prompt.login { Some(now) } else { max_age },
            ask_consent: request.prompt.consent,
            choose_account: request.prompt.select_account,
            expires_at: now + LIFETIME,
            answer: None,
        };
        if request.prompt.none
            && let Some(error) = self.core.prompt_none_error(entry.id, ctx, slug, &stored).await?
        {
            return answer(error);
        }
        self.core.limit_authorization(ctx, slug, app.id).await?;
        store
            .keep_authorization(entry.id, &stored, &ctx.here(), now)
            .await?;
        Ok(AuthorizeOutcome::Stored(stored.id))
    }
}
