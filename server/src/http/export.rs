//! Everything a workspace holds, and everything that is kept of a person, as files.

use super::Web;
use super::{context::RequestCtx, respond};
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::{BodySize, MessageBody},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    web::{self, Bytes, Data, Path, ServiceConfig},
};
use iam_types::{ErrorCode, Slug};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::mpsc::Receiver;

/// Mounts the files.
pub fn routes(config: &mut ServiceConfig) {
    // No GETs: taking one is an event, which no link on another site may cause.
    config
        .route("/w/{slug}/admin/export", web::post().to(export))
        .route("/account/data/export", web::post().to(export_own));
}

/// Lines that come while they are sent.
struct Lines(Receiver<String>);

impl MessageBody for Lines {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.0.poll_recv(cx).map(|line| {
            line.map(|mut line| {
                line.push('\n');
                Ok(Bytes::from(line))
            })
        })
    }
}

async fn export(web: Data<Web>, path: Path<String>, ctx: RequestCtx, request: HttpRequest) -> HttpResponse {
    let Ok(slug) = path.parse::<Slug>() else {
        return respond::page(&request, ErrorCode::NotFound);
    };
    match web.iam.workspaces().export(&ctx.0, &slug).await {
        Ok(lines) => file("application/x-ndjson", &format!("{slug}.ndjson")).body(Lines(lines)),
        Err(error) => respond::failed_page(&request, &error),
    }
}

async fn export_own(web: Data<Web>, ctx: RequestCtx, request: HttpRequest) -> HttpResponse {
    match web.iam.account().export(&ctx.0).await {
        Ok(data) => file("application/json", "account.json").body(format!("{data:#}")),
        Err(error) => respond::failed_page(&request, &error),
    }
}

/// An answer that browsers keep as a file, and caches do not.
fn file(content_type: &str, name: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"));
    response
}
