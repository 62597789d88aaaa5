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
            <CopyButton value=value from=String::new() copy=text!(l, common.copy) copied=text!(l, common.copied) name=name />
        </div>
    }
}

/// Shows a program, with a button that copies it where scripts run.
#[component]
pub fn CopyableCode(
    /// The id of the program on the page.
    id: String,
    /// What it is.
    #[prop(into)]
    label: String,
    /// The program.
    code: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    let name = format!("{}: {label}", text!(l, common.copy));
    view! {
        <div class="code">
            <CopyButton value=String::new() from=id.clone() copy=text!(l, common.copy) copied=text!(l, common.copied) name=name />
            <pre tabindex="0" role="group" aria-label=label><code id=id>{code}</code></pre>
        </div>
    }
}
