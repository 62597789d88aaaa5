//! Chooses a colour by eye. What counts is the text field beside it, which works without.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// A picker that keeps in step with the text field with this id.
#[island]
pub fn ColourPicker(
    /// The field's id.
    field: String,
    /// The first colour.
    colour: String,
    /// What it is called.
    name: String,
) -> impl IntoView {
    let picked = RwSignal::new(colour);
    let alive = RwSignal::new(false);
    let typed_into = field.clone();
    Effect::new(move |_| {
        alive.set(true);
        let typed_into = typed_into.clone();
        let handle = window_event_listener(ev::input, move |event| {
            let input = event_target::<leptos::web_sys::Element>(&event);
            if input.id() == typed_into {
                // Browsers keep what they have if this is no colour yet.
                picked.set(event_target_value(&event));
            }
        });
        on_cleanup(move || handle.remove());
    });
    let told = field.clone();
    let write = move |event| {
        let found = document().get_element_by_id(&field);
        if let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
            input.set_value(&event_target_value(&event));
        }
    };
    view! {
        <input type="color" class="picker" hidden=move || !alive.get() aria-label=name data-field=told prop:value=picked on:input=write />
    }
}
