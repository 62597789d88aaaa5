//! An address that follows a name.

use iam_types::Slug;
use leptos::{
    ev, html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlInputElement},
};

/// The field of a workspace's address. It follows the field `name` of the page until somebody writes into it, and shows the
/// whole address. Without scripts it is a field like others.
#[island]
pub fn SlugField(
    /// Label.
    label: String,
    /// Explanation below the label.
    hint: String,
    /// First value.
    value: String,
    /// What stands before it in the whole address.
    base: String,
    /// Whether the last failure is about it.
    wrong: bool,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let slug = RwSignal::new(value.clone());
    let edited = RwSignal::new(!value.is_empty());
    let follow = move |name: &str| {
        if edited.get_untracked() {
            return;
        }
        let proposed = Slug::proposed(name);
        if let Some(field) = field.get_untracked() {
            field.set_value(&proposed);
        }
        slug.set(proposed);
    };
    Effect::new(move |_| {
        // What was typed before scripts came.
        let here = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        if here.is_empty() {
            let name = document().get_element_by_id("name");
            let name = name.and_then(|name| name.dyn_into::<HtmlInputElement>().ok());
            follow(&name.map(|name| name.value()).unwrap_or_default());
        } else {
            edited.set(true);
            slug.set(here);
        }
        let handle = window_event_listener(ev::input, move |event| {
            if event_target::<Element>(&event).id() == "name" {
                follow(&event_target_value(&event));
            }
        });
        on_cleanup(move || handle.remove());
    });
    let typed = move |event| {
        let typed = event_target_value(&event);
        edited.set(!typed.is_empty());
        slug.set(typed);
    };
    let (described, invalid) = match wrong {
        true => ("slug-hint form-error", Some("true")),
        false => ("slug-hint", None),
    };
    view! {
        <div class="field">
            <label for="slug">{label}</label>
            <p class="hint" id="slug-hint">{hint}</p>
            <input node_ref=field id="slug" name="slug" type="text" value=value autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-describedby=described aria-invalid=invalid on:input=typed />
            <p class="address"><code>{base}<strong>{slug}</strong></code></p>
        </div>
    }
}
