//! What a server function needs: the core, the request's facts, and a few things to do to the response.

use super::{cookies, mailbox::Mailbox, wanted};
use crate::{AppError, paths};
use actix_web::{
    HttpMessage,
    cookie::Cookie,
    http::{
        Method, StatusCode,
        header::{CONTENT_ENCODING, HeaderValue, RETRY_AFTER, SET_COOKIE},
    },
};
use iam::{Ctx, Iam, IamError};
use iam_types::{AuthorizationId, ErrorCode, Slug};
use leptos::prelude::*;
use leptos_actix::{Request, ResponseOptions};
use std::str::FromStr;

/// The core.
///
/// # Errors
/// [`ErrorCode::Internal`] outside a request.
pub fn iam() -> Result<Iam, AppError> {
    use_context().ok_or(ErrorCode::Internal.into())
}

/// The facts of this request, put there by the middleware.
///
/// # Errors
/// [`ErrorCode::Internal`] outside a request.
pub fn ctx() -> Result<Ctx, AppError> {
    let request: Request = use_context().ok_or(ErrorCode::Internal)?;
    request
        .extensions()
        .get::<Ctx>()
        .cloned()
        .ok_or(ErrorCode::Internal.into())
}

/// The facts of this request, of a signed-in person; others are sent to the login page.
///
/// # Errors
/// [`ErrorCode::SignInRequired`].
pub fn signed_in() -> Result<Ctx, AppError> {
    let ctx = ctx()?;
    if ctx.actor.is_none() || is_out_of_place(&ctx) {
        wanted::remember();
        return Err(gone_to(paths::LOGIN));
    }
    Ok(ctx)
}

/// Whether this is a page where the viewer counts for nobody: one outside the workspace whose provider vouched for them.
fn is_out_of_place(ctx: &Ctx) -> bool {
    let session = ctx.actor.as_ref().map(|actor| &actor.session);
    let within = session
        .filter(|session| !session.is_whole())
        .and_then(|session| session.through.as_ref())
        .map(|through| paths::workspace_pages(&through.slug));
    let request = use_context::<Request>().filter(|request| request.method() == Method::GET);
    within
        .zip(request)
        .is_some_and(|(within, request)| !request.path().starts_with(&within))
}

/// The workspace address in a form or path; one that is malformed is one that does not exist.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub fn parse_slug(text: &str) -> Result<Slug, AppError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// The identifier in a form or path; one that is malformed is one that does not exist.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub fn parse_id<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// The captured mail, in development.
///
/// # Errors
/// [`ErrorCode::NotFound`] anywhere else.
pub fn mailbox() -> Result<Mailbox, AppError> {
    use_context().ok_or(ErrorCode::NotFound.into())
}

/// Sets a cookie on the response.
pub fn set_cookie(cookie: &Cookie<'_>) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie.to_string()),
    ) {
        response.append_header(SET_COOKIE, value);
    }
}

/// Sets the status of the page being rendered.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Says on the response after how many seconds there is room for one more (RFC 9110 10.2.3).
pub fn set_retry_after(secs: u64) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(RETRY_AFTER, HeaderValue::from(secs));
    }
}

/// The value of a cookie that is to be used once, which this removes.
///
/// # Errors
/// [`ErrorCode::Internal`] outside a request.
pub fn take_once(https: bool) -> Result<Option<String>, AppError> {
    let request: Request = use_context().ok_or(ErrorCode::Internal)?;
    let value = request
        .cookie(cookies::name(cookies::Name::Once, https))
        .map(|cookie| cookie.value().to_owned());
    if value.is_some() {
        keep_uncompressed();
        set_cookie(&cookies::build(cookies::Name::Once, https, "", 0));
    }
    Ok(value)
}

/// Leaves the page being rendered for another: returns what to fail with.
pub fn gone_to(target: &str) -> AppError {
    leptos_actix::redirect(target);
    // Leptos answers a script so that it can go on by itself. Whoever opens a page is sent on, whatever they accept.
    if use_context::<Request>().is_some_and(|request| request.method() == Method::GET) {
        set_status(StatusCode::FOUND.as_u16());
    }
    ErrorCode::SignInRequired.into()
}

/// What came for an app's request; one that is too late is for the page that knows the way back to the app.
///
/// # Errors
/// As `result`.
pub fn or_way_back<T>(
    slug: &Slug,
    request: Option<AuthorizationId>,
    result: Result<T, IamError>,
) -> Result<T, AppError> {
    result.map_err(|error| match (error.code(), request) {
        (ErrorCode::AuthorizationExpired, Some(id)) => gone_to(&paths::go_on(slug, id)),
        _ => error.into(),
    })
}

/// Keeps this response from being compressed, since it holds a secret: how well a page compresses tells what it has in
/// common with text that somebody else can put into it.
pub fn keep_uncompressed() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
}
