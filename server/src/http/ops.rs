//! For operators: health, readiness, metrics.

use crate::application::Web;
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
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

/// Ready means that the database answers. Without the accelerator the node goes on, and says so.
async fn readyz(web: Data<Web>) -> HttpResponse {
    let database = web.iam.store().ping().await.is_ok();
    let cache = web.iam.limiter().ping().await;
    let word = |ok| if ok { "ok" } else { "down" };
    let body = json!({ "database": word(database), "cache": word(cache) });
    if database {
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
    let method = request.method().to_string();
    let response = next.call(request).await?;
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "other".to_owned());
    let labels = [
        ("method", method),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("rooiam_http_requests_total", &labels).increment(1);
    metrics::histogram!("rooiam_http_request_seconds", &labels).record(started.elapsed().as_secs_f64());
    Ok(response)
}
