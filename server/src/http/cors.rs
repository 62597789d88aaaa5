//! Endpoints that scripts of any site may use (WHATWG Fetch 3.3). None of them looks at a cookie, so that whoever calls
//! them must bring what they need, and there is nothing to forge. Outside of all else, so that a refusal by whatever
//! layer can be read as well.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, HeaderMap,
            HeaderValue, VARY,
        },
    },
    middleware::Next,
};

/// Those below `/w/{slug}/oauth/`. Introspection takes a secret, which no script of a page has.
const OPEN: [&str; 4] = ["jwks", "token", "revoke", "userinfo"];

/// What scripts may read of an answer, beside its body.
const EXPOSED: HeaderValue = HeaderValue::from_static("www-authenticate, retry-after");

/// Seconds that a browser need not ask again; each has a bound of its own.
const REMEMBERED: HeaderValue = HeaderValue::from_static("86400");

/// Middleware: lets all sites in, where that is safe.
pub async fn open(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !is_open(request.path()) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let mut response = if request.method() == Method::OPTIONS {
        let answer = preflight(request.headers());
        request.into_response(answer)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    Ok(response)
}

/// Whatever headers a library adds are welcome. `*` would not do: it leaves out `Authorization`.
fn preflight(asked: &HeaderMap) -> HttpResponse {
    let mut answer = HttpResponse::NoContent();
    answer
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((ACCESS_CONTROL_MAX_AGE, REMEMBERED))
        .insert_header((VARY, "access-control-request-headers"));
    for names in asked.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.append_header((ACCESS_CONTROL_ALLOW_HEADERS, names.clone()));
    }
    answer.finish()
}

fn is_open(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["w", _, ".well-known", "openid-configuration"]
        | [".well-known", "oauth-authorization-server", "w", _] => true,
        ["w", _, "oauth", endpoint] => OPEN.contains(endpoint),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_knows_a_session_is_open() {
        for open in [
            "/w/acme/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/w/acme",
            "/w/acme/oauth/jwks",
            "/w/acme/oauth/token",
            "/w/acme/oauth/revoke",
            "/w/acme/oauth/userinfo",
        ] {
            assert!(is_open(open), "{open}");
        }
        for closed in [
            "/",
            "/w/acme/oauth/authorize",
            "/w/acme/oauth/introspect",
            "/w/acme/oauth/token/",
            "/w/acme/oauth",
            "/w/acme/continue",
            "/w/acme/admin/export",
            "/account/data/export",
            "/fn/list_places",
            "/w/acme/x/oauth/token",
        ] {
            assert!(!is_open(closed), "{closed}");
        }
    }
}
