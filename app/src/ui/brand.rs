//! The face of a workspace on its pages.

use crate::{
    AppError, i18n,
    server::context::{ctx, iam, parse_slug},
    text,
};
use iam_types::view::Brand;
use leptos::prelude::*;
use leptos_meta::Stylesheet;

/// The look of a page that is about no more than a sign-in, or that failed: see [`iam::branding::Branding::brand_for`]. Nothing
/// stands for ours; empty parts are none.
pub async fn load_brand(slug: String, token: String) -> Result<Option<Brand>, AppError> {
    let slug = match slug.as_str() {
        "" => None,
        slug => Some(parse_slug(slug)?),
    };
    Ok(iam()?
        .branding()
        .brand_for(&ctx()?, slug.as_ref(), &token)
        .await?)
}

/// Logo and name.
#[component]
pub fn BrandHead(
    /// Whose.
    brand: Brand,
) -> impl IntoView {
    match brand.logo {
        // The name stands in the heading below: read twice it would only be longer.
        Some(logo) => view! { <p class="brand-logo"><img src=logo alt="" height="48" /></p> }.into_any(),
        None => view! { <p class="brand">{brand.name}</p> }.into_any(),
    }
}

/// The workspace's colours, for the whole page.
#[component]
pub fn BrandStyle(
    /// Whose.
    brand: Brand,
) -> impl IntoView {
    brand.style.map(|href| view! { <Stylesheet href=href /> })
}

/// Where to get help, and whose pages these are.
#[component]
pub fn BrandFoot(
    /// Whose.
    brand: Brand,
) -> impl IntoView {
    let l = i18n::use_locale();
    let help = (!brand.support.is_empty())
        .then(|| view! { <a href=brand.support rel="noreferrer">{text!(l, branding.help)}</a> });
    view! { <p class="brand-foot">{help} <span>{text!(l, branding.powered)}</span></p> }
}
