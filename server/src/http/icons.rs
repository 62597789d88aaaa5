//! The icons that browsers and phones ask for, by the names they look for.

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, HeaderValue},
    web::{self, ServiceConfig},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Mounts the icons of a site folder.
pub fn routes(config: &mut ServiceConfig, site_root: &Path) {
    let [drawn, old, touch] =
        ["favicon.svg", "favicon.ico", "apple-touch-icon.png"].map(|name| site_root.join(name));
    config
        .route(
            "/favicon.svg",
            web::get().to(move |request| icon(request, drawn.clone())),
        )
        .route(
            "/favicon.ico",
            web::get().to(move |request| icon(request, old.clone())),
        )
        .route(
            "/apple-touch-icon.png",
            web::get().to(move |request| icon(request, touch.clone())),
        );
}

/// Whether this is the address of an icon: they are the same at every host.
pub fn is_icon(path: &str) -> bool {
    matches!(path, "/favicon.svg" | "/favicon.ico" | "/apple-touch-icon.png")
}

/// Kept for a day: the names say nothing of what is in them.
async fn icon(request: HttpRequest, file: PathBuf) -> io::Result<HttpResponse> {
    let mut response = NamedFile::open_async(file).await?.into_response(&request);
    let kept = HeaderValue::from_static("public, max-age=86400");
    response.headers_mut().insert(CACHE_CONTROL, kept);
    Ok(response)
}
