//! Which pages are compressed. Whoever can put text into a page and sees how long it gets learns what else is in it
//! (BREACH). Text gets in by the address, so a page whose address another site chose is compressed only while we know
//! nothing of the person; and a page that holds a secret never is (`app::server::context::keep_uncompressed`).

use super::context;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue},
    middleware::Next,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Middleware, inside of the one that compresses: marks as encoded what must stay as it is.
pub async fn restrict<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let site = request.headers().get(SEC_FETCH_SITE);
    let ours = site.is_some_and(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    let harmless = ours || context::is_unknown(request.request());
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let may_be = harmless && page;
    if !may_be && !headers.contains_key(CONTENT_ENCODING) {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(response)
}

/// Middleware, outside of the one that compresses: takes the mark away, which is no encoding (RFC 9110 8.4).
pub async fn clean<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "identity")
    {
        headers.remove(CONTENT_ENCODING);
    }
    Ok(response)
}
