//! The error page of routes that are no Leptos pages: one static document, no scripts.

use crate::{
    i18n::{self, Locale, error_text},
    text,
};
use iam_types::ErrorCode;
use leptos::prelude::*;

/// Renders the page for `code`; `app` is where the person came from, with its name.
pub fn problem_page(l: Locale, code: ErrorCode, app: Option<(String, String)>) -> String {
    let owner = Owner::new();
    let body = owner.with(|| {
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
        .to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"/pkg/rooiam.css\"></head><body>{body}</body></html>",
        i18n::tag(l),
        text!(l, problem.title),
    )
}
