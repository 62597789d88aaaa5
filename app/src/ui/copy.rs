//! A value to take along.

use crate::{i18n, text};
use leptos::prelude::*;

/// Shows `value` with a button that copies it where scripts run.
#[component]
pub fn Copyable(
    /// Label.
    #[prop(into)]
    label: String,
    /// What to copy.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    let (copied, set_copied) = signal(false);
    let (can_copy, set_can_copy) = signal(false);
    Effect::new(move |_| set_can_copy.set(true));
    let to_copy = value.clone();
    let copy = move |_| {
        let _promise = window().navigator().clipboard().write_text(&to_copy);
        set_copied.set(true);
    };
    let name = label.clone();
    view! {
        <div class="copyable">
            <span class="label">{label}</span>
            <code>{value}</code>
            <button type="button" class="button quiet" hidden=move || !can_copy.get() on:click=copy aria-label=format!("{}: {name}", text!(l, common.copy))>
                {move || if copied.get() { text!(l, common.copied) } else { text!(l, common.copy) }}
            </button>
        </div>
    }
}
