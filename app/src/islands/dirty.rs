//! Keeps somebody from losing what they typed.

use leptos::{
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, Node},
};

/// Says inside a form that something in it was changed, and lets the browser ask before the page is left. Without scripts
/// nothing is said, and nothing is lost that would not be lost otherwise.
#[island]
pub fn DirtyForm(
    /// What it says.
    label: String,
) -> impl IntoView {
    let mark = NodeRef::<html::Span>::new();
    let dirty = StoredValue::new(false);
    let follow = move |event: Event| {
        let Some(mark) = mark.get_untracked() else {
            return;
        };
        let kind = event.type_();
        if kind == "beforeunload" {
            if dirty.get_value() {
                event.prevent_default();
            }
            return;
        }
        let form = mark.closest("form").ok().flatten();
        let field = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if form.is_some_and(|form| form.contains(field.as_ref())) {
            let changed = kind == "input";
            dirty.set_value(changed);
            mark.set_hidden(!changed);
        }
    };
    // It lives as long as the page.
    Effect::new(move |_| {
        // What was changed before this was awake.
        let form = mark
            .get_untracked()
            .and_then(|mark| mark.closest("form").ok().flatten());
        if let Some(mark) = mark.get_untracked()
            && form.is_some_and(|form| form.has_attribute("data-touched"))
        {
            dirty.set_value(true);
            mark.set_hidden(false);
        }
        for what in ["input", "submit", "beforeunload"] {
            window_event_listener_untyped(what, follow);
        }
    });
    view! { <span class="unsaved" role="status"><span node_ref=mark hidden>{label}</span></span> }
}
