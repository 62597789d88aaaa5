//! Requests that come to a workspace's own host. There, nothing but that workspace exists: its owner could read the cookies.

use super::respond;
use crate::application::Web;
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HOST, LOCATION},
    middleware::Next,
    web::Data,
};
use app::paths;
use iam::ctx::OwnHost;
use iam_types::{ErrorCode, Slug};

/// Middleware: remembers whose host the request came to, and refuses what that host does not have.
pub async fn confine(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let found = match (request.app_data::<Data<Web>>(), host(request.request())) {
        // Probes come by bare addresses, and whether the process lives must not hang on the database.
        _ if matches!(request.path(), "/healthz" | "/readyz") => Ok(None),
        (Some(web), Some(host)) => web.iam.own_host(&host).await,
        _ => Ok(None),
    };
    let refusal = match found {
        Ok(None) => None,
        Ok(Some(own)) => {
            let refusal = refuse(request.request(), &own.slug);
            request.extensions_mut().insert(own);
            refusal
        }
        Err(error) => Some(respond::failed_page(request.request(), &error)),
    };
    match refusal {
        Some(response) => Ok(request.into_response(response)),
        None => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    }
}

/// Whose host the request came to, if it is a workspace's own.
pub fn of(request: &HttpRequest) -> Option<OwnHost> {
    request.extensions().get::<OwnHost>().cloned()
}

/// The host without its port. Only what the browser asked for counts; forwarding headers say what anybody wants.
fn host(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(HOST)?.to_str().ok()?;
    let host = match header.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => header,
    };
    Some(host.trim_end_matches('.').to_ascii_lowercase())
}

fn refuse(request: &HttpRequest, own: &Slug) -> Option<HttpResponse> {
    let path = request.path();
    let inside = |prefix: &str| {
        path.strip_prefix(prefix).is_some_and(|rest| {
            let slug = rest.split('/').next().unwrap_or_default();
            slug == own.as_str()
        })
    };
    if matches!(path, "/" | paths::LOGIN | paths::WORKSPACES) {
        let target = match path {
            paths::LOGIN => paths::workspace_login(own, None),
            _ => paths::overview(own),
        };
        return Some(
            HttpResponse::SeeOther()
                .insert_header((LOCATION, target))
                .finish(),
        );
    }
    let shared = ["/fn/", "/pkg/", "/brand/", "/login/"];
    let known = inside("/w/")
        || inside("/.well-known/oauth-authorization-server/w/")
        || shared.iter().any(|prefix| path.starts_with(prefix))
        || matches!(path, "/favicon.svg" | "/language");
    (!known).then(|| respond::page(request, ErrorCode::NotFound))
}
