//! The shell around pages of people who are signed in: the places at the side, the page beside them.

use super::{
    menus::{UserMenu, WorkspaceMenu},
    places::{Group, Place, of_person, of_platform, of_workspace},
};
use crate::{
    i18n,
    islands::{Entry, OPENER, Palette, PaletteWords, TYPED},
    paths, text,
    ui::{
        form::{FormError, Toast},
        icon::{Glyph, Icon},
        raw::DocumentTitle,
        told::untold_failure,
    },
};
use iam_types::{Permission, Slug, view::WorkspaceCard};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// How wide a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// Forms and details.
    #[default]
    Form,
    /// Lists and tables.
    List,
}

/// A page in the shell.
#[component]
pub fn AppLayout(
    /// Title of the document.
    #[prop(into)]
    title: String,
    /// The workspace whose page this is.
    #[prop(optional_no_strip, into)]
    workspace: Option<WorkspaceCard>,
    /// Whether it is a page for operators.
    #[prop(optional)]
    platform: bool,
    /// How wide it is.
    #[prop(optional)]
    width: Width,
    /// The pages that lead here: their addresses and names.
    #[prop(optional)]
    trail: Vec<(String, String)>,
    /// Content.
    children: Children,
) -> impl IntoView {
    let l = i18n::use_locale();
    let platform = platform
        || workspace
            .as_ref()
            .is_some_and(|card| card.slug == Slug::platform());
    let groups = match &workspace {
        _ if platform => of_platform(l),
        Some(card) => of_workspace(l, card),
        None => of_person(l),
    };
    let support = workspace
        .as_ref()
        .is_some_and(|workspace| workspace.support_until.is_some());
    let support = support.then(|| view! { <p class="banner" role="status">{text!(l, support.banner)}</p> });
    let palette = palette(l, workspace.as_ref(), &groups);
    let place = match &workspace {
        Some(card) if !platform => card.name.clone(),
        _ => text!(l, common.product),
    };
    let class = match width {
        Width::Form => "page",
        Width::List => "page wide",
    };
    let page = children();
    let untold = untold_failure();
    view! {
        <DocumentTitle text=format!("{title} · {place}") />
        <div class="shell">
            <header class="top">
                <button type="button" class="menu-button" popovertarget="places" aria-label=text!(l, shell.menu)>
                    <Icon glyph=Glyph::Menu />
                </button>
                <span class="top-title" dir="auto">{place}</span>
            </header>
            <aside class="side" id="places" popover>
                <WorkspaceMenu workspace=workspace platform=platform />
                <button type="button" class="palette-open scripted" id=OPENER aria-keyshortcuts="Control+K Meta+K">
                    <span>{text!(l, palette.open)}</span> <kbd>"Ctrl K"</kbd>
                </button>
                <nav aria-label=text!(l, shell.places)>{sections(groups)}</nav>
                <UserMenu />
            </aside>
            <div class="beside">
                {support}
                <main class=class id="content" tabindex="-1">
                    {crumbs(l, trail)}
                    <FormError error=untold />
                    {page}
                </main>
            </div>
            {palette}
            <Toast />
        </div>
    }
}

fn palette(l: i18n::Locale, workspace: Option<&WorkspaceCard>, groups: &[Group]) -> impl IntoView + use<> {
    let pages: Vec<_> = groups
        .iter()
        .flat_map(|group| &group.places)
        .map(|place| Entry {
            href: place.href.clone(),
            label: place.label.clone(),
        })
        .collect();
    let members_at = workspace
        .filter(|card| card.may.contains(Permission::MemberRead))
        .map(|card| paths::members(&card.slug))
        .unwrap_or_default();
    let words = PaletteWords {
        open: text!(l, palette.open),
        hint: text!(l, palette.hint),
        members: text!(l, palette.search_members, search = TYPED),
    };
    view! { <Palette pages=pages more_at=paths::PLACES.to_owned() members_at=members_at words=words /> }
}

fn sections(groups: Vec<Group>) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    groups
        .into_iter()
        .map(|Group { title, places }| {
            let links: Vec<_> = places.into_iter().map(|place| link(place, &path)).collect();
            view! {
                {title.map(|title| view! { <h2>{title}</h2> })}
                <ul>{links}</ul>
            }
        })
        .collect::<Vec<_>>()
}

fn link(place: Place, path: &str) -> impl IntoView + use<> {
    let current = place.holds(path).then_some("page");
    view! {
        <li>
            <a href=place.href aria-current=current><Icon glyph=place.icon /> <span>{place.label}</span></a>
        </li>
    }
}

fn crumbs(l: i18n::Locale, trail: Vec<(String, String)>) -> Option<impl IntoView> {
    if trail.is_empty() {
        return None;
    }
    let links: Vec<_> = trail
        .into_iter()
        .map(|(href, label)| view! { <li><a href=href>{label}</a> <Icon glyph=Glyph::Beside /></li> })
        .collect();
    Some(view! { <nav class="crumbs" aria-label=text!(l, shell.trail)><ol>{links}</ol></nav> })
}
