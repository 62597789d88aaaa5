//! Forms that change something. Each sends what it holds to the address of a server function and comes to nothing but a
//! redirect or a failure, so one action of one type serves them all: an action of its own type for each form would be a
//! quarter of what the browser downloads.

use super::told::{InForm, Telling, failure_of};
use crate::AppError;
#[cfg(not(feature = "hydrate"))]
use iam_types::ErrorCode;
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use std::marker::PhantomData;

/// What a form came to.
pub type Outcome = Result<(), AppError>;

/// Where a form is sent, and what it came to.
#[derive(Clone, Copy)]
pub struct Sending {
    url: &'static str,
    action: Action<String, Outcome>,
    successes: RwSignal<usize>,
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

    /// Counts how often it did its work. A page that loads again when it changes keeps what was typed when it fails.
    pub fn version(&self) -> RwSignal<usize> {
        self.sending.successes
    }

    /// Whether it waits for an answer.
    pub fn pending(&self) -> Memo<bool> {
        self.sending.action.pending()
    }
}

impl Sending {
    fn new(url: &'static str) -> Self {
        let failed = failure_of(url).map(|code| Err(code.into()));
        let (telling, successes) = (Telling::here(), RwSignal::new(0));
        let action = Action::new_with_value(failed, move |fields: &String| {
            let fields = fields.clone();
            async move {
                telling.set(None);
                let outcome = send(url, fields, telling).await;
                if outcome.is_ok() {
                    successes.try_update(|count| *count += 1);
                }
                outcome
            }
        });
        Self {
            url,
            action,
            successes,
        }
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
    // Its fields know by this which form they are in; forms beside it must not.
    let inside = Owner::new();
    let children = inside.with(|| {
        provide_context(InForm(action.url));
        children()
    });
    on_cleanup(move || drop(inside));
    view! { <form method="post" action=action.url on:submit=submit>{children}</form> }
}

/// The form's fields as a browser would send them.
fn fields(event: &SubmitEvent) -> Option<String> {
    let form = event_target::<web_sys::HtmlFormElement>(event);
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    let fields = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(String::from(fields.to_string()))
}

#[cfg(feature = "hydrate")]
async fn send(url: &'static str, fields: String, telling: Telling) -> Outcome {
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
    let failed = (400..600).contains(&ClientRes::<AppError>::status(&answer));
    let target =
        ClientRes::<AppError>::has_redirect(&answer).then(|| ClientRes::<AppError>::location(&answer));
    let body = ClientRes::<AppError>::try_into_string(answer).await?;
    if failed {
        return Err(AppError::de(body.into()));
    }
    telling.set(serde_json::from_str(&body).ok());
    if let Some(target) = target {
        call_redirect_hook(&target);
    }
    Ok(())
}

/// The server renders forms and never sends one.
#[cfg(not(feature = "hydrate"))]
async fn send(_: &'static str, _: String, _: Telling) -> Outcome {
    Err(ErrorCode::Internal.into())
}
