//! Server functions of sign-in.

use crate::{
    AppError, paths,
    server::{
        context::{ctx, gone_to, iam, keep_uncompressed, or_way_back, set_cookie},
        cookies::{self, Name},
        outcome::fails_at,
        wanted,
    },
    ui::told::typed_into,
};
use iam::{
    Ctx, Iam,
    domain::sign_in::{email_challenge::LIFETIME, session},
    provider::SignIn,
    sign_in::{
        arrival::{Arrival, SignInStep, SignedIn},
        email_challenge::{CodeState, LinkState, Retry},
    },
};
use iam_types::{
    AuthorizationId, EmailChallengeId, ErrorCode, Slug,
    view::{ConnectionButton, HomeView, SignInView},
};
use leptos::prelude::*;

/// For how long a browser is known, in seconds: a year.
const KNOWN_SECS: i64 = 31_536_000;

/// For how long a mail may be on its way, in seconds.
const MAIL_TAKES_SECS: i64 = 30;

/// What the confirmation page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyView {
    /// Ask for the click.
    Ready {
        /// Whose address it proves.
        address: String,
    },
    /// Explain where to go.
    OtherBrowser {
        /// The login page that it was asked for at.
        retry: String,
    },
}

/// What the platform's login page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginView {
    /// Whether people can sign in with a password.
    pub passwords: bool,
    /// The platform's providers.
    pub connections: Vec<ConnectionButton>,
    /// Where the address leads that was just typed, if it leads anywhere.
    pub led: Option<HomeView>,
}

/// What the page that waits for the code shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentView {
    /// The challenge.
    pub challenge: String,
    /// Where the mail went.
    pub address: String,
    /// Whether it did not get there.
    pub undelivered: bool,
    /// In how many seconds it is time to ask again.
    pub wait: u32,
    /// The workspace that it was asked for at, empty for the platform.
    pub slug: String,
    /// The app's request, empty without one.
    pub request: String,
    /// The login page to ask again at.
    pub retry: String,
    /// The provider that whoever proves the address is linked with, empty for none.
    pub linking: String,
}

/// Sends a sign-in mail.
#[server(prefix = "/fn", endpoint = "request_magic_link")]
pub async fn request_magic_link(
    email: String,
    slug: String,
    request: String,
    #[server(default)] toll: String,
    #[server(default)] by_mail: String,
) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let (slug, request) = (parse_slug(&slug)?, parse_request(&request)?);
    let asked = iam
        .sign_in()
        .request_email(&ctx, &email, slug.as_ref(), request, &toll, !by_mail.is_empty())
        .await;
    if let Err(error) = &asked
        && error.code() == ErrorCode::SignInByConnection
    {
        // The page offers the provider, and a mail all the same.
        fails_at(&page_with_form(&ctx, slug.as_ref(), request));
    }
    let asked = asked?;
    keep_browser(&iam, &ctx, asked.browser.expose());
    leptos_actix::redirect(&paths::login_sent(asked.id));
    Ok(())
}

/// The login page of a workspace or of the platform, which asks whoever is signed in too.
fn page_with_form(ctx: &Ctx, slug: Option<&Slug>, request: Option<AuthorizationId>) -> String {
    let slug = ctx.custom_domain.as_ref().map(|own| &own.slug).or(slug);
    match (slug, request) {
        (Some(slug), None) if ctx.actor.is_some() => paths::workspace_login_again(slug.as_str()),
        (Some(slug), request) => paths::workspace_login(slug, request),
        (None, _) if ctx.actor.is_some() => paths::LOGIN_AGAIN.to_owned(),
        (None, _) => paths::LOGIN.to_owned(),
    }
}

/// Signs in with a link.
#[server(prefix = "/fn", endpoint = "redeem_magic_link")]
pub async fn redeem_magic_link(token: String, #[server(default)] passkeys: String) -> Result<(), AppError> {
    let iam = iam()?;
    let ctx = ctx()?;
    let signed_in = iam.sign_in().redeem_link(&ctx, &token).await?;
    go_on(&iam, &ctx, signed_in, !passkeys.is_empty()).await
}

/// Signs in with the code of one mail.
#[server(prefix = "/fn", endpoint = "redeem_code")]
pub async fn redeem_code(
    #[server(default)] challenge: String,
    code: String,
    #[server(default)] passkeys: String,
) -> Result<(), AppError> {
    let iam = iam()?;
    let ctx = ctx()?;
    let signed_in = iam
        .sign_in()
        .redeem_code(&ctx, parse_challenge(&challenge)?, &code)
        .await?;
    go_on(&iam, &ctx, signed_in, !passkeys.is_empty()).await
}

/// What a workspace's login page shows, and where the address leads that was just typed there.
pub async fn load_sign_in(
    slug: String,
    request: String,
    again: String,
) -> Result<(SignInView, Option<HomeView>), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug = parse_slug(&slug)?.ok_or(ErrorCode::NotFound)?;
    let request = parse_request(&request)?;
    let page = or_way_back(
        &slug,
        request,
        iam.provider()
            .sign_in_page(&ctx, &slug, request, !again.is_empty())
            .await,
    )?;
    match (page, request) {
        (SignIn::Ask(view), _) => Ok((*view, home(&iam, &ctx, Some(&slug)).await?)),
        (SignIn::GoOn, Some(id)) => Err(gone_to(&paths::go_on(&slug, id))),
        (SignIn::GoOn, None) => Err(gone_to(&paths::overview(&slug))),
        (SignIn::StepUp, request) => Err(gone_to(&paths::step_up(slug.as_str(), request))),
    }
}

/// Leaves a page that has nothing to ask, unless the viewer wants to sign in anew; says how they can.
pub async fn load_login(again: String) -> Result<LoginView, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    if again.is_empty() && ctx.actor().is_ok() {
        return Err(gone_to(paths::WORKSPACES));
    }
    Ok(LoginView {
        passwords: iam.sign_in().platform_takes_passwords(&ctx).await?,
        connections: iam.connections().at_platform(&ctx).await?,
        led: home(&iam, &ctx, None).await?,
    })
}

/// Where the address leads that was just typed, if it leads anywhere.
async fn home(iam: &Iam, ctx: &Ctx, slug: Option<&Slug>) -> Result<Option<HomeView>, AppError> {
    match typed_into::<RequestMagicLink>("email") {
        Some(address) => Ok(iam.connections().home(ctx, slug, &address).await?),
        None => Ok(None),
    }
}

/// The mail that this browser waits for.
pub async fn load_awaited(challenge: String) -> Result<Option<SentView>, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    // A malformed one is one that nobody asked for.
    let state = match parse_challenge(&challenge) {
        Ok(id) => iam.sign_in().code_state(&ctx, id).await?,
        Err(_) => CodeState::Nothing,
    };
    match state {
        CodeState::Waiting(awaited) => Ok(Some(SentView {
            challenge: awaited.id.to_string(),
            address: awaited.address,
            undelivered: awaited.undelivered,
            wait: wait((iam.now() - awaited.asked_at).num_seconds()),
            slug: awaited
                .retry
                .slug
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            request: awaited
                .retry
                .authorization_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            retry: login_page(&awaited.retry),
            linking: awaited.linking.unwrap_or_default(),
        })),
        CodeState::Done(arrival) => Err(gone_to(&target(&arrival, ctx.custom_domain.is_some()))),
        CodeState::Nothing => Ok(None),
    }
}

/// What a link can do here, without using it up.
pub async fn inspect_magic_link(token: String) -> Result<VerifyView, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    match iam.sign_in().inspect_link(&ctx, &token).await? {
        LinkState::OtherBrowser(retry) => Ok(VerifyView::OtherBrowser {
            retry: login_page(&retry),
        }),
        LinkState::Ready(awaited) => {
            // The page repeats the token.
            keep_uncompressed();
            Ok(VerifyView::Ready {
                address: awaited.address,
            })
        }
        LinkState::Done(arrival) => Err(gone_to(&target(&arrival, ctx.custom_domain.is_some()))),
    }
}

pub(super) fn parse_slug(text: &str) -> Result<Option<Slug>, AppError> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|_| ErrorCode::NotFound.into())
    }
}

pub(crate) fn parse_request(text: &str) -> Result<Option<AuthorizationId>, AppError> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse()
            .map(Some)
            .map_err(|_| ErrorCode::AuthorizationExpired.into())
    }
}

fn parse_challenge(text: &str) -> Result<Option<EmailChallengeId>, AppError> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|_| ErrorCode::LinkInvalid.into())
    }
}

/// How long to wait on, when a mail was asked for so many seconds ago.
fn wait(since: i64) -> u32 {
    u32::try_from(MAIL_TAKES_SECS - since.max(0)).unwrap_or_default()
}

pub(super) fn login_page(retry: &Retry) -> String {
    match &retry.slug {
        Some(slug) => paths::workspace_login(slug, retry.authorization_id),
        None => paths::LOGIN.to_owned(),
    }
}

/// Goes on with a sign-in: to the second factor, in this browser, or to where the person wanted to go.
pub(crate) async fn go_on(
    iam: &Iam,
    ctx: &Ctx,
    step: SignInStep,
    can_have_passkeys: bool,
) -> Result<(), AppError> {
    match step {
        SignInStep::Done(signed_in) => welcome(iam, ctx, &signed_in, can_have_passkeys).await,
        SignInStep::SecondFactor(id) => {
            if let Some(browser) = &ctx.browser {
                keep_browser(iam, ctx, browser);
            }
            leptos_actix::redirect(&paths::two_step(id));
            Ok(())
        }
    }
}

/// The browser of a sign-in is known by this for as long as that may take, or its session may last.
pub(crate) fn keep_browser(iam: &Iam, ctx: &Ctx, secret: &str) {
    let (https, secs) = (iam.is_https(), ctx.browser_lives().num_seconds());
    set_cookie(&cookies::build(Name::Browser, https, secret, secs));
}

/// Hands the session over and sends the person where they wanted to go; by way of the offer of a passkey, where their browser
/// can have one and they have none.
pub(crate) async fn welcome(
    iam: &Iam,
    ctx: &Ctx,
    signed_in: &SignedIn,
    can_have_passkeys: bool,
) -> Result<(), AppError> {
    hand_over(iam, ctx, signed_in);
    let arrival = &signed_in.arrival;
    let wanted = wanted::take().filter(|page| leads_on(arrival, page));
    let next = wanted.unwrap_or_else(|| {
        let confined = signed_in.is_confined || ctx.custom_domain.is_some();
        target(arrival, confined)
    });
    if can_have_passkeys && iam.sign_in().is_passkey_due(ctx, signed_in).await? {
        leptos_actix::redirect(&paths::passkey_offer(&next));
    } else {
        leptos_actix::redirect(&next);
    }
    Ok(())
}

/// Hands the session over. It may count in this browser alone, which another tab may have given another name meanwhile.
pub(crate) fn hand_over(iam: &Iam, ctx: &Ctx, signed_in: &SignedIn) {
    let (https, lives) = (iam.is_https(), session::ABSOLUTE.num_seconds());
    let secret = signed_in.session.expose();
    set_cookie(&cookies::build(Name::Session, https, secret, lives));
    if let Some(browser) = &ctx.browser {
        set_cookie(&cookies::build(Name::Browser, https, browser, lives));
    }
    let known = &signed_in.known_browser;
    set_cookie(&cookies::build(Name::KnownBrowser, https, known, KNOWN_SECS));
}

/// Takes the session back from this browser. What waits in another tab is bound to its name for a while.
pub(crate) fn let_go(iam: &Iam, ctx: &Ctx) {
    let https = iam.is_https();
    set_cookie(&cookies::build(Name::Session, https, "", 0));
    if let Some(browser) = &ctx.browser {
        let secs = LIFETIME.num_seconds();
        set_cookie(&cookies::build(Name::Browser, https, browser, secs));
    }
}

/// Whether a page that was opened before is still what a sign-in was for: no app waits, and whoever chose a workspace since wants
/// one of its pages.
fn leads_on(arrival: &Arrival, page: &str) -> bool {
    arrival.return_to.authorization_id.is_none()
        && arrival
            .slug
            .as_ref()
            .is_none_or(|slug| page.starts_with(&paths::workspace_pages(slug)))
}

/// Where a sign-in leads.
pub(super) fn target(arrival: &Arrival, confined: bool) -> String {
    match (&arrival.slug, arrival.return_to.authorization_id) {
        (Some(slug), Some(id)) => paths::go_on(slug, id),
        (Some(slug), None) if arrival.is_member => paths::overview(slug),
        // There is nothing else to show to a guest who counts nowhere else.
        (Some(slug), None) if confined => paths::join_path(slug, None),
        _ => paths::WORKSPACES.to_owned(),
    }
}
