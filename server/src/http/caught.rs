//! A fault in a handler costs its request, not the connection and whatever else waits on it.

use super::Web;
use super::{headers, respond};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Middleware: turns a panic below into an answer. Where it happened is logged by the hook of `telemetry`.
pub async fn panics<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let https = request
        .app_data::<Data<Web>>()
        .is_none_or(|web| web.iam.is_https());
    let (locale, assets) = (
        respond::locale(request.request()),
        respond::assets(request.request()),
    );
    let opener = headers::opener_policy(request.path());
    // What a handler left half done is its own: state that requests share is in the database or behind locks.
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            let mut response = respond::fault(locale, &assets);
            headers::add_missing(response.headers_mut(), https, opener);
            Err(InternalError::from_response("a handler panicked", response).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        App, HttpResponse,
        http::{StatusCode, header::CONTENT_SECURITY_POLICY},
        middleware::from_fn,
        test::{TestRequest, init_service, try_call_service},
        web,
    };

    async fn broken() -> HttpResponse {
        panic!("what somebody sent")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_as_a_fault_that_tells_nothing() {
        let app = init_service(
            App::new()
                .wrap(from_fn(panics))
                .route("/broken", web::get().to(broken))
                .route("/sound", web::get().to(HttpResponse::Ok)),
        )
        .await;
        for _ in 0..2 {
            let request = TestRequest::with_uri("/broken").to_request();
            let error = try_call_service(&app, request).await.err().unwrap();
            let response = error.error_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY));
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("what somebody sent"));
        }
        let request = TestRequest::with_uri("/sound").to_request();
        let response = try_call_service(&app, request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}
