//! For operators: health, readiness, metrics.

use super::Web;
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::{self, Data, ServiceConfig},
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use std::time::Instant;

/// Mounts what load balancers ask.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/healthz", web::get().to(healthz))
        .route("/readyz", web::get().to(readyz));
}

/// Mounts what Prometheus asks, on a listener of its own.
pub fn metrics_routes(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(render));
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// Ready means that the database answers and has this binary's schema: a node on an older one could only fail. Without the
/// accelerator the node goes on, and says so.
async fn readyz(web: Data<Web>) -> HttpResponse {
    let missing = web.iam.store().missing_migrations().await;
    let cache = web.iam.limiter().ping().await;
    let word = |ok| if ok { "ok" } else { "down" };
    let schema = match missing.as_deref() {
        Ok([]) => "ok".to_owned(),
        Ok([first, ..]) => format!("behind: {first:04} and later are missing, run rooiam migrate"),
        Err(_) => "unknown".to_owned(),
    };
    let ready = matches!(missing.as_deref(), Ok([]));
    let body = json!({ "database": word(missing.is_ok()), "schema": schema, "cache": word(cache) });
    if ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

async fn render(handle: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(handle.render())
}

/// Middleware: counts and times requests by route pattern, so that no address becomes a label.
#[expect(
    clippy::disallowed_methods,
    reason = "a duration for people, no rule depends on it"
)]
pub async fn measure<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    // A verb that somebody made up would be a label of its own, kept for ever.
    let method = match *request.method() {
        Method::GET | Method::HEAD | Method::POST | Method::OPTIONS => request.method().to_string(),
        _ => "other".to_owned(),
    };
    let outcome = next.call(request).await;
    let other = || "other".to_owned();
    let (route, status) = match &outcome {
        Ok(response) => (
            response.request().match_pattern().unwrap_or_else(other),
            response.status(),
        ),
        Err(error) => (other(), error.as_response_error().status_code()),
    };
    let labels = [
        ("method", method),
        ("route", route),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("rooiam_http_requests_total", &labels).increment(1);
    metrics::histogram!("rooiam_http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    outcome
}
