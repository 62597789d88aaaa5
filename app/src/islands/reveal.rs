//! Shows a password to whoever types it.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// A button that shows what is typed into a field, and hides it again. It is hidden when the form is sent, so that browsers keep it as
/// a password.
#[island]
pub fn RevealButton(
    /// The id of the field.
    field: String,
    /// What the button says.
    show: String,
    /// What it says while the password is shown.
    hide: String,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let id = field.clone();
    let turn = move |visible: bool| {
        let found = document().get_element_by_id(&id);
        if let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
            input.set_type(if visible { "text" } else { "password" });
            shown.set(visible);
        }
    };
    let sent = turn.clone();
    Effect::new(move |_| {
        let sent = sent.clone();
        let handle = window_event_listener(leptos::ev::submit, move |_| sent(false));
        on_cleanup(move || handle.remove());
    });
    let words = move || if shown.get() { hide.clone() } else { show.clone() };
    view! {
        <button type="button" class="button quiet scripted" aria-controls=field on:click=move |_| turn(!shown.get_untracked())>
            {words}
        </button>
    }
}
