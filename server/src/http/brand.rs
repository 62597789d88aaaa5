//! Logos and colours of workspaces: what pages ask for by address, and the upload.

use super::Web;
use super::{
    body,
    context::{self, RequestCtx},
    outcome, respond, same_origin,
};
use actix_multipart::{
    MultipartError,
    form::{MultipartForm, MultipartFormConfig, bytes::Bytes as File},
};
use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse,
    error::PayloadError,
    http::header::CACHE_CONTROL,
    middleware::from_fn,
    web::{self, Data, Path, Payload, ServiceConfig},
};
use app::paths;
use iam::{IamError, core::image::MOST_BYTES};
use iam_types::{
    ErrorCode, LogoId, Slug,
    view::{Done, Told},
};
use tokio::sync::OwnedSemaphorePermit;

/// A file, and the lines around it.
const MOST_UPLOADED: usize = MOST_BYTES + 4096;

/// What an address names never changes: another logo or colour has another address.
const FOR_EVER: (actix_web::http::header::HeaderName, &str) =
    (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// Mounts what everybody may read.
pub fn public_routes(config: &mut ServiceConfig) {
    config
        .route("/brand/{digits}.css", web::get().to(style))
        .route("/w/{slug}/logo/{id}", web::get().to(logo));
}

/// Mounts the upload. Who sends it, and whether they may, is decided before its body is read.
pub fn upload_route(config: &mut ServiceConfig) {
    let form = MultipartFormConfig::default()
        .total_limit(MOST_UPLOADED)
        .memory_limit(MOST_UPLOADED);
    config.service(
        web::resource("/w/{slug}/admin/branding/logo")
            .app_data(form)
            .wrap(from_fn(context::attach))
            .wrap(from_fn(same_origin::require))
            .route(web::post().to(upload)),
    );
}

#[derive(MultipartForm)]
struct Upload {
    logo: File,
}

async fn style(web: Data<Web>, digits: Path<String>) -> HttpResponse {
    match web.iam.branding().style_sheet(&digits) {
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
        web.iam.branding().logo(&slug, id).await
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
    ctx: RequestCtx,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let Ok(slug) = path.parse::<Slug>() else {
        return respond::page(&request, ErrorCode::NotFound);
    };
    let page = paths::branding(&slug);
    let refused = |code| Told {
        error: Some(code),
        ..Told::default()
    };
    match web.iam.branding().admit_logo(&ctx.0, &slug).await {
        Ok(()) => {}
        Err(IamError::RateLimited { .. }) => {
            return outcome::see(&request, &page, Some(refused(ErrorCode::RateLimited))).await;
        }
        Err(error) => return respond::failed_page(&request, &error),
    }
    // The turn lasts until the picture is drawn.
    let (file, _turn) = match receive(&web, &request, payload).await {
        Ok(received) => received,
        Err(code) => return body::refuse(&request, code),
    };
    let told = match web.iam.branding().set_logo(&ctx.0, &slug, Some(file)).await {
        Ok(()) => Done::Saved.into(),
        Err(IamError::Refused(code @ (ErrorCode::InvalidImage | ErrorCode::TooLarge))) => refused(code),
        Err(error) => return respond::failed_page(&request, &error),
    };
    outcome::see(&request, &page, Some(told)).await
}

/// The file, and the turn that its sender has until the answer is there.
async fn receive(
    web: &Web,
    request: &HttpRequest,
    payload: Payload,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), ErrorCode> {
    if !body::is_of(request, "multipart/form-data") {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    if body::announced(request).is_some_and(|length| length > MOST_UPLOADED as u64) {
        return Err(ErrorCode::TooLarge);
    }
    let turn = web.bodies.upload().ok_or(ErrorCode::Busy)?;
    match MultipartForm::<Upload>::from_request(request, &mut payload.into_inner()).await {
        Ok(MultipartForm(upload)) => Ok((upload.logo.data.to_vec(), turn)),
        Err(error) => Err(cause(&error)),
    }
}

/// What was wrong with an upload. A field's own failure carries the body's inside.
fn cause(error: &Error) -> ErrorCode {
    let unread = error
        .as_error::<PayloadError>()
        .or_else(|| match error.as_error::<MultipartError>()? {
            MultipartError::Payload(error) => Some(error),
            MultipartError::Field { source, .. } => match source.as_error::<MultipartError>()? {
                MultipartError::Payload(error) => Some(error),
                _ => None,
            },
            _ => None,
        });
    unread.map_or(ErrorCode::InvalidInput, body::failure)
}
