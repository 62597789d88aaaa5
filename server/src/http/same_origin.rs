//! Cross-site request forgery: a request that changes something must come from our own pages. Browsers say so in
//! `Sec-Fetch-Site`, older ones in `Origin`; a request that says neither is refused. `SameSite=Lax` cookies are the second wall.

use super::Web;
use super::{custom_domain, respond};
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName, ORIGIN},
    middleware::Next,
    web::Data,
};
use iam_types::ErrorCode;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Middleware: refuses changes that another site asked for.
pub async fn require(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let ours = request.app_data::<Data<Web>>().is_some_and(|web| {
        let own = custom_domain::of(request.request());
        let origin = own.as_ref().map_or_else(|| web.iam.origin(), |own| &own.origin);
        is_ours(request.headers(), origin)
    });
    if !request.method().is_safe() && !ours {
        let response = respond::page(request.request(), ErrorCode::CrossSite);
        return Ok(request.into_response(response));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text(SEC_FETCH_SITE), text(ORIGIN)) {
        (Some(site), Some(from)) => site == "same-origin" && from == origin,
        (Some(site), None) => site == "same-origin",
        (None, Some(from)) => from == origin,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_our_own_origin_passes() {
        let ours = |pairs: &[(HeaderName, &'static str)]| {
            let headers = pairs
                .iter()
                .cloned()
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect();
            is_ours(&headers, "https://id.example.com")
        };
        assert!(ours(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(ours(&[(ORIGIN, "https://id.example.com")]));
        assert!(!ours(&[]));
        assert!(!ours(&[(ORIGIN, "null")]));
        assert!(!ours(&[(ORIGIN, "https://id.example.com.evil.example")]));
        assert!(!ours(&[(SEC_FETCH_SITE, "same-site")]));
        assert!(!ours(&[
            (SEC_FETCH_SITE, "same-origin"),
            (ORIGIN, "https://evil.example")
        ]));
        assert!(!ours(&[
            (SEC_FETCH_SITE, "cross-site"),
            (ORIGIN, "https://id.example.com")
        ]));
    }
}
