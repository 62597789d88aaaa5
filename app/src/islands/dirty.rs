//! Keeps somebody from losing what they typed.

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys::Element};

/// Says inside a form that something in it was changed, and lets the browser ask before the page is left. Without scripts
/// nothing is said, and nothing is lost that would not be lost otherwise.
#[island]
pub fn DirtyForm(
    /// What it says.
    label: String,
) -> impl IntoView {
    let mark = NodeRef::<html::Span>::new();
    let dirty = RwSignal::new(false);
    Effect::new(move |_| {
        let is_ours = move |event: &ev::Event| {
            let form = mark.get_untracked().and_then(|mark| mark.closest("form").ok()?);
            let field = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            form.is_some_and(|form| form.contains(field.as_deref()))
        };
        let changed = window_event_listener(ev::input, move |event| {
            if is_ours(&event) {
                dirty.set(true);
            }
        });
        let sent = window_event_listener(ev::submit, move |event| {
            if is_ours(&event) {
                dirty.set(false);
            }
        });
        let left = window_event_listener(ev::beforeunload, move |event| {
            if dirty.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            changed.remove();
            sent.remove();
            left.remove();
        });
    });
    view! { <span node_ref=mark class="unsaved" role="status">{move || dirty.get().then(|| label.clone())}</span> }
}
