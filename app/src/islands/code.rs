//! Comfort for whoever waits for a sign-in mail. Without scripts the code is sent by its button, and asking again is one too.

use iam_types::digit;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use std::time::Duration;

/// How many digits a code has.
const DIGITS: usize = 6;

/// Stands for the seconds that are left.
pub const SECONDS: &str = "{seconds}";

/// Sends the form of the field `code` as soon as all digits are in it, however they got there.
#[island]
pub fn CodeEntry() -> impl IntoView {
    Effect::new(move |_| {
        let found = document().get_element_by_id("code");
        let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        // What is pasted may have more spaces in it, and would lose as many digits.
        let _absent = input.remove_attribute("maxlength");
        // A code that is sent twice costs two tries.
        let sent = StoredValue::new(String::new());
        let field = input.clone();
        let submits = window_event_listener(ev::submit, move |event| {
            let value = field.value();
            if sent.with_value(|sent| *sent == value) && !value.is_empty() {
                event.prevent_default();
            }
            sent.set_value(value);
        });
        let inputs = window_event_listener(ev::input, move |_| {
            if is_complete(&input) && sent.with_value(|sent| *sent != input.value()) {
                let _refused = input.form().map(|form| form.request_submit());
            }
        });
        on_cleanup(move || {
            submits.remove();
            inputs.remove();
        });
    });
}

/// Leaves nothing but digits in the field; whether these are all.
fn is_complete(input: &HtmlInputElement) -> bool {
    let value = input.value();
    let digits: String = value
        .chars()
        .map(digit::ascii)
        .filter(char::is_ascii_digit)
        .take(DIGITS)
        .collect();
    if value != digits {
        input.set_value(&digits);
    }
    digits.len() == DIGITS
}

/// The button that asks for another mail; with scripts it waits until the first had time to come.
#[island]
pub fn Resend(
    /// How long it waits.
    seconds: u32,
    /// What it says.
    label: String,
    /// What it says until then, with [`SECONDS`].
    waiting: String,
) -> impl IntoView {
    let left = RwSignal::new(0);
    Effect::new(move |_| {
        left.set(seconds);
        let tick = move || left.update(|left| *left = left.saturating_sub(1));
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    let words = move || match left.get() {
        0 => label.clone(),
        left => waiting.replace(SECONDS, &left.to_string()),
    };
    view! { <button class="link" disabled=move || left.get() != 0>{words}</button> }
}
