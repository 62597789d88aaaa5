//! Logos and colours of workspaces: what pages ask for by address, and the upload.

use super::{context::Facts, respond};
use crate::application::Web;
use actix_multipart::form::{MultipartForm, MultipartFormConfig, bytes::Bytes as File};
use actix_web::{
    HttpRequest, HttpResponse,
    error::InternalError,
    http::header::{CACHE_CONTROL, LOCATION},
    web::{self, Data, Path, ServiceConfig},
};
use app::paths;
use iam::{IamError, picture::MOST_BYTES};
use iam_types::{ErrorCode, LogoId, Slug};

/// What an address names never changes: another logo or colour has another address.
const FOR_EVER: (actix_web::http::header::HeaderName, &str) =
    (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// Mounts what everybody may read.
pub fn public_routes(config: &mut ServiceConfig) {
    config
        .route("/brand/{digits}.css", web::get().to(style))
        .route("/w/{slug}/logo/{id}", web::get().to(logo));
}

/// Mounts the upload.
pub fn routes(config: &mut ServiceConfig) {
    let form = MultipartFormConfig::default()
        .total_limit(MOST_BYTES + 4096)
        .memory_limit(MOST_BYTES + 4096)
        .error_handler(|error, request| {
            let response = respond::page(request, ErrorCode::TooLarge);
            InternalError::from_response(error, response).into()
        });
    config.service(
        web::resource("/w/{slug}/admin/branding/logo")
            .app_data(form)
            .route(web::post().to(upload)),
    );
}

#[derive(MultipartForm)]
struct Upload {
    logo: File,
}

async fn style(web: Data<Web>, digits: Path<String>) -> HttpResponse {
    match web.iam.brand_style(&digits) {
        Ok(sheet) => HttpResponse::Ok()
            .content_type("text/css; charset=utf-8")
            .insert_header(FOR_EVER)
            .body(sheet),
        Err(error) => respond::problem(&error),
    }
}

async fn logo(web: Data<Web>, path: Path<(String, String)>) -> HttpResponse {
    let png = async {
        let (slug, id) = path.into_inner();
        let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
        let id: LogoId = id.parse().map_err(|_| ErrorCode::NotFound)?;
        web.iam.logo(&slug, id).await
    };
    match png.await {
        Ok(png) => HttpResponse::Ok()
            .content_type("image/png")
            .insert_header(FOR_EVER)
            .body(png),
        Err(error) => respond::problem(&error),
    }
}

async fn upload(
    web: Data<Web>,
    path: Path<String>,
    ctx: Facts,
    request: HttpRequest,
    MultipartForm(upload): MultipartForm<Upload>,
) -> HttpResponse {
    let Ok(slug) = path.parse::<Slug>() else {
        return respond::page(&request, ErrorCode::NotFound);
    };
    let target = match web
        .iam
        .set_logo(&ctx.0, &slug, Some(upload.logo.data.to_vec()))
        .await
    {
        Ok(()) => format!("{}?saved=1", paths::branding(&slug)),
        Err(IamError::Refused(
            code @ (ErrorCode::InvalidPicture | ErrorCode::TooLarge | ErrorCode::RateLimited),
        )) => {
            format!("{}?refused={code}", paths::branding(&slug))
        }
        Err(error) => return respond::failed_page(&request, &error),
    };
    HttpResponse::SeeOther()
        .insert_header((LOCATION, target))
        .finish()
}
