//! The sign-in page on the way to an app, and the way back when it is too late.

use crate::{Ctx, IamError, branding::brand::brand, core::Core, provider::Provider};
use iam_domain::sign_in::decision::Decision;
use iam_store::WorkspaceTx;
use iam_types::{
    AuthorizationId, SignInMethod, Slug,
    view::{ConnectionButton, SignInView},
};

/// What the sign-in page does.
#[derive(Debug)]
pub enum SignIn {
    /// It asks who is there.
    Ask(SignInView),
    /// Who is signed in is good enough: go on.
    GoOn,
    /// Who is signed in is to prove more.
    StepUp,
}

/// The app that a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Its name.
    pub app: String,
    /// Where it lives, if that is on the web.
    pub url: Option<String>,
}

impl Provider<'_> {
    /// What the sign-in page does for a request, or for the bare workspace.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::NotFound`], [`iam_types::ErrorCode::AuthorizationExpired`].
    pub async fn sign_in_page(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: Option<AuthorizationId>,
    ) -> Result<SignIn, IamError> {
        let Some(id) = id else {
            return self.core.bare_sign_in_page(ctx, slug).await;
        };
        let (mut tx, request, visit) = self.core.open_request(ctx, slug, id).await?;
        match self.core.decision(ctx, slug, &request, &visit) {
            Some((_, Decision::Allow)) => return Ok(SignIn::GoOn),
            Some((_, decision)) if decision.takes_a_factor() => return Ok(SignIn::StepUp),
            _ => {}
        }
        let connections = buttons(&mut tx).await?;
        Ok(SignIn::Ask(SignInView {
            brand: brand(tx.brand_settings().await?, slug),
            app: Some(visit.app.name.to_string()),
            login_hint: request.login_hint.unwrap_or_default(),
            provider_first: provider_first(&mut tx, &connections).await?,
            connections,
        }))
    }

    /// The app behind a request that was made here, be it answered or expired, for a page that can do no more than point
    /// to it. Its address is the root of the redirect URI, which the workspace has registered.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn way_back(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: AuthorizationId,
    ) -> Result<Option<WayBack>, IamError> {
        let mut tx = self.core.in_workspace_behind(slug).await?;
        let request = tx.authorization(id).await?;
        let Some(request) = request.and_then(|request| request.at(&ctx.here())) else {
            return Ok(None);
        };
        let app = tx.app(request.app_id).await?;
        Ok(app
            .filter(|app| app.admits_redirect(&request.redirect_uri))
            .map(|app| WayBack {
                app: app.name.to_string(),
                url: web_root(&request.redirect_uri),
            }))
    }
}

impl Core {
    /// Members whose sign-in counts go on; guests may want to be somebody else.
    async fn bare_sign_in_page(&self, ctx: &Ctx, slug: &Slug) -> Result<SignIn, IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        if let Ok(actor) = ctx.actor_in(slug) {
            let policy = tx.workspace().await?.sign_in_policy();
            let decision = self.sign_in_decision(actor, &policy.into());
            if tx.role_of(actor.user.id).await?.is_some() {
                match decision {
                    Decision::Allow => return Ok(SignIn::GoOn),
                    decision if decision.takes_a_factor() => return Ok(SignIn::StepUp),
                    _ => {}
                }
            }
        }
        let connections = buttons(&mut tx).await?;
        Ok(SignIn::Ask(SignInView {
            brand: brand(tx.brand_settings().await?, slug),
            app: None,
            login_hint: String::new(),
            provider_first: provider_first(&mut tx, &connections).await?,
            connections,
        }))
    }
}

/// The providers through which people can sign in.
async fn buttons(tx: &mut WorkspaceTx) -> Result<Vec<ConnectionButton>, IamError> {
    let connections = tx.connections().await?;
    let open = connections
        .into_iter()
        .filter(|connection| connection.disabled_at.is_none());
    Ok(open
        .map(|connection| ConnectionButton {
            id: connection.id,
            name: connection.settings.name.to_string(),
        })
        .collect())
}

/// Whether people sign in through the one provider that there is, since a sign-in by mail does not count here.
async fn provider_first(tx: &mut WorkspaceTx, connections: &[ConnectionButton]) -> Result<bool, IamError> {
    if connections.len() != 1 {
        return Ok(false);
    }
    let asks = tx.workspace().await?.sign_in_policy();
    Ok(asks.refused.contains(SignInMethod::Email))
}

fn web_root(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| format!("{}/", url.origin().ascii_serialization()))
}
