//! What every document begins with, and documents that are no Leptos pages: static, and complete without scripts.

use super::assets::Assets;
use crate::i18n::{self, Locale};
use leptos::{html, prelude::*};

/// What stands in the head of every document. No page is for search engines: each is somebody's, or asks who it is. The
/// colours are those of the ground in `style/tailwind.css`.
pub(super) fn head(Assets { style, .. }: &Assets) -> impl IntoView + use<> {
    let style = style.clone();
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {theme("light", "#fafafb")}
        {theme("dark", "#0d0e12")}
        <meta name="robots" content="noindex" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="stylesheet" href=style />
    }
}

/// The colour of what browsers draw around a page.
fn theme(scheme: &str, ground: &'static str) -> impl IntoView + use<> {
    let media = format!("(prefers-color-scheme: {scheme})");
    html::meta()
        .name("theme-color")
        .content(ground)
        .attr("media", media)
}

/// Renders a document around `body`. `title` is text of ours; what people wrote belongs into views, which escape it.
pub fn document(
    l: Locale,
    assets: &Assets,
    title: &str,
    more: Option<AnyView>,
    body: impl FnOnce() -> AnyView,
) -> String {
    let more = more.map(RenderHtml::to_html).unwrap_or_default();
    let head = head(assets).to_html();
    let body = Owner::new().with(|| {
        provide_context(l);
        body().to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{}\" dir=\"{}\"><head>{head}<title>{title}</title>{more}</head><body>{body}</body></html>",
        i18n::tag(l),
        i18n::dir(l),
    )
}
