//! A fault in a handler costs its request, not the connection and whatever else waits on it.

use super::{Web, connection::Connection, headers, respond};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use std::{future::pending, panic::AssertUnwindSafe, rc::Rc};

/// Middleware: turns a panic below into an answer, and what does not end. Where a panic happened is logged by the hook of
/// `telemetry`.
pub async fn faults<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let web = request.app_data::<Data<Web>>();
    let https = web.is_none_or(|web| web.iam.is_https());
    let patience = web.map(|web| web.bodies.patience.connection);
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    let (locale, assets) = (
        respond::locale(request.request()),
        respond::assets(request.request()),
    );
    let opener = headers::opener_policy(request.path());
    let stuck = async {
        match (&connection, patience) {
            (Some(connection), Some(patience)) => connection.stuck(patience).await,
            _ => pending().await,
        }
    };
    // What a handler left half done is its own: state that requests share is in the database or behind locks.
    let fault = tokio::select! {
        handled = AssertUnwindSafe(next.call(request)).catch_unwind() => match handled {
            Ok(response) => return response,
            Err(_) => "a handler panicked",
        },
        () = stuck => {
            tracing::error!("a handler did not answer in time");
            "a handler did not answer in time"
        }
    };
    let mut response = respond::fault(locale, &assets);
    headers::add_missing(response.headers_mut(), https, opener);
    Err(InternalError::from_response(fault, response).into())
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
                .wrap(from_fn(faults))
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
