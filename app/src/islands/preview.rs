//! Shows what a workspace's sign-in page will look like while its colour and words are being typed.

use leptos::{
    ev::{self, Event},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlInputElement, js_sys::Reflect},
};

/// The id of the field beside `accent` that chooses it by eye. Without scripts it would be of no use, and is hidden.
pub const PICKER: &str = "accent-picker";

/// One card in each colour scheme. It listens to the fields `accent` and `login_text` wherever they are on the page.
#[island]
pub fn BrandPreview(
    /// The colour as it is saved.
    accent: String,
    /// The words as they are saved.
    login_text: String,
    /// The workspace's logo, empty for none.
    logo: String,
    /// Its name.
    name: String,
    /// Title of the card.
    title: String,
    /// What the card's button says.
    button: String,
    /// What the card's link says.
    link: String,
    /// What the card's badge says.
    badge: String,
    /// Captions of the light and the dark card.
    captions: (String, String),
) -> impl IntoView {
    let accent = RwSignal::new(accent);
    let login_text = RwSignal::new(login_text);
    Effect::new(move |_| {
        // What was typed before this was awake; until then nothing can be picked.
        for (id, shown) in [("accent", accent), ("login_text", login_text)] {
            if let Some(value) = typed(id) {
                shown.set(value);
            }
        }
        if let Some(picker) = input(PICKER) {
            picker.set_disabled(false);
        }
        let handle = window_event_listener(ev::input, move |event| follow(&event, accent, login_text));
        on_cleanup(move || handle.remove());
    });
    // The colours come as a style sheet of their own, made by the server: what is seen here is what will be seen there.
    let sheet = move || {
        accent
            .with(|accent| style_of(accent))
            .map(|href| view! { <link rel="stylesheet" href=href /> })
    };
    let card = move |scheme: &'static str, caption: String| {
        let (logo, name, title) = (logo.clone(), name.clone(), title.clone());
        let head = if logo.is_empty() {
            view! { <p class="brand">{name}</p> }.into_any()
        } else {
            view! { <p class="brand-logo"><img src=logo alt="" height="48" /></p> }.into_any()
        };
        view! {
            <div>
                <h3>{caption}</h3>
                <div class=scheme aria-hidden="true">
                    <div class="card">
                        {head}
                        <p class="title">{title}</p>
                        <p class="login-text">{login_text}</p>
                        <span class="button">{button.clone()}</span>
                        <p><span class="as-link">{link.clone()}</span> " " <span class="badge">{badge.clone()}</span></p>
                    </div>
                </div>
            </div>
        }
    };
    let (light, dark) = captions;
    view! {
        {sheet}
        <div class="previews">
            {card("preview branded scheme-light", light)}
            {card("preview branded scheme-dark", dark)}
        </div>
    }
}

fn follow(event: &Event, accent: RwSignal<String>, login_text: RwSignal<String>) {
    let field: HtmlInputElement = event_target(event);
    let value = event_target_value(event);
    if field.id() == PICKER {
        if let Some(text) = input("accent") {
            text.set_value(&value);
        }
        accent.set(value);
        return;
    }
    match field.get_attribute("name").as_deref() {
        Some("accent") => {
            // Half a colour would be black to it.
            if let (Some(picker), Some(_)) = (input(PICKER), style_of(&value)) {
                picker.set_value(value.trim());
            }
            accent.set(value);
        }
        Some("login_text") => login_text.set(value),
        _ => {}
    }
}

/// What stands in a field of one line or several.
fn typed(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?;
    Reflect::get(&field, &"value".into()).ok()?.as_string()
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Where the style sheet of a complete colour is.
fn style_of(accent: &str) -> Option<String> {
    let digits = accent.trim().strip_prefix('#')?;
    let complete = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    complete.then(|| format!("/brand/{}.css", digits.to_ascii_lowercase()))
}
