//! A value to take along.

use crate::{i18n, islands::CopyButton, text};
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
    let name = format!("{}: {label}", text!(l, common.copy));
    view! {
        <div class="copyable">
            <span class="label">{label}</span>
            <code>{value.clone()}</code>
            <CopyButton value=value copy=text!(l, common.copy) copied=text!(l, common.copied) name=name />
        </div>
    }
}
