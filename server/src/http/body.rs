//! Bodies of requests: who may send one, how long that may take, and how much of it is kept.
//!
//! [`guard`] stands around everything: it puts a clock on every body, read or not. [`read`] stands behind the decision who
//! sent it, and hands the whole body on or says what is wrong with it; no handler below meets half a body.

use super::Web;
use super::{connection::Connection, respond};
use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{
        Method,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::Next,
    web::{Bytes, BytesMut, Data},
};
use futures_util::{Stream, StreamExt};
use iam::Ctx;
use iam_types::ErrorCode;
use std::{
    cell::RefCell,
    io,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep_until},
};

/// The largest body but for uploads, in bytes.
pub const MOST_BYTES: usize = 256 * 1024;
/// Up to here a body needs no place of its own: a full form of one person.
const SMALL: usize = 16 * 1024;
/// Larger bodies at once, of those who are signed in and of all others: neither takes the other's places.
const PLACES: usize = 32;
/// Uploads at once. Drawing takes longer than sending.
const UPLOADS: usize = 8;
/// Seconds after which a refused body may be sent again.
const AGAIN: &str = "2";
const FORM: &str = "application/x-www-form-urlencoded";

/// How long clients may keep this server waiting.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request.
    pub head: Duration,
    /// For a body, on top of what it takes at [`rate`](Self::rate).
    pub body: Duration,
    /// Bytes a second at which a body has to come.
    pub rate: u32,
    /// For anything at all to happen on a connection.
    pub connection: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(10),
            rate: 16 * 1024,
            connection: Duration::from_secs(30),
        }
    }
}

/// What bodies may take.
#[derive(Debug, Clone)]
pub struct Bodies {
    pub(crate) patience: Patience,
    strangers: Arc<Semaphore>,
    people: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
}

impl Bodies {
    /// Places for bodies that come in time.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            strangers: Arc::new(Semaphore::new(PLACES)),
            people: Arc::new(Semaphore::new(PLACES)),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
        }
    }

    /// A turn to upload, if one is free.
    pub(super) fn upload(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.uploads).try_acquire_owned().ok()
    }

    fn large(&self, signed_in: bool) -> Option<OwnedSemaphorePermit> {
        let places = if signed_in { &self.people } else { &self.strangers };
        Arc::clone(places).try_acquire_owned().ok()
    }
}

impl Default for Bodies {
    fn default() -> Self {
        Self::new(Patience::default())
    }
}

/// A body that has to come in time.
struct Timed {
    body: Rc<RefCell<Payload>>,
    connection: Option<Rc<Connection>>,
    patience: Patience,
    began: Instant,
    came: u64,
    due: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(body: Rc<RefCell<Payload>>, connection: Option<Rc<Connection>>, patience: Patience) -> Self {
        let began = Instant::now();
        Self {
            body,
            connection,
            patience,
            began,
            came: 0,
            due: Box::pin(sleep_until(began + patience.body)),
        }
    }
}

impl Stream for Timed {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let next = match Pin::new(&mut *this.body.borrow_mut()).poll_next(cx) {
            Poll::Ready(next) => next,
            Poll::Pending if this.due.as_mut().poll(cx).is_pending() => {
                if let Some(connection) = &this.connection {
                    connection.waits_for_client();
                }
                return Poll::Pending;
            }
            Poll::Pending => Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))),
        };
        if let Some(Ok(chunk)) = &next {
            this.came += chunk.len() as u64;
            let earned = Duration::from_millis(this.came * 1000 / u64::from(this.patience.rate.max(1)));
            this.due.as_mut().reset(this.began + this.patience.body + earned);
        }
        if let Some(connection) = &this.connection {
            connection.received();
        }
        Poll::Ready(next)
    }
}

/// An answer that remembers the body it answers: whoever drops an unread body in pieces before the answer is out would
/// let the server read on for ever, instead of closing the connection.
struct Answer<B> {
    body: Pin<Box<B>>,
    connection: Option<Rc<Connection>>,
    _unread: Option<Rc<RefCell<Payload>>>,
}

impl<B: MessageBody> MessageBody for Answer<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        let next = self.body.as_mut().poll_next(cx);
        if let Some(connection) = &self.connection {
            match next {
                Poll::Ready(_) => connection.answered(),
                Poll::Pending => connection.waits_for_answer(),
            }
        }
        next
    }
}

/// Middleware: lets no body take for ever.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    if let Some(connection) = &connection {
        connection.received();
    }
    let patience = request
        .app_data::<Data<Web>>()
        .map(|web| web.bodies.patience)
        .unwrap_or_default();
    let unread = match request.take_payload() {
        Payload::None => None,
        body => Some(Rc::new(RefCell::new(body))),
    };
    if let Some(body) = &unread {
        let timed = Timed::new(Rc::clone(body), connection.clone(), patience);
        request.set_payload(Payload::Stream {
            payload: Box::pin(timed),
        });
    }
    let response = next.call(request).await;
    if let Some(connection) = &connection {
        connection.answered();
    }
    Ok(response?.map_body(|_, body| {
        BoxBody::new(Answer {
            body: Box::pin(body),
            connection,
            _unread: unread,
        })
    }))
}

/// Middleware: reads the body, for what is no form.
pub async fn read(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    read_as(None, request, next).await
}

/// Middleware: reads the body, which has to be a form.
pub async fn read_form(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    read_as(Some(FORM), request, next).await
}

async fn read_as(
    media_type: Option<&str>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(expected) = media_type
        && request.method() == Method::POST
        && !is_of(request.request(), expected)
    {
        let response = refuse(request.request(), ErrorCode::UnsupportedMediaType);
        return Ok(request.into_response(response));
    }
    let body = request.take_payload();
    // Held until the answer is there: the body is, too.
    let mut place = None;
    match collect(request.request(), body, &mut place).await {
        Ok(body) if media_type.is_some() && std::str::from_utf8(&body).is_err() => {
            let response = refuse(request.request(), ErrorCode::BadRequest);
            Ok(request.into_response(response))
        }
        Ok(body) => {
            request.set_payload(body.into());
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(code) => {
            let response = refuse(request.request(), code);
            Ok(request.into_response(response))
        }
    }
}

/// Whether the request says that its body is of this type, whatever parameters follow.
pub(super) fn is_of(request: &HttpRequest, media_type: &str) -> bool {
    let Some(header) = request.headers().get(CONTENT_TYPE) else {
        return false;
    };
    let essence = header.as_bytes().split(|byte| *byte == b';').next();
    essence.is_some_and(|essence| essence.trim_ascii().eq_ignore_ascii_case(media_type.as_bytes()))
}

/// The length that the request announces.
pub(super) fn announced(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(
    request: &HttpRequest,
    mut body: Payload,
    place: &mut Option<OwnedSemaphorePermit>,
) -> Result<Bytes, ErrorCode> {
    if announced(request).is_some_and(|length| length > MOST_BYTES as u64) {
        return Err(ErrorCode::TooLarge);
    }
    let mut whole = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| failure(&error))?;
        let length = whole.len() + chunk.len();
        if length > MOST_BYTES {
            return Err(ErrorCode::TooLarge);
        }
        if length > SMALL && place.is_none() {
            let signed_in = request
                .extensions()
                .get::<Ctx>()
                .is_some_and(|ctx| ctx.actor.is_some());
            let web = request.app_data::<Data<Web>>().ok_or(ErrorCode::Internal)?;
            *place = Some(web.bodies.large(signed_in).ok_or(ErrorCode::Busy)?);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// What a body that did not come whole is to its sender.
pub(super) fn failure(error: &PayloadError) -> ErrorCode {
    match error {
        PayloadError::Overflow => ErrorCode::TooLarge,
        PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut => ErrorCode::TooSlow,
        _ => ErrorCode::BadRequest,
    }
}

/// Refuses a body, in the words of whoever sent it.
pub(super) fn refuse(request: &HttpRequest, code: ErrorCode) -> HttpResponse {
    let mut response = respond::refusal(request, code);
    if code == ErrorCode::Busy {
        response.headers_mut().insert(
            RETRY_AFTER,
            actix_web::http::header::HeaderValue::from_static(AGAIN),
        );
    }
    response
}
