//! The list of connections.

use super::{api::load_connections, place};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        parts::{Badge, Empty, Tone, moment},
    },
};
use iam_types::{
    Slug,
    view::{ConnectionCard, ConnectionsView},
};
use leptos::prelude::*;

/// `/w/{slug}/admin/connections`, `/platform/connections`
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    loaded(load_connections(place()), connections)
}

fn connections(view: ConnectionsView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let [add, heading] = [(); 2].map(|()| add_button(l, &slug, view.may_update));
    let lead = if slug.is_platform() {
        text!(l, connections.lead_platform)
    } else {
        text!(l, connections.lead)
    };
    let nothing = view.connections.is_empty();
    let table = if nothing {
        view! { <Empty glyph=Glyph::Identity text=text!(l, connections.empty)>{add}</Empty> }.into_any()
    } else {
        table(l, &slug, view.connections, view.now).into_any()
    };
    view! {
        <AppLayout title=text!(l, connections.title) workspace=view.workspace width=Width::List>
            <div class="heading">
                <h1>{text!(l, connections.title)}</h1>
                {heading.filter(|_| !nothing)}
            </div>
            <p class="lead">{lead}</p>
            {table}
        </AppLayout>
    }
}

fn add_button(l: Locale, slug: &Slug, may: bool) -> Option<impl IntoView + use<>> {
    may.then(|| {
        view! {
            <a class="button" href=paths::new_connection(slug)><Icon glyph=Glyph::New /> {text!(l, connections.add)}</a>
        }
    })
}

fn table(l: Locale, slug: &Slug, connections: Vec<ConnectionCard>, now: i64) -> impl IntoView + use<> {
    let rows: Vec<_> = connections
        .into_iter()
        .map(|connection| row(l, slug, connection, now))
        .collect();
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, common.name)}</th>
                        <th scope="col" class="wide-only">{text!(l, connections.provider)}</th>
                        <th scope="col">{text!(l, apps.state)}</th>
                        <th scope="col" class="wide-only">{text!(l, apps.created)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(l: Locale, slug: &Slug, connection: ConnectionCard, now: i64) -> impl IntoView + use<> {
    view! {
        <tr>
            <td><a href=paths::connection(slug, connection.id) dir="auto">{connection.name}</a></td>
            <td class="wide-only">{preset_name(l, &connection.preset)} " " <span class="hint">{connection.issuer}</span></td>
            <td>{state(l, connection.disabled)}</td>
            <td class="wide-only">{moment(l, connection.created_at, now)}</td>
        </tr>
    }
}

/// A kind of provider by its name.
pub fn preset_name(l: Locale, preset: &str) -> String {
    match preset {
        "google" => text!(l, connections.preset_google),
        "entra" => text!(l, connections.preset_entra),
        "entra_any" => text!(l, connections.preset_entra_any),
        "gitlab" => text!(l, connections.preset_gitlab),
        "apple" => text!(l, connections.preset_apple),
        "github" => text!(l, connections.preset_github),
        "github_server" => text!(l, connections.preset_github_server),
        _ => text!(l, connections.preset_oidc),
    }
}

/// Whether people can sign in through it.
pub fn state(l: Locale, disabled: bool) -> impl IntoView {
    match disabled {
        true => view! { <Badge text=text!(l, apps.disabled) tone=Tone::Warn /> },
        false => view! { <Badge text=text!(l, apps.enabled) tone=Tone::Good /> },
    }
}
