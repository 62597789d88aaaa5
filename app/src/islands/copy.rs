//! Takes a value along.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Reflect;

/// A button that copies `value`, or what is written in a part of the page, and says so.
#[island]
pub fn CopyButton(
    /// What to copy; empty for what `from` holds.
    value: String,
    /// The id of the part whose text is copied.
    from: String,
    /// What the button says.
    copy: String,
    /// What it says when that is done.
    copied: String,
    /// What it is called, since a page may have several.
    name: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let take = move |_| {
        let written = || document().get_element_by_id(&from)?.text_content();
        let text = if value.is_empty() {
            written().unwrap_or_default()
        } else {
            value.clone()
        };
        // Away from https there is no clipboard, and a browser may keep it to itself.
        let navigator = window().navigator();
        if Reflect::has(&navigator, &"clipboard".into()).unwrap_or_default() {
            let written = JsFuture::from(navigator.clipboard().write_text(&text));
            spawn_local(async move { done.set(written.await.is_ok()) });
        }
    };
    let words = move || if done.get() { copied.clone() } else { copy.clone() };
    view! {
        <button type="button" class="button quiet scripted" on:click=take aria-label=name aria-live="polite">
            {words}
        </button>
    }
}
