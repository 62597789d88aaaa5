//! Logos and colours of workspaces: what pages ask for by address, and the upload.

use super::Web;
use super::{
    context::RequestCtx,
    respond,
    upload::{FOR_EVER, png, resource, upload_to},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path, Payload, ServiceConfig},
};
use app::paths;
use iam::core::image::Frame;
use iam_types::{ErrorCode, LogoId, Slug};

/// Mounts what everybody may read.
pub fn public_routes(config: &mut ServiceConfig) {
    config
        .route("/brand/{digits}.css", web::get().to(style))
        .route("/w/{slug}/logo/{id}", web::get().to(logo));
}

/// Mounts the upload.
pub fn upload_route(config: &mut ServiceConfig) {
    config.service(resource("/w/{slug}/admin/branding/logo", Frame::Logo).route(web::post().to(upload)));
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
    let found = async {
        let (slug, id) = path.into_inner();
        let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
        let id: LogoId = id.parse().map_err(|_| ErrorCode::NotFound)?;
        web.iam.branding().logo(&slug, id).await
    };
    png(found.await, FOR_EVER)
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
    let branding = web.iam.branding();
    let (page, admitted) = (paths::branding(&slug), branding.admit_logo(&ctx.0, &slug));
    let keep = async |file| branding.set_logo(&ctx.0, &slug, Some(file)).await;
    upload_to(&web, &request, payload, (&page, Frame::Logo), admitted, keep).await
}
