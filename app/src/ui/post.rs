//! Forms that change something. Each sends what it holds to the address of a server function and comes to nothing but a
//! redirect or a failure, so one action of one type serves them all: an action of its own type for each form would be a
//! quarter of what the browser downloads.

use crate::AppError;
#[cfg(not(feature = "hydrate"))]
use iam_types::ErrorCode;
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    server::ServerActionError,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use std::marker::PhantomData;

/// What a form came to.
pub type Outcome = Result<(), AppError>;

/// Where a form is sent, and what it came to.
#[derive(Clone, Copy)]
pub struct Sending {
    url: &'static str,
    action: Action<String, Outcome>,
}

/// A [`Sending`] to the server function `S`.
pub struct Post<S> {
    sending: Sending,
    to: PhantomData<fn() -> S>,
}

impl<S> Clone for Post<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Post<S> {}

impl<S> From<Post<S>> for Sending {
    fn from(post: Post<S>) -> Self {
        post.sending
    }
}

impl<S: ServerFn> Post<S> {
    /// A form that was not sent yet; or, without scripts, one that just failed.
    pub fn new() -> Self {
        Self {
            sending: Sending::new(S::url()),
            to: PhantomData,
        }
    }
}

impl<S> Post<S> {
    /// What it came to last.
    pub fn value(&self) -> impl Get<Value = Option<Outcome>> + Copy + Send + Sync + 'static + use<S> {
        self.sending.action.value()
    }

    /// Counts how often it was sent.
    pub fn version(&self) -> RwSignal<usize> {
        self.sending.action.version()
    }

    /// Whether it waits for an answer.
    pub fn pending(&self) -> Memo<bool> {
        self.sending.action.pending()
    }
}

impl Sending {
    fn new(url: &'static str) -> Self {
        let failed = use_context::<ServerActionError>().filter(|error| error.path() == url);
        let failed = failed.map(|error| Err(ServerFnUrlError::<AppError>::decode_err(error.err())));
        let action = Action::new_with_value(failed, move |fields: &String| send(url, fields.clone()));
        Self { url, action }
    }
}

/// A form that scripts send without leaving the page, and that works without them.
#[component]
pub fn PostForm(
    /// Where it goes.
    #[prop(into)]
    action: Sending,
    /// Its fields.
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if let Some(fields) = fields(&event) {
            action.action.dispatch(fields);
        }
    };
    view! { <form method="post" action=action.url on:submit=submit>{children()}</form> }
}

/// The form's fields as a browser would send them.
fn fields(event: &SubmitEvent) -> Option<String> {
    let form = event_target::<web_sys::HtmlFormElement>(event);
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    let fields = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(String::from(fields.to_string()))
}

#[cfg(feature = "hydrate")]
async fn send(url: &'static str, fields: String) -> Outcome {
    use leptos::server_fn::{
        client::{Client, browser::BrowserClient},
        error::FromServerFnError,
        redirect::call_redirect_hook,
        request::{ClientReq, browser::BrowserRequest},
        response::ClientRes,
    };
    let request: BrowserRequest = ClientReq::<AppError>::try_new_post(
        url,
        "application/x-www-form-urlencoded",
        "application/json",
        fields,
    )?;
    let answer = <BrowserClient as Client<AppError>>::send(request).await?;
    if (400..600).contains(&ClientRes::<AppError>::status(&answer)) {
        let body = ClientRes::<AppError>::try_into_bytes(answer).await?;
        return Err(AppError::de(body));
    }
    if ClientRes::<AppError>::has_redirect(&answer) {
        call_redirect_hook(&ClientRes::<AppError>::location(&answer));
    }
    Ok(())
}

/// The server renders forms and never sends one.
#[cfg(not(feature = "hydrate"))]
async fn send(_: &'static str, _: String) -> Outcome {
    Err(ErrorCode::Internal.into())
}
