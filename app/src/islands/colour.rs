//! Chooses a colour by eye. What counts is the text field beside it, which works without.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// A picker that keeps in step with the text field `accent`.
#[island]
pub fn ColourPicker(
    /// The first colour.
    colour: String,
    /// What it is called.
    name: String,
) -> impl IntoView {
    let picked = RwSignal::new(colour);
    let alive = RwSignal::new(false);
    let field = || {
        let found = document().get_element_by_id("accent")?;
        found.dyn_into::<HtmlInputElement>().ok()
    };
    Effect::new(move |_| {
        alive.set(true);
        let handle = window_event_listener(ev::input, move |_| {
            if let Some(field) = field() {
                // Browsers keep what they have if this is no colour yet.
                picked.set(field.value());
            }
        });
        on_cleanup(move || handle.remove());
    });
    let write = move |event| {
        if let Some(field) = field() {
            field.set_value(&event_target_value(&event));
        }
    };
    view! {
        <input type="color" class="picker" hidden=move || !alive.get() aria-label=name data-field="accent" prop:value=picked on:input=write />
    }
}
