//! What a form came to, on its way through a browser. Its answer is a redirect with a cookie that only we
//! can write, bound to the next page and to this browser; that page shows it and removes the cookie. Nothing of it is ever
//! in an address: that would be shown again at every reload, and whatever a link says.

use super::Web;
use super::respond;
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody, to_bytes_limited},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{ACCEPT, HeaderName, HeaderValue, LOCATION, REFERER, SET_COOKIE},
    },
    middleware::Next,
    web::{Bytes, Data},
};
use app::{
    AppError,
    server::{
        cookies::{self, Name},
        outcome::stays_typed,
    },
};
use futures_util::{future::ready, stream::once};
use iam::{Ctx, core::outcome::LIFETIME};
use iam_types::{ErrorCode, view::Told};
use url::{Position, Url, form_urlencoded};

/// More than any answer of a form's function takes, in bytes.
const LONGEST: usize = 256 * 1024;
/// How a browser says that it only loads ahead.
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");

/// Middleware around pages: hands a page what it is to tell, and makes sure that it tells it once.
pub async fn deliver(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let told = match request.app_data::<Data<Web>>().cloned() {
        Some(web) if is_visit(&request) => read(&web, request.request()).await,
        _ => None,
    };
    let Some((told, removal)) = told else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    request.extensions_mut().insert(told);
    let mut response = next.call(request).await?.map_into_boxed_body();
    response.headers_mut().append(SET_COOKIE, removal);
    Ok(response)
}

fn is_visit(request: &ServiceRequest) -> bool {
    request.method() == Method::GET && !request.headers().contains_key(SEC_PURPOSE)
}

/// What is told at this address, and the header that removes the cookie.
async fn read(web: &Web, request: &HttpRequest) -> Option<(Told, HeaderValue)> {
    let https = web.iam.is_https();
    let cookie = request.cookie(cookies::name(Name::Outcome, https))?;
    let ctx = ctx(request)?;
    let outcome = web.iam.open_outcome(&ctx, request.path(), cookie.value()).await;
    let outcome = outcome.unwrap_or_else(|error| {
        tracing::error!(%error, "outcome not readable");
        None
    });
    let told = serde_json::from_slice(&outcome?).ok()?;
    let removal = cookies::build(Name::Outcome, https, "", 0).to_string();
    Some((told, HeaderValue::from_str(&removal).ok()?))
}

/// Middleware around forms' functions: answers a form by a redirect, and a program by what the function says.
pub async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !is_plain_form(&request) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let Ok(body) = request.extract::<Bytes>().await else {
        let response = respond::page(request.request(), ErrorCode::TooLarge);
        return Ok(request.into_response(response));
    };
    let typed = typed(request.path(), &body);
    request.set_payload(Payload::Stream {
        payload: Box::pin(once(ready(Ok(body)))),
    });
    // Leptos then answers as it answers programs, and writes nothing into addresses.
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let response = next.call(request).await?.map_into_boxed_body();
    redirected(response, typed).await
}

fn is_plain_form(request: &ServiceRequest) -> bool {
    let accept = request.headers().get(ACCEPT);
    let html = accept.is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    html && request.method() == Method::POST
}

/// What stays in the form if it fails.
fn typed(form: &str, body: &[u8]) -> Vec<(String, String)> {
    let stays = stays_typed(form);
    form_urlencoded::parse(body)
        .filter(|(name, _)| stays.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The answer to a form: a redirect to where the function says, else back to the form.
async fn redirected(
    response: ServiceResponse<BoxBody>,
    typed: Vec<(String, String)>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let status = response.status();
    let told = response.request().extensions_mut().remove::<Told>();
    let chosen = target(&response);
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let cookies: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).cloned().collect();
    let target = chosen.clone().or_else(|| back(&request));
    let (target, told) = if status.is_success() {
        (target.unwrap_or_else(|| "/".to_owned()), told)
    } else {
        let body = match to_bytes_limited(body, LONGEST).await {
            Ok(body) => body?,
            Err(_) => Bytes::new(),
        };
        let Ok(AppError { code }) = serde_json::from_slice(&body) else {
            let response = response.set_body(body).map_into_boxed_body();
            return Ok(ServiceResponse::new(request, response));
        };
        let Some(target) = target else {
            let page = respond::page(&request, code);
            return Ok(ServiceResponse::new(request, page));
        };
        // The function sends those away who are not signed in: the next page is not the form's, unless it says so.
        let told = (chosen.is_none() || told.is_some()).then(|| Told {
            error: Some(code),
            typed,
            ..Told::default()
        });
        (target, told)
    };
    let mut answer = see(&request, &target, told).await;
    for cookie in cookies {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(ServiceResponse::new(request, answer))
}

/// Sends the browser that sent a form to `target`, and tells it there what the form came to.
pub async fn see(request: &HttpRequest, target: &str, told: Option<Told>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, target));
    if let Some(cookie) = sealed(request, target, told).await {
        response.append_header((SET_COOKIE, cookie));
    }
    response.finish()
}

async fn sealed(request: &HttpRequest, target: &str, told: Option<Told>) -> Option<String> {
    let (mut told, ctx) = (told?, ctx(request)?);
    let web = request.app_data::<Data<Web>>()?;
    told.form = request.path().to_owned();
    told.page = page_of(target);
    let outcome = seal(web, &ctx, &told).await;
    let outcome = match outcome {
        // Too long to be kept: that it failed is told all the same.
        None if !(told.typed.is_empty() && told.refused.is_empty()) => {
            told.typed.clear();
            told.refused.clear();
            seal(web, &ctx, &told).await
        }
        outcome => outcome,
    };
    let cookie = cookies::build(
        Name::Outcome,
        web.iam.is_https(),
        &outcome?,
        LIFETIME.num_seconds(),
    );
    Some(cookie.to_string())
}

async fn seal(web: &Web, ctx: &Ctx, told: &Told) -> Option<String> {
    let told_text = serde_json::to_vec(told).ok()?;
    let sealed = web.iam.seal_outcome(ctx, &told.page, &told_text).await;
    sealed.unwrap_or_else(|error| {
        tracing::error!(%error, "outcome not kept");
        None
    })
}

fn ctx(request: &HttpRequest) -> Option<Ctx> {
    request.extensions().get::<Ctx>().cloned()
}

/// Where the function sends the browser.
fn target(response: &ServiceResponse<BoxBody>) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    location.to_str().ok().map(str::to_owned)
}

/// The path alone.
fn page_of(target: &str) -> String {
    let end = target.find(['?', '#']).unwrap_or(target.len());
    target.get(..end).unwrap_or_default().to_owned()
}

/// The page of ours that the form was on.
fn back(request: &HttpRequest) -> Option<String> {
    let web = request.app_data::<Data<Web>>()?;
    let referer = Url::parse(request.headers().get(REFERER)?.to_str().ok()?).ok()?;
    let ours = referer.origin().ascii_serialization() == web.iam.origin_for(&ctx(request)?);
    // A path of two slashes would be another host to a browser.
    let path = &referer[Position::BeforePath..Position::AfterQuery];
    (ours && !path.starts_with("//")).then(|| path.to_owned())
}
