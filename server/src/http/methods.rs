//! Which methods an address takes. Others are told so (RFC 9110 15.5.6) before anything below sees them: not every library
//! there expects a verb that somebody made up.

use super::respond;
use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ResourceDef, ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{ALLOW, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use iam_types::ErrorCode;
use leptos_actix::ActixRouteListing;

const READ: &str = "GET, HEAD";
const OPEN: &str = "GET, HEAD, OPTIONS";

/// Addresses that are no pages. A page is read.
const PLAIN: [(&str, &str); 26] = [
    ("/healthz", READ),
    ("/readyz", READ),
    ("/favicon.svg", READ),
    ("/favicon.ico", READ),
    ("/apple-touch-icon.png", READ),
    ("/pkg/{name}", READ),
    ("/brand/{digits}.css", READ),
    ("/fn/{name:.*}", "POST"),
    ("/language", "POST"),
    ("/account/data/export", "POST"),
    ("/account/picture", "POST"),
    ("/pictures/{id}", READ),
    ("/w/{slug}/continue", READ),
    ("/w/{slug}/decide", "POST"),
    ("/w/{slug}/login/connection", "POST"),
    ("/w/{slug}/login/apple", "POST"),
    ("/w/{slug}/admin/export", "POST"),
    ("/w/{slug}/admin/branding/logo", "POST"),
    ("/w/{slug}/logo/{id}", READ),
    ("/w/{slug}/.well-known/openid-configuration", OPEN),
    ("/.well-known/oauth-authorization-server/w/{slug}", OPEN),
    ("/.well-known/webauthn", READ),
    ("/w/{slug}/oauth/jwks", OPEN),
    ("/w/{slug}/oauth/authorize", "GET, HEAD, POST"),
    ("/w/{slug}/oauth/token", "POST, OPTIONS"),
    ("/w/{slug}/oauth/userinfo", "GET, HEAD, POST, OPTIONS"),
];

/// The addresses of this server with their methods.
pub struct Methods(Vec<(ResourceDef, &'static str)>);

impl Methods {
    /// Those of the plain routes and of `pages`.
    pub fn new(pages: &[ActixRouteListing]) -> Self {
        let plain = PLAIN
            .iter()
            .map(|(pattern, allowed)| (ResourceDef::new(*pattern), *allowed));
        let pages = pages.iter().map(|page| (ResourceDef::new(page.path()), READ));
        Self(plain.chain(pages).collect())
    }

    /// What `path` takes instead of `method`; nothing where it takes that, and for addresses that lead nowhere.
    fn instead(&self, path: &str, method: &Method) -> Option<&'static str> {
        let (_, allowed) = self.0.iter().find(|(pattern, _)| pattern.is_match(path))?;
        let takes = allowed.split(", ").any(|known| known == method.as_str());
        (!takes).then_some(*allowed)
    }
}

/// Middleware: answers a method that an address does not take, and `HEAD` wherever there is something to `GET`
/// (RFC 9110 9.3.2; the server leaves the body out).
pub async fn require(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let method = request.method().clone();
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let usual = matches!(method, Method::GET | Method::HEAD | Method::POST);
    let instead = match method {
        // CONNECT names no address of ours, and TRACE would send a session's cookie back (RFC 9110 9.3.6, 9.3.8).
        Method::CONNECT | Method::TRACE => Some(OPEN),
        _ if usual => None,
        _ => instead(request.request(), &method),
    };
    if let Some(allowed) = instead {
        let response = refuse(request.request(), &method, allowed);
        return Ok(request.into_response(response));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let nothing = matches!(
        response.status(),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
    );
    let instead = if nothing {
        self::instead(response.request(), &method)
    } else {
        None
    };
    Ok(match instead {
        Some(allowed) => {
            let refusal = refuse(response.request(), &method, allowed);
            response.into_response(refusal)
        }
        None => response,
    })
}

fn instead(request: &HttpRequest, method: &Method) -> Option<&'static str> {
    let methods = request.app_data::<Data<Methods>>()?;
    methods.instead(request.path(), method)
}

fn refuse(request: &HttpRequest, method: &Method, allowed: &'static str) -> HttpResponse {
    let mut response = match *method {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => respond::refusal(request, ErrorCode::MethodNotAllowed),
    };
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_takes_instead() {
        let methods = Methods::new(&[]);
        let made_up = Method::from_bytes(b"FOO").unwrap();
        let instead = |path, method: &Method| methods.instead(path, method);
        assert_eq!(instead("/fn/sign_out", &made_up), Some("POST"));
        assert_eq!(instead("/fn/sign_out", &Method::POST), None);
        assert_eq!(
            instead("/w/acme/oauth/token", &Method::GET),
            Some("POST, OPTIONS")
        );
        assert_eq!(instead("/healthz", &Method::HEAD), None);
        assert_eq!(instead("/nowhere", &made_up), None);
    }
}
