//! The sign-in page on the way to an app, and the way back when it is too late.

use crate::{Ctx, IamError, branding::brand::brand, core::Core, provider::Provider};
use iam_domain::sign_in::decision::{Decision, Reason};
use iam_store::WorkspaceTx;
use iam_types::{
    AuthorizationId, Slug,
    view::{ConnectionButton, SignInView, WhyAgain},
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
    /// What the sign-in page does for a request, or for the bare workspace. Whoever wants to sign in `anew` is asked in any case.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::NotFound`], [`iam_types::ErrorCode::AuthorizationExpired`].
    pub async fn sign_in_page(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: Option<AuthorizationId>,
        anew: bool,
    ) -> Result<SignIn, IamError> {
        let Some(id) = id else {
            return self.core.bare_sign_in_page(ctx, slug, anew).await;
        };
        let (mut tx, request, visit) = self.core.open_request(ctx, slug, id).await?;
        let decision = self.core.decision(ctx, slug, &request, &visit);
        let decision = decision.map(|(_, decision)| decision);
        if let Some(decision) = decision.as_ref().filter(|_| !anew) {
            if decision.allows() {
                return Ok(SignIn::GoOn);
            }
            if decision.takes_a_factor() {
                return Ok(SignIn::StepUp);
            }
        }
        let app = (visit.app.name.to_string(), request.login_hint.unwrap_or_default());
        let why = decision.as_ref().and_then(why_again);
        asking(&mut tx, slug, Some(app), why).await
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
    async fn bare_sign_in_page(&self, ctx: &Ctx, slug: &Slug, anew: bool) -> Result<SignIn, IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        let mut why = None;
        if let Ok(actor) = ctx.actor_in(slug) {
            let policy = tx.workspace().await?.sign_in_policy();
            let decision = self.sign_in_decision(actor, &policy.into());
            if !anew && tx.role_of(actor.user.id).await?.is_some() {
                if decision.allows() {
                    return Ok(SignIn::GoOn);
                }
                if decision.takes_a_factor() {
                    return Ok(SignIn::StepUp);
                }
            }
            why = why_again(&decision);
        }
        asking(&mut tx, slug, None, why).await
    }
}

/// Why somebody is asked again whose sign-in does not count: what a new one mends, the most telling first.
fn why_again(decision: &Decision) -> Option<WhyAgain> {
    let why = decision.reasons().iter().filter_map(|reason| match reason {
        Reason::AnotherPerson => Some(WhyAgain::AnotherPerson),
        Reason::Method(_) => Some(WhyAgain::Method),
        Reason::Model => Some(WhyAgain::Model),
        Reason::AnotherNetwork => Some(WhyAgain::AnotherNetwork),
        Reason::Idle => Some(WhyAgain::Idle),
        Reason::TooOld => Some(WhyAgain::TooOld),
        Reason::SecondFactor | Reason::Passkey => None,
    });
    why.min()
}

/// What the page that asks shows: the workspace, and the ways to sign in that count there.
async fn asking(
    tx: &mut WorkspaceTx,
    slug: &Slug,
    app: Option<(String, String)>,
    why: Option<WhyAgain>,
) -> Result<SignIn, IamError> {
    let brand = brand(tx.brand_settings().await?, slug);
    let ways = tx.sign_in_ways().await?;
    let (app, login_hint) = app.unzip();
    let button = |(id, name)| ConnectionButton { id, name };
    Ok(SignIn::Ask(SignInView {
        brand,
        app,
        login_hint: login_hint.unwrap_or_default(),
        connections: ways.connections.into_iter().map(button).collect(),
        refused: ways.refused,
        why,
    }))
}

fn web_root(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| format!("{}/", url.origin().ascii_serialization()))
}
