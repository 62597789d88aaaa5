//! Scripts and styles. Beside each file an optimised build leaves it as it travels, compressed once and as well as can be.

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AcceptEncoding, ContentEncoding, Encoding, HeaderValue, VARY},
    middleware::Compress,
    web::{self, Data, Path, ServiceConfig},
};
use std::path::PathBuf;

/// What lies under `/pkg`, with its media type.
const FILES: [(&str, &str); 3] = [
    ("rooiam.js", "text/javascript; charset=utf-8"),
    ("rooiam.css", "text/css; charset=utf-8"),
    ("rooiam.wasm", "application/wasm"),
];

struct Folder(PathBuf);

/// Mounts `/pkg` over a folder.
pub fn routes(config: &mut ServiceConfig, folder: PathBuf) {
    config.service(
        web::scope("/pkg")
            .wrap(Compress::default())
            .app_data(Data::new(Folder(folder)))
            .route("/{name}", web::get().to(file)),
    );
}

async fn file(request: HttpRequest, name: Path<String>, folder: Data<Folder>) -> HttpResponse {
    let Some((name, media_type)) = FILES.into_iter().find(|(known, _)| *known == name.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    let Ok(media_type) = media_type.parse() else {
        return HttpResponse::InternalServerError().finish();
    };
    let path = folder.0.join(name);
    let compressed = match takes_brotli(&request) {
        true => NamedFile::open_async(path.with_added_extension("br")).await.ok(),
        false => None,
    };
    let file = match compressed {
        Some(file) => file.set_content_encoding(ContentEncoding::Brotli),
        None => match NamedFile::open_async(path).await {
            Ok(file) => file,
            Err(_) => return HttpResponse::NotFound().finish(),
        },
    };
    let mut response = file.set_content_type(media_type).into_response(&request);
    response
        .headers_mut()
        .insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn takes_brotli(request: &HttpRequest) -> bool {
    use actix_web::HttpMessage;
    let offered = [Encoding::brotli(), Encoding::identity()];
    request
        .get_header::<AcceptEncoding>()
        .is_some_and(|wanted| wanted.negotiate(offered.iter()) == Some(Encoding::brotli()))
}
