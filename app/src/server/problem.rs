//! The error page of routes that are no Leptos pages.

use super::{assets::Assets, document::document};
use crate::{
    i18n::{Locale, error_text, problem_title},
    text,
    ui::brand::{BrandFoot, BrandHead},
};
use iam_types::{ErrorCode, view::Brand};
use leptos::prelude::*;

/// Renders the page for `code`, in the look of the workspace whose page it stands for; `app` is where the person came from,
/// with its address and name.
pub fn problem_page(
    l: Locale,
    code: ErrorCode,
    app: Option<(String, String)>,
    brand: Option<Brand>,
    assets: &Assets,
) -> String {
    let title = problem_title(l, code);
    let style = brand.as_ref().and_then(|brand| brand.style.clone());
    let style = style.map(|href| view! { <link rel="stylesheet" href=href /> }.into_any());
    let body = || {
        let head = match brand.clone() {
            Some(brand) => view! { <BrandHead brand=brand /> }.into_any(),
            None => view! { <p class="brand">{text!(l, common.product)}</p> }.into_any(),
        };
        let back = app.map(|(url, name)| {
            view! { <p><a class="button" href=url>{text!(l, problem.back_to_app, app = name)}</a></p> }
        });
        view! {
            <main class="stage branded" id="content">
                <section class="card">
                    {head}
                    <h1>{title.clone()}</h1>
                    <p role="alert">{error_text(l, code)}</p>
                    <p class="hint"><code>{code.as_str()}</code></p>
                    {back}
                    <p><a class="button quiet" href="/">{text!(l, problem.home)}</a></p>
                </section>
                {brand.map(|brand| view! { <BrandFoot brand=brand /> })}
            </main>
        }
        .into_any()
    };
    document(l, assets, &title, style, body)
}
