//! The one place that turns failures into responses: a page for people, problem+json for APIs, OAuth's JSON for clients.

use super::context::request_ctx;
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ACCEPT, CACHE_CONTROL, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    web::Data,
};
use app::{
    AppError,
    i18n::{Locale, locale_of},
    server::{assets::Assets, problem::problem_page},
};
use iam::{
    IamError,
    provider::{ProviderError, WayBack},
};
use iam_protocol::{
    oauth::error::{OAuthError, OAuthErrorCode},
    problem::{self, MEDIA_TYPE},
};
use iam_types::ErrorCode;

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn log(error: &IamError) -> ErrorCode {
    let code = error.code();
    if code.status() >= 500 {
        let source = std::error::Error::source(error).map(ToString::to_string);
        tracing::error!(%error, source, "use case failed");
    }
    code
}

/// Says when to come back (RFC 6585 4), if that is what is wrong.
fn wait(mut response: HttpResponse, error: &IamError) -> HttpResponse {
    if let Some(secs) = error.retry_after() {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    response
}

/// The scripts and styles that pages ask for.
pub fn assets(request: &HttpRequest) -> Assets {
    let assets = request.app_data::<Data<Assets>>();
    assets.map(|assets| Assets::clone(assets)).unwrap_or_default()
}

/// The reader's language.
pub fn locale(request: &HttpRequest) -> Locale {
    locale_of(&request_ctx(request).locale).unwrap_or_default()
}

/// What an error page says, for whoever still changes how it looks.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Why.
    pub code: ErrorCode,
    /// The app that the person came from: its address and name.
    pub app: Option<(String, String)>,
}

/// An error page in the reader's language.
pub fn page(request: &HttpRequest, code: ErrorCode) -> HttpResponse {
    page_with(request, code, None)
}

fn page_with(request: &HttpRequest, code: ErrorCode, app: Option<(String, String)>) -> HttpResponse {
    let mut response = page_in(locale(request), code, app.clone(), &assets(request));
    response.extensions_mut().insert(Problem { code, app });
    response
}

/// The page of a fault whose request is gone.
pub fn fault(locale: Locale, assets: &Assets) -> HttpResponse {
    page_in(locale, ErrorCode::Internal, None, assets)
}

fn page_in(locale: Locale, code: ErrorCode, app: Option<(String, String)>, assets: &Assets) -> HttpResponse {
    HttpResponse::build(status(code.status()))
        .content_type("text/html; charset=utf-8")
        .body(problem_page(locale, code, app, None, assets))
}

/// An error page for a step towards an app, with a link to the app if it lives on the web.
pub fn page_with_way_back(
    request: &HttpRequest,
    error: &IamError,
    way_back: Option<WayBack>,
) -> HttpResponse {
    let app = way_back.and_then(|way| Some((way.url?, way.app)));
    wait(page_with(request, log(error), app), error)
}

/// A refusal before anything looked at what was asked for: to clients of an endpoint in OAuth's words, to scripts of
/// ours as a server function fails, to all others as a page.
pub fn refusal(request: &HttpRequest, code: ErrorCode) -> HttpResponse {
    let path = request.path();
    let mut response = HttpResponse::build(status(code.status()));
    response.insert_header((CACHE_CONTROL, "no-store"));
    let endpoint = path.rsplit_once("/oauth/").map(|(_, endpoint)| endpoint);
    if matches!(endpoint, Some("token" | "userinfo" | "revoke" | "introspect")) {
        let (error, description) = match code {
            ErrorCode::Busy => (OAuthErrorCode::TemporarilyUnavailable, "try again in a moment"),
            ErrorCode::TooLarge => (OAuthErrorCode::InvalidRequest, "the body is too large"),
            ErrorCode::TooSlow => (OAuthErrorCode::InvalidRequest, "the body did not come in time"),
            ErrorCode::MethodNotAllowed => (
                OAuthErrorCode::InvalidRequest,
                "the endpoint does not take this method",
            ),
            _ => (OAuthErrorCode::InvalidRequest, "the request is malformed"),
        };
        return response.json(OAuthError::new(error, description));
    }
    let wants_page = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_none_or(|value| value.contains("text/html"));
    if path.starts_with("/fn/") && !wants_page {
        return response.json(AppError::from(code));
    }
    page(request, code)
}

/// An error page for a use case that failed.
pub fn failed_page(request: &HttpRequest, error: &IamError) -> HttpResponse {
    wait(page(request, log(error)), error)
}

/// RFC 9457.
pub fn problem(error: &IamError) -> HttpResponse {
    let code = log(error);
    let response = HttpResponse::build(status(code.status()))
        .content_type(MEDIA_TYPE)
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(problem::Problem::new(code));
    wait(response, error)
}

/// An error of the token endpoint (RFC 6749 5.2).
pub fn token_error(error: &ProviderError) -> HttpResponse {
    match error {
        ProviderError::OAuth(error) => oauth_error(error),
        ProviderError::Iam(error) => token_failure(error),
    }
}

/// A failure that is not OAuth's, in the words that it has for such.
fn token_failure(error: &IamError) -> HttpResponse {
    if error.retry_after().is_some() {
        let body = OAuthError::new(
            OAuthErrorCode::TemporarilyUnavailable,
            "too many requests, wait as long as Retry-After says",
        );
        let mut response = unstored(status(log(error).status()));
        return wait(response.json(body), error);
    }
    match log(error) {
        ErrorCode::NotFound | ErrorCode::WorkspaceSuspended | ErrorCode::WorkspaceEnding => problem(error),
        ErrorCode::Unavailable => oauth_error(&OAuthError::new(
            OAuthErrorCode::TemporarilyUnavailable,
            "try again in a moment",
        )),
        _ => oauth_error(&OAuthError::new(
            OAuthErrorCode::ServerError,
            "something went wrong on our side",
        )),
    }
}

/// The beginning of an answer with something in it that nobody may keep (RFC 6749 5.1).
pub fn unstored(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"));
    response
}

fn oauth_error(error: &OAuthError) -> HttpResponse {
    let mut response = unstored(status(error.error.status()));
    if error.error == OAuthErrorCode::InvalidClient {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"rooiam\""));
    }
    response.json(error)
}

/// An error of a protected resource (RFC 6750 3).
pub fn bearer_error(error: &ProviderError) -> HttpResponse {
    let error = match error {
        ProviderError::OAuth(error) => error,
        ProviderError::Iam(error) => return problem(error),
    };
    let challenge = format!(
        "Bearer error=\"{}\", error_description=\"{}\"",
        error.error.as_str(),
        error.error_description
    );
    HttpResponse::build(status(error.error.status()))
        .insert_header((WWW_AUTHENTICATE, challenge))
        .json(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use std::time::Duration;

    #[test]
    fn every_form_of_too_many_says_when_to_come_back() {
        let error = || IamError::RateLimited {
            retry_after: Duration::from_millis(1500),
        };
        let request = TestRequest::default().to_http_request();
        for response in [
            failed_page(&request, &error()),
            problem(&error()),
            token_error(&error().into()),
            bearer_error(&error().into()),
        ] {
            assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "2");
        }
        let other = problem(&ErrorCode::NotFound.into());
        assert!(!other.headers().contains_key(RETRY_AFTER));
    }
}
