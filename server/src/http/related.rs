//! The origins that may use passkeys of the platform (WebAuthn Level 3, 5.11). Browsers ask for them at the platform's host alone.

use super::{Web, context::request_ctx, respond};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::CACHE_CONTROL,
    web::{self, Data, ServiceConfig},
};
use iam_types::ErrorCode;

/// Mounts the document.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/.well-known/webauthn", web::get().to(origins));
}

/// Kept for a moment: a host that is taken off is no more asked about.
async fn origins(web: Data<Web>, request: HttpRequest) -> HttpResponse {
    if request_ctx(&request).custom_domain.is_some() {
        // Who has hosts here is nothing for each of them to know.
        return respond::problem(&ErrorCode::NotFound.into());
    }
    match web.iam.domains().related_origins().await {
        Ok(origins) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "public, max-age=60"))
            .json(origins),
        Err(error) => respond::problem(&error),
    }
}
