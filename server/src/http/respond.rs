//! The one place that turns failures into responses: a page for people, problem+json for APIs, OAuth's JSON for clients.

use super::context::facts;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, WWW_AUTHENTICATE},
    },
};
use app::{i18n::locale_of, server::problem::problem_page};
use iam::{IamError, oauth::WayBack};
use iam_protocol::{
    oauth::error::{OAuthError, OAuthErrorCode},
    problem::{MEDIA_TYPE, Problem},
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

/// An error page in the reader's language.
pub fn page(request: &HttpRequest, code: ErrorCode) -> HttpResponse {
    let locale = locale_of(&facts(request).locale).unwrap_or_default();
    HttpResponse::build(status(code.status()))
        .content_type("text/html; charset=utf-8")
        .body(problem_page(locale, code, None))
}

/// An error page for a step towards an app, with a link to the app if it lives on the web.
pub fn page_with_way_back(
    request: &HttpRequest,
    error: &IamError,
    way_back: Option<WayBack>,
) -> HttpResponse {
    let (locale, code) = (locale_of(&facts(request).locale).unwrap_or_default(), log(error));
    let link = way_back.and_then(|way| Some((way.url?, way.app)));
    HttpResponse::build(status(code.status()))
        .content_type("text/html; charset=utf-8")
        .body(problem_page(locale, code, link))
}

/// An error page for a use case that failed.
pub fn failed_page(request: &HttpRequest, error: &IamError) -> HttpResponse {
    page(request, log(error))
}

/// RFC 9457.
pub fn problem(error: &IamError) -> HttpResponse {
    let code = log(error);
    HttpResponse::build(status(code.status()))
        .content_type(MEDIA_TYPE)
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(Problem::new(code))
}

/// An error of the token endpoint (RFC 6749 5.2).
pub fn token_error(error: &IamError) -> HttpResponse {
    let error = match (error, log(error)) {
        (IamError::OAuth(error), _) => error.clone(),
        (_, ErrorCode::NotFound | ErrorCode::WorkspaceSuspended | ErrorCode::WorkspaceEnding) => {
            return problem(error);
        }
        (_, ErrorCode::Unavailable) => {
            OAuthError::new(OAuthErrorCode::TemporarilyUnavailable, "try again in a moment")
        }
        _ => OAuthError::new(OAuthErrorCode::ServerError, "something went wrong on our side"),
    };
    let mut response = HttpResponse::build(status(error.error.status()));
    response.insert_header((CACHE_CONTROL, "no-store"));
    if error.error == OAuthErrorCode::InvalidClient {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"rooiam\""));
    }
    response.json(error)
}

/// An error of a protected resource (RFC 6750 3).
pub fn bearer_error(error: &IamError) -> HttpResponse {
    let IamError::OAuth(error) = error else {
        return problem(error);
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
