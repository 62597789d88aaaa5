//! Error pages in the look of the workspace whose address they stand for.

use super::Web;
use super::{
    context::request_ctx,
    custom_domain,
    respond::{self, Problem},
};
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::CONTENT_ENCODING,
    middleware::Next,
    web::Data,
};
use app::{i18n::locale_of, server::problem::problem_page};
use iam_types::Slug;

/// Middleware: dresses error pages.
pub async fn dress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(page) = dressed(&response).await else {
        return Ok(response);
    };
    let mut response = response.map_body(|_, _| BoxBody::new(page));
    // The page that it replaces may have been compressed.
    response.headers_mut().remove(CONTENT_ENCODING);
    Ok(response)
}

async fn dressed(response: &ServiceResponse<BoxBody>) -> Option<String> {
    let Problem { code, app } = response.response().extensions().get::<Problem>()?.clone();
    let request = response.request();
    let slug: Option<Slug> = request
        .path()
        .strip_prefix("/w/")
        .and_then(|rest| rest.split('/').next()?.parse().ok());
    // Who looks is told no more than the login page tells everybody. What failed on our side is not asked again.
    if code.status() >= 500 || (slug.is_none() && custom_domain::of(request).is_none()) {
        return None;
    }
    let web = request.app_data::<Data<Web>>()?;
    let ctx = request_ctx(request);
    let brand = web
        .iam
        .branding()
        .brand_for(&ctx, slug.as_ref(), "")
        .await
        .ok()??;
    let locale = locale_of(&ctx.locale).unwrap_or_default();
    Some(problem_page(
        locale,
        code,
        app,
        Some(brand),
        &respond::assets(request),
    ))
}
