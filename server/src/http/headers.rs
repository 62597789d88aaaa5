//! Headers on every response. A page sets its own Content Security Policy; everything else gets the strictest.
//!
//! A page that an app opened in a window of its own keeps its opener up to the app's callback, which hands the answer
//! over; browsers cut that tie for good at the first response on the way, a redirect too, whose opener policy is another
//! than the app's. So there is none from `authorize` to the app. All other pages have one: who opened them cannot reach
//! them.

use super::Web;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
        REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    middleware::Next,
    web::Data,
};
use app::server::csp;

/// Middleware: adds what is missing.
pub async fn security_headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let https = request
        .app_data::<Data<Web>>()
        .is_none_or(|web| web.iam.is_https());
    let opener = opener_policy(request.path());
    let mut response = next.call(request).await?;
    add_missing(response.headers_mut(), https, opener);
    Ok(response)
}

/// What pages may keep of the window that opened them (HTML, cross-origin opener policies): the whole way between an app
/// and us, or nothing.
pub fn opener_policy(path: &str) -> &'static str {
    if leads_to_an_app(path) {
        "unsafe-none"
    } else {
        "same-origin"
    }
}

/// Adds what is missing to one response.
pub fn add_missing(headers: &mut HeaderMap, https: bool, opener: &'static str) {
    if !headers.contains_key(CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&csp::policy(csp::NO_SCRIPTS))
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let html = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if html {
        add(headers, CACHE_CONTROL, "no-store");
    }
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, X_FRAME_OPTIONS, "DENY");
    add(headers, REFERRER_POLICY, "same-origin");
    add(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        opener,
    );
    add(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    );
    if https {
        add(
            headers,
            STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether this is a step from an app's request to its answer.
fn leads_to_an_app(path: &str) -> bool {
    let in_workspace = path.strip_prefix("/w/").and_then(|rest| rest.split_once('/'));
    match in_workspace {
        Some((_, page)) => {
            matches!(page, "login" | "continue" | "consent" | "decide" | "ask") || page.starts_with("oauth/")
        }
        // Server functions answer the forms of these pages with a redirect, and are no documents.
        None => {
            matches!(path, "/login" | "/language") || path.starts_with("/login/") || path.starts_with("/fn/")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_of_a_sign_in_have_an_opener() {
        for step in [
            "/login",
            "/login/sent",
            "/w/acme/login",
            "/w/acme/oauth/authorize",
            "/w/acme/decide",
            "/fn/redeem_code",
        ] {
            assert!(leads_to_an_app(step), "{step}");
        }
        for page in [
            "/",
            "/account",
            "/workspaces",
            "/platform",
            "/w/acme/admin",
            "/w/acme/admin/login",
            "/w/acme/join",
            "/w/acme",
            "/loginx",
        ] {
            assert!(!leads_to_an_app(page), "{page}");
        }
    }
}
