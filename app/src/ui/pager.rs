//! Ways through a long list.

use crate::{i18n, text};
use leptos::prelude::*;

/// Links to the first and the next page, where there are such.
#[component]
pub fn Pager(
    /// The first page, on any other.
    first: Option<String>,
    /// The page behind this one.
    next: Option<String>,
) -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <nav class="pager" aria-label=text!(l, common.pages)>
            {first.map(|href| view! { <a href=href>{text!(l, common.first_page)}</a> })}
            {next.map(|href| view! { <a href=href rel="next">{text!(l, common.next_page)}</a> })}
        </nav>
    }
}
