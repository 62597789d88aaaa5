//! The card of sign-in: a page with one thing to do.

use super::load::failed_page;
use crate::{
    i18n, paths, text,
    ui::{
        brand::{BrandFoot, BrandHead, BrandStyle},
        icon::{Glyph, Icon},
        query::param,
        raw::DocumentTitle,
    },
};
use iam_types::{ErrorCode, view::Brand};
use leptos::prelude::*;

/// Whether the page was asked for at a workspace's own host.
#[derive(Debug, Clone, Copy)]
pub struct CustomDomain(pub bool);

/// A page with one thing to do: sign in, confirm, consent.
#[component]
pub fn CardLayout(
    /// Title of the document.
    #[prop(into)]
    title: String,
    /// The workspace whose page this is.
    #[prop(optional_no_strip, into)]
    brand: Option<Brand>,
    /// Content.
    children: Children,
) -> impl IntoView {
    let l = i18n::use_locale();
    let place = brand
        .as_ref()
        .map_or_else(|| text!(l, common.product), |brand| brand.name.clone());
    let style = brand.clone().map(|brand| view! { <BrandStyle brand=brand /> });
    let foot = brand.clone().map(|brand| view! { <BrandFoot brand=brand /> });
    let head = match brand {
        Some(brand) => view! { <BrandHead brand=brand /> }.into_any(),
        None => view! { <p class="brand">{text!(l, common.product)}</p> }.into_any(),
    };
    view! {
        <DocumentTitle text=format!("{title} · {place}") />
        {style}
        <main class="stage branded" id="content" tabindex="-1">
            <section class="card">
                {head}
                {children()}
            </section>
            {foot}
            <Languages />
        </main>
    }
}

/// Chooses the language of all pages.
#[component]
pub fn Languages() -> impl IntoView {
    let l = i18n::use_locale();
    let choices: Vec<_> = i18n::locales()
        .iter()
        .map(|locale| {
            let tag = i18n::tag(*locale);
            let current = (*locale == l).then_some("true");
            view! {
                <button class="link" name="language" value=tag lang=tag aria-current=current>{i18n::own_name(*locale)}</button>
            }
        })
        .collect();
    view! {
        <form method="post" class="languages" action="/language" aria-label=text!(l, common.language)>{choices}</form>
    }
}

/// Signs this browser out.
#[component]
pub fn SignOut() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <form method="post" action=paths::SIGN_OUT>
            <button class="link"><Icon glyph=Glyph::SignOut /> {text!(l, common.sign_out)}</button>
        </form>
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    let slug = param("slug");
    Suspend::new(async move { failed_page(ErrorCode::NotFound, slug).await })
}
