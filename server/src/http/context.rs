//! The facts of a request: who, from where, in which language.

use super::Web;
use super::{custom_domain, language, respond};
use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{LOCATION, USER_AGENT},
    },
    middleware::Next,
    web::Data,
};
use app::{
    i18n::tag,
    paths,
    server::cookies::{self, Name},
};
use iam::{Ctx, ctx::Denials};
use std::future::{Ready, ready};
use tracing_actix_web::RequestId;

/// Middleware: gives every page and form its [`Ctx`], with the session if the cookie holds one.
pub async fn attach(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut ctx = request_ctx(request.request());
    let resumed = match (web(request.request()), cookie(request.request(), Name::Session)) {
        (Some(web), Some(secret)) => web.iam.sign_in().resume(&secret, &ctx).await,
        _ => Ok(None),
    };
    match resumed {
        Ok(Some(actor)) => ctx.admit(actor),
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, "session not readable");
            let response = respond::page(request.request(), error.code());
            return Ok(request.into_response(response));
        }
    }
    if let Some(target) = instead_while_ending(&request, &ctx) {
        let response = HttpResponse::SeeOther()
            .insert_header((LOCATION, target))
            .finish();
        return Ok(request.into_response(response));
    }
    request.extensions_mut().insert(ctx.clone());
    let web = request.app_data::<Data<Web>>().cloned();
    let response = next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    // Only now are the request's transactions over: a refusal waits for no connection while it holds one.
    if let Some(web) = web
        && let Err(error) = web.iam.audit().write_denials(&ctx).await
    {
        tracing::error!(%error, "refusal not written down");
    }
    response
}

/// Where somebody is sent whose account ends, from any page but those that have nothing to do with a session. An app is told
/// that nobody is signed in.
fn instead_while_ending(request: &ServiceRequest, ctx: &Ctx) -> Option<String> {
    let web = web(request.request())?;
    let path = request.path();
    let open = [paths::DELETE_ACCOUNT, paths::DISOWN, paths::RESTORE_ADDRESS].contains(&path);
    let sent = ctx.ending.is_some()
        && request.method() == Method::GET
        && !open
        && !language::is_authorize(request.request());
    // At a workspace's own host there is no such page.
    let origin = ctx.custom_domain.as_ref().map_or("", |_| web.iam.origin());
    sent.then(|| format!("{origin}{}", paths::DELETE_ACCOUNT))
}

/// The [`Ctx`] of a handler below [`attach`].
pub struct RequestCtx(pub Ctx);

impl FromRequest for RequestCtx {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ctx = request.extensions().get::<Ctx>().cloned();
        ready(Ok(Self(ctx.unwrap_or_else(|| request_ctx(request)))))
    }
}

/// What every request tells, without its session.
pub fn request_ctx(request: &HttpRequest) -> Ctx {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let locale = tag(language::of(request)).to_owned();
    Ctx {
        actor: None,
        ending: None,
        client_ip: client_ip(request),
        user_agent: header(USER_AGENT).chars().take(400).collect(),
        request_id: request
            .extensions()
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default(),
        locale,
        browser: cookie(request, Name::Browser),
        known_browser: cookie(request, Name::KnownBrowser),
        trusted_browser: cookie(request, Name::TrustedBrowser),
        custom_domain: custom_domain::of(request),
        denials: Denials::default(),
    }
}

fn web(request: &HttpRequest) -> Option<&Web> {
    request.app_data::<Data<Web>>().map(Data::get_ref)
}

/// The value of one of our cookies.
pub fn cookie(request: &HttpRequest, name: Name) -> Option<String> {
    let https = web(request).is_none_or(|web| web.iam.is_https());
    request
        .cookie(cookies::name(name, https))
        .map(|cookie| cookie.value().to_owned())
}

/// Whether the browser brought nothing by which we could know the person: what it gets is what everybody gets.
pub fn is_unknown(request: &HttpRequest) -> bool {
    [Name::Session, Name::Browser, Name::Once]
        .into_iter()
        .all(|name| cookie(request, name).is_none())
}

fn client_ip(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr().map(|address| address.ip()) else {
        return String::new();
    };
    let client = match web(request) {
        Some(web) => web.proxies.client(peer, request.headers()),
        None => peer,
    };
    client.to_canonical().to_string()
}
