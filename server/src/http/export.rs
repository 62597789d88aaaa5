//! Everything a workspace holds, as a file.

use super::Web;
use super::{context::RequestCtx, respond};
use actix_web::{
    HttpRequest, HttpResponse,
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

/// Mounts the file.
pub fn routes(config: &mut ServiceConfig) {
    // Not a GET: taking it is an event, which no link on another site may cause.
    config.route("/w/{slug}/admin/export", web::post().to(export));
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
        Ok(lines) => HttpResponse::Ok()
            .content_type("application/x-ndjson")
            .insert_header((
                CONTENT_DISPOSITION,
                format!("attachment; filename=\"{slug}.ndjson\""),
            ))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(Lines(lines)),
        Err(error) => respond::failed_page(&request, &error),
    }
}
