//! The list of apps.

use super::api::load_apps;
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        avatar::Avatar,
        form::Search,
        icon::{Glyph, Icon},
        pager::Pager,
        parts::{Badge, Empty, Tone, moment},
        query::{asked, param},
    },
};
use iam_types::{
    Slug,
    view::{AppCard, AppsView},
};
use leptos::prelude::*;

/// `/w/{slug}/admin/apps`
#[component]
pub fn AppsPage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let (search, before) = (asked("q"), asked("before"));
    let view = load_apps(slug, search.clone(), before.clone());
    loaded(view, move |view: AppsView| {
        let slug = view.workspace.slug.clone();
        let list = paths::apps(&slug);
        let first_page = search.is_empty() && before.is_empty();
        let searchable = !first_page || view.apps.next.is_some() || view.apps.rows.len() > 7;
        let older = view.apps.next.map(|next| paths::apps_page(&slug, &search, &next));
        let nothing = view.apps.rows.is_empty();
        let [register, heading] = [(); 2].map(|()| register_button(l, &slug, view.may_create));
        let table = if nothing && search.is_empty() {
            view! { <Empty glyph=Glyph::Apps text=text!(l, apps.empty)>{register}</Empty> }.into_any()
        } else if nothing {
            view! { <Empty glyph=Glyph::Search text=text!(l, apps.none_found, search = search.clone()) /> }
                .into_any()
        } else {
            table(l, &slug, view.apps.rows, view.now).into_any()
        };
        let heading = heading.filter(|_| !(nothing && first_page));
        view! {
            <AppLayout title=text!(l, apps.title) workspace=view.workspace width=Width::List>
                <div class="heading">
                    <h1>{text!(l, apps.title)}</h1>
                    {heading}
                </div>
                {searchable.then(|| view! { <Search action=list.clone() label=text!(l, apps.search) value=search /> })}
                {table}
                <Pager first=(!before.is_empty()).then_some(list) next=older />
            </AppLayout>
        }
    })
}

fn register_button(l: Locale, slug: &Slug, may: bool) -> Option<impl IntoView + use<>> {
    may.then(|| {
        view! {
            <a class="button" href=paths::new_app(slug)><Icon glyph=Glyph::New /> {text!(l, apps.register)}</a>
        }
    })
}

fn table(l: Locale, slug: &Slug, apps: Vec<AppCard>, now: i64) -> impl IntoView + use<> {
    let rows: Vec<_> = apps.into_iter().map(|app| row(l, slug, app, now)).collect();
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, common.name)}</th>
                        <th scope="col" class="wide-only">{text!(l, apps.kind)}</th>
                        <th scope="col">{text!(l, apps.state)}</th>
                        <th scope="col" class="wide-only">{text!(l, apps.created)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(l: Locale, slug: &Slug, app: AppCard, now: i64) -> impl IntoView + use<> {
    view! {
        <tr>
            <td>
                <div class="who">
                    <Avatar name=app.name.clone() square=true />
                    <span><a href=paths::app(slug, app.id)>{app.name}</a></span>
                </div>
            </td>
            <td class="wide-only">{kind(l, &app.client_type)}</td>
            <td>{state(l, app.disabled)}</td>
            <td class="wide-only">{moment(l, app.created_at, now)}</td>
        </tr>
    }
}

/// What kind of app it is, in words.
pub fn kind(l: Locale, client_type: &str) -> String {
    match client_type {
        "public" => text!(l, apps.kind_public),
        _ => text!(l, apps.kind_confidential),
    }
}

/// Whether people can sign in to an app.
pub fn state(l: Locale, disabled: bool) -> impl IntoView {
    match disabled {
        true => view! { <Badge text=text!(l, apps.disabled) tone=Tone::Warn /> },
        false => view! { <Badge text=text!(l, apps.enabled) tone=Tone::Good /> },
    }
}
