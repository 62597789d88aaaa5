//! Pictures that people send, and those that pages ask for by address.

use super::{Web, body, context, outcome, respond, same_origin};
use actix_multipart::{
    MultipartError,
    form::{MultipartForm, MultipartFormConfig, bytes::Bytes as File},
};
use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse, Resource,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header::{CACHE_CONTROL, HeaderName},
    middleware::from_fn,
    web::{self, Payload},
};
use iam::{IamError, core::image::Frame};
use iam_types::{
    ErrorCode,
    view::{Done, Told},
};
use tokio::sync::OwnedSemaphorePermit;

/// What an address names never changes: another logo or colour has another address.
pub(super) const FOR_EVER: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// A person's picture is gone when they take it away, but where it was just seen.
pub(super) const FOR_AN_HOUR: (HeaderName, &str) = (CACHE_CONTROL, "private, max-age=3600");

/// A file, and the lines around it.
const fn most_uploaded(frame: Frame) -> usize {
    frame.most_bytes() + 4096
}

#[derive(MultipartForm)]
struct Upload {
    picture: File,
}

/// A place that takes pictures. Who sends one, and whether they may, is decided before its body is read.
pub(super) fn resource(
    path: &str,
    frame: Frame,
) -> Resource<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let form = MultipartFormConfig::default()
        .total_limit(most_uploaded(frame))
        .memory_limit(most_uploaded(frame));
    web::resource(path)
        .app_data(form)
        .wrap(from_fn(context::attach))
        .wrap(from_fn(same_origin::require))
}

/// Takes the picture of a form if its sender is `admitted`, lets somebody `keep` it, and says on the form's `page` what became of it.
pub(super) async fn upload_to(
    web: &Web,
    request: &HttpRequest,
    payload: Payload,
    (page, frame): (&str, Frame),
    admitted: impl Future<Output = Result<(), IamError>>,
    keep: impl AsyncFnOnce(Vec<u8>) -> Result<(), IamError>,
) -> HttpResponse {
    let refused = |code| Told {
        error: Some(code),
        ..Told::default()
    };
    match admitted.await {
        Ok(()) => {}
        Err(IamError::RateLimited { .. }) => {
            return outcome::see(request, page, Some(refused(ErrorCode::RateLimited))).await;
        }
        Err(error) => return respond::failed_page(request, &error),
    }
    // The turn lasts until the picture is drawn, or nobody waits for it any more.
    let (file, _turn) = match receive(web, request, payload, frame).await {
        Ok(received) => received,
        Err(code) => return body::refuse(request, code),
    };
    let told = match keep(file).await {
        Ok(()) => Done::Saved.into(),
        Err(IamError::Refused(code @ (ErrorCode::InvalidImage | ErrorCode::TooLarge))) => refused(code),
        Err(error) => return respond::failed_page(request, &error),
    };
    outcome::see(request, page, Some(told)).await
}

/// Answers with a picture.
pub(super) fn png(found: Result<Vec<u8>, IamError>, kept: (HeaderName, &str)) -> HttpResponse {
    match found {
        Ok(png) => HttpResponse::Ok()
            .content_type("image/png")
            .insert_header(kept)
            .body(png),
        Err(error) => respond::problem(&error),
    }
}

/// The file, and the turn that its sender has until the answer is there.
async fn receive(
    web: &Web,
    request: &HttpRequest,
    payload: Payload,
    frame: Frame,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), ErrorCode> {
    if !body::is_of(request, "multipart/form-data") {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    if body::announced(request).is_some_and(|length| length > most_uploaded(frame) as u64) {
        return Err(ErrorCode::TooLarge);
    }
    let turn = web.bodies.upload().ok_or(ErrorCode::Busy)?;
    match MultipartForm::<Upload>::from_request(request, &mut payload.into_inner()).await {
        Ok(MultipartForm(upload)) => Ok((upload.picture.data.to_vec(), turn)),
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
