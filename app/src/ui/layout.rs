//! The two frames a page can have.

use super::{
    brand::{BrandFoot, BrandHead, BrandStyle},
    pages::workspace_pages,
    raw::DocumentTitle,
    words::role_name,
};
use crate::{
    i18n,
    islands::{Entry, Palette, PaletteWords, TYPED},
    paths, text,
};
use iam_types::{
    Permission,
    view::{Brand, WorkspaceCard},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Whether the page was asked for at a workspace's own host.
#[derive(Debug, Clone, Copy)]
pub struct OwnHost(pub bool);

/// A page with one thing to do: sign in, confirm, consent.
#[component]
pub fn Stage(
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
        <main class="stage" id="content">
            <section class="card">
                {head}
                {children()}
            </section>
            {foot}
            <Languages />
        </main>
    }
}

/// A page of somebody signed in.
#[component]
pub fn Frame(
    /// Title of the document.
    #[prop(into)]
    title: String,
    /// The workspace whose pages these are.
    #[prop(optional)]
    workspace: Option<WorkspaceCard>,
    /// Tabs of pages that belong to no workspace.
    #[prop(optional)]
    tabs: Option<AnyView>,
    /// Content.
    children: Children,
) -> impl IntoView {
    let l = i18n::use_locale();
    let pages = workspace
        .as_ref()
        .map(|workspace| workspace_pages(l, workspace))
        .unwrap_or_default();
    let members_at = workspace
        .as_ref()
        .filter(|workspace| workspace.may.contains(Permission::MemberRead))
        .map(|workspace| paths::members(&workspace.slug))
        .unwrap_or_default();
    let words = PaletteWords {
        open: text!(l, palette.open),
        hint: text!(l, palette.hint),
        members: text!(l, palette.search_members, search = TYPED),
    };
    let support = workspace
        .as_ref()
        .is_some_and(|workspace| workspace.support_until.is_some());
    let support = support.then(|| view! { <p class="banner" role="status">{text!(l, support.banner)}</p> });
    let own_tabs = workspace.map(|workspace| workspace_tabs(l, &workspace, &pages));
    // What is the person's own, and not of this workspace, is not to be had at its own host.
    let own_host = use_context::<OwnHost>().is_some_and(|own| own.0);
    let elsewhere = (!own_host).then(|| {
        view! {
            <A href=paths::WORKSPACES>{text!(l, common.workspaces)}</A>
            <A href=paths::ACCOUNT>{text!(l, common.account)}</A>
        }
    });
    view! {
        <DocumentTitle text=format!("{title} · {}", text!(l, common.product)) />
        <header class="bar">
            <a class="brand" href="/">{text!(l, common.product)}</a>
            <nav aria-label=text!(l, common.product)>
                <Palette pages=pages more_at=paths::PLACES.to_owned() members_at=members_at words=words />
                {elsewhere}
                <SignOut />
            </nav>
        </header>
        {own_tabs}
        {tabs}
        {support}
        <main class="page" id="content">{children()}</main>
        <Languages />
    }
}

fn workspace_tabs(l: i18n::Locale, workspace: &WorkspaceCard, pages: &[Entry]) -> impl IntoView + use<> {
    let overview = paths::overview(&workspace.slug);
    let tabs: Vec<_> = pages
        .iter()
        .cloned()
        .map(|Entry { href, label }| view! { <A href=href>{label}</A> })
        .collect();
    view! {
        <nav class="tabs" aria-label=workspace.name.clone()>
            <span class="tabs-title">{workspace.name.clone()}</span>
            <span class="badge">{role_name(l, workspace.role)}</span>
            <A href=overview exact=true>{text!(l, overview.title)}</A>
            {tabs}
        </nav>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <footer class="foot">
            <form method="post" action="/language" aria-label=text!(l, common.language)>
                <button class="link" name="language" value="en" lang="en">"English"</button>
                <button class="link" name="language" value="de" lang="de">"Deutsch"</button>
            </form>
        </footer>
    }
}

/// Signs this browser out.
#[component]
pub fn SignOut() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <form method="post" action=paths::SIGN_OUT>
            <button class="link">{text!(l, common.sign_out)}</button>
        </form>
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    let l = i18n::use_locale();
    crate::server::context::set_status(404);
    view! {
        <Stage title=text!(l, problem.not_found_title)>
            <h1>{text!(l, problem.not_found_title)}</h1>
            <p>{text!(l, error.not_found)}</p>
            <p><a href="/">{text!(l, problem.home)}</a></p>
        </Stage>
    }
}
