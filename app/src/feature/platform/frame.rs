//! The frame of pages for operators.

use crate::{i18n, paths, text, ui::layout::Frame};
use iam_types::Slug;
use leptos::prelude::*;
use leptos_router::components::A;

/// A page for operators, with the way to the others. Who may not see one is told so there.
#[component]
pub fn PlatformFrame(
    /// Title of the document.
    #[prop(into)]
    title: String,
    /// Content.
    children: Children,
) -> impl IntoView {
    let l = i18n::use_locale();
    let operators = paths::members(&Slug::platform());
    let tabs = view! {
        <nav class="tabs" aria-label=text!(l, platform.title)>
            <span class="tabs-title">{text!(l, platform.title)}</span>
            <A href=paths::PLATFORM exact=true>{text!(l, common.workspaces)}</A>
            <A href=paths::PEOPLE>{text!(l, platform.people)}</A>
            <A href=operators>{text!(l, platform.operators)}</A>
            <A href=paths::HEALTH>{text!(l, platform.health)}</A>
            <A href=paths::PLATFORM_SETTINGS>{text!(l, common.settings)}</A>
        </nav>
    };
    view! { <Frame title=title tabs=tabs.into_any()>{children()}</Frame> }
}
