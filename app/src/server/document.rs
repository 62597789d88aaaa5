//! A document that is no Leptos page: static, and complete without scripts.

use super::assets::Assets;
use crate::i18n::{self, Locale};
use leptos::prelude::*;

/// Renders it around `body`. `title` is text of ours; what people wrote belongs into views, which escape it.
pub fn document(
    l: Locale,
    assets: &Assets,
    title: &str,
    head: Option<AnyView>,
    body: impl FnOnce() -> AnyView,
) -> String {
    let head = head.map(RenderHtml::to_html).unwrap_or_default();
    let body = Owner::new().with(|| {
        provide_context(l);
        body().to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{}\">{head}</head>\
         <body>{body}</body></html>",
        i18n::tag(l),
        i18n::dir(l),
        assets.style,
    )
}
