//! The two frames a page can have.

use super::{
    brand::{BrandFoot, BrandHead, BrandStyle},
    palette::{Palette, workspace_pages},
    raw::DocumentTitle,
    words::role_name,
};
use crate::{feature::account::SignOut, i18n, paths, text};
use iam_types::{
    Permission,
    view::{Brand, WorkspaceCard},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Whether the page was asked for at a workspace's own host. The server knows; the browser reads it from `<html>`.
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
    let people_of = workspace
        .as_ref()
        .filter(|workspace| workspace.may.contains(Permission::MemberRead))
        .map(|workspace| workspace.slug.clone());
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
                <Palette pages=pages people_of=people_of />
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

fn workspace_tabs(
    l: i18n::Locale,
    workspace: &WorkspaceCard,
    pages: &[(String, String)],
) -> impl IntoView + use<> {
    let overview = paths::overview(&workspace.slug);
    let tabs: Vec<_> = pages
        .iter()
        .cloned()
        .map(|(href, label)| view! { <A href=href>{label}</A> })
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
    let choices: Vec<_> = i18n::locales()
        .iter()
        .map(|&one| {
            let (tag, current) = (i18n::tag(one), (one == l).then_some("true"));
            view! { <button class="link" name="language" value=tag lang=tag aria-current=current>{i18n::own_name(one)}</button> }
        })
        .collect();
    view! {
        <footer class="foot">
            <form method="post" action="/language" aria-label=text!(l, common.language)>{choices}</form>
        </footer>
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    let l = i18n::use_locale();
    #[cfg(feature = "ssr")]
    crate::server::context::set_status(404);
    view! {
        <Stage title=text!(l, problem.not_found_title)>
            <h1>{text!(l, problem.not_found_title)}</h1>
            <p>{text!(l, error.not_found)}</p>
            <p><a href="/">{text!(l, problem.home)}</a></p>
        </Stage>
    }
}
