//! Pictures of people: what pages and apps ask for by address, and the upload.

use super::{
    Web,
    context::RequestCtx,
    upload::{FOR_AN_HOUR, png, resource, upload_to},
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path, Payload, ServiceConfig},
};
use app::paths;
use iam::core::image::Frame;
use iam_types::{ErrorCode, PictureId};

/// Mounts what everybody may read who knows its address.
pub fn public_routes(config: &mut ServiceConfig) {
    config.route("/pictures/{id}", web::get().to(picture));
}

/// Mounts the upload.
pub fn upload_route(config: &mut ServiceConfig) {
    config.service(resource("/account/picture", Frame::Face).route(web::post().to(upload)));
}

async fn picture(web: Data<Web>, id: Path<String>) -> HttpResponse {
    let found = async {
        let id: PictureId = id.parse().map_err(|_| ErrorCode::NotFound)?;
        web.iam.account().picture(id).await
    };
    png(found.await, FOR_AN_HOUR)
}

async fn upload(web: Data<Web>, ctx: RequestCtx, request: HttpRequest, payload: Payload) -> HttpResponse {
    let account = web.iam.account();
    let keep = async |file| account.set_picture(&ctx.0, Some(file)).await;
    let to = (paths::ACCOUNT, Frame::Face);
    upload_to(&web, &request, payload, to, account.admit_picture(&ctx.0), keep).await
}
