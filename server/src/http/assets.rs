//! Scripts and styles. Beside each file an optimised build leaves it as it travels, compressed once and as well as can be.

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AcceptEncoding, CACHE_CONTROL, ContentEncoding, Encoding, HeaderMap, HeaderValue, VARY},
    middleware::Compress,
    web::{self, Data, Path, ServiceConfig},
};
use app::server::assets::kind_of;
use std::path::PathBuf;

struct Folder(PathBuf);

/// Mounts `/pkg` over a folder.
pub fn routes(config: &mut ServiceConfig, folder: PathBuf) {
    config.service(
        web::scope("/pkg")
            .wrap(Compress::default())
            .app_data(Data::new(Folder(folder)))
            .route("/{name}", web::get().to(file))
            .default_service(web::to(|| async { missing() })),
    );
}

async fn file(request: HttpRequest, name: Path<String>, folder: Data<Folder>) -> HttpResponse {
    let Some((media_type, hashed)) = kind_of(&name) else {
        return missing();
    };
    let Ok(media_type) = media_type.parse() else {
        return HttpResponse::InternalServerError().finish();
    };
    let path = folder.0.join(name.as_str());
    let compressed = match takes_brotli(&request) {
        true => NamedFile::open_async(path.with_added_extension("br")).await.ok(),
        false => None,
    };
    let file = match compressed {
        Some(file) => file.set_content_encoding(ContentEncoding::Brotli),
        None => match NamedFile::open_async(path).await {
            Ok(file) => file,
            Err(_) => return missing(),
        },
    };
    let mut response = file.set_content_type(media_type).into_response(&request);
    let kept = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    set(response.headers_mut(), kept);
    response
}

/// Not kept either: during an upgrade the next node may have the file.
fn missing() -> HttpResponse {
    let mut response = HttpResponse::NotFound().finish();
    set(response.headers_mut(), "no-store");
    response
}

fn set(headers: &mut HeaderMap, kept: &'static str) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
}

fn takes_brotli(request: &HttpRequest) -> bool {
    use actix_web::HttpMessage;
    let offered = [Encoding::brotli(), Encoding::identity()];
    request
        .get_header::<AcceptEncoding>()
        .is_some_and(|wanted| wanted.negotiate(offered.iter()) == Some(Encoding::brotli()))
}
