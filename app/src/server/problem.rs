//! The error page of routes that are no Leptos pages.

use super::{assets::Assets, document::document};
use crate::{
    i18n::{Locale, error_text},
    text,
};
use iam_types::ErrorCode;
use leptos::prelude::*;

/// Renders the page for `code`; `app` is where the person came from, with its address and name.
pub fn problem_page(l: Locale, code: ErrorCode, app: Option<(String, String)>, assets: &Assets) -> String {
    let body = || {
        let back = app.map(|(url, name)| {
            view! { <p><a class="button" href=url>{text!(l, problem.back_to_app, app = name)}</a></p> }
        });
        view! {
            <main class="stage" id="content">
                <section class="card">
                    <p class="brand">{text!(l, common.product)}</p>
                    <h1>{text!(l, problem.title)}</h1>
                    <p role="alert">{error_text(l, code)}</p>
                    <p class="hint"><code>{code.as_str()}</code></p>
                    {back}
                    <p><a href="/">{text!(l, problem.home)}</a></p>
                </section>
            </main>
        }
        .into_any()
    };
    document(l, assets, &text!(l, problem.title), None, body)
}
