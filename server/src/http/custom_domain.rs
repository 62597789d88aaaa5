//! Requests that come to a workspace's own host. There, nothing but that workspace exists: its owner could read the cookies.

use super::{Web, host, icons, respond};
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::LOCATION,
    middleware::Next,
    web::Data,
};
use app::paths;
use iam::ctx::CustomDomain;
use iam_types::{ErrorCode, Slug};

/// Middleware: remembers whose host the request came to, and refuses what that host does not have. A host that is neither
/// the platform's nor proved by a workspace has nothing (RFC 9110 15.5.20): a name server of anybody's could lead there.
pub async fn enforce_custom_domain(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Probes come by bare addresses, and whether the process lives must not hang on the database.
    let refusal = match request.path() {
        "/healthz" | "/readyz" => None,
        _ => find(request.request()).await,
    };
    match refusal {
        Some(response) => Ok(request.into_response(response)),
        None => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    }
}

async fn find(request: &HttpRequest) -> Option<HttpResponse> {
    let (Some(web), Ok(host)) = (request.app_data::<Data<Web>>(), host::asked(request)) else {
        return Some(respond::page(request, ErrorCode::BadRequest));
    };
    if web.iam.is_platform_host(&host) {
        return None;
    }
    match web.iam.domains().custom_domain(&host).await {
        Ok(Some(own)) => {
            let refusal = refuse(request, &own.slug);
            request.extensions_mut().insert(own);
            refusal
        }
        Ok(None) => {
            tracing::debug!(host, "a host that is nobody's");
            Some(respond::page(request, ErrorCode::Misdirected))
        }
        Err(error) => Some(respond::failed_page(request, &error)),
    }
}

/// Whose host the request came to, if it is a workspace's own.
pub fn of(request: &HttpRequest) -> Option<CustomDomain> {
    request.extensions().get::<CustomDomain>().cloned()
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
            paths::LOGIN if request.query_string().contains("again=") => {
                paths::workspace_login_again(own.as_str())
            }
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
        || icons::is_icon(path)
        || path == "/language";
    (!known).then(|| respond::page(request, ErrorCode::NotFound))
}
