//! What the viewer has linked.

use super::api::UnlinkConnection;
use crate::{
    i18n::{self, Locale},
    paths, text,
    ui::{
        form::{About, FormError, PostForm},
        icon::{Glyph, Icon},
        parts::moment,
        told::{failure, failure_of},
    },
};
use iam_types::view::{OwnConnection, OwnConnectionsView};
use leptos::{prelude::*, server_fn::ServerFn};

/// Sign-ins that are linked with the viewer's account, and those that could be.
#[component]
pub fn OwnConnections(
    /// They.
    view: OwnConnectionsView,
) -> impl IntoView {
    let l = i18n::use_locale();
    let refused = view
        .connections
        .iter()
        .find_map(|own| failure_of(&paths::begin_connection(&own.slug)));
    let error = failure::<UnlinkConnection>().or(refused);
    let (recent, now) = (view.recent, view.now);
    let any = !view.connections.is_empty();
    let rows: Vec<_> = view
        .connections
        .into_iter()
        .map(|own| row(l, own, recent, now))
        .collect();
    any.then(|| {
        view! {
            <section class="part" id="linked">
                <h2>{text!(l, connections.own_title)}</h2>
                <p class="hint">{text!(l, connections.own_lead)}</p>
                <FormError error=error />
                <ul class="rows panel">{rows}</ul>
                {(!recent).then(|| view! { <p class="hint">{text!(l, connections.own_again)}</p> })}
            </section>
        }
    })
}

fn row(l: Locale, own: OwnConnection, recent: bool, now: i64) -> impl IntoView {
    let (slug, id) = (own.slug.to_string(), own.id.to_string());
    let place = match own.workspace.as_str() {
        "" => text!(l, connections.own_everywhere),
        workspace => workspace.to_owned(),
    };
    let change = match own.linked_at {
        _ if !recent => ().into_any(),
        Some(_) => {
            let label = text!(l, connections.unlink_which, name = own.name.clone());
            view! {
                <PostForm to=UnlinkConnection::url()>
                    <About slug=slug id=id />
                    <button class="button quiet" aria-label=label>{text!(l, connections.unlink)}</button>
                </PostForm>
            }
            .into_any()
        }
        None => view! {
            <form method="post" action=paths::begin_connection(&own.slug)>
                <input type="hidden" name="connection" value=id />
                <input type="hidden" name="link" value="1" />
                <button class="button quiet">{text!(l, connections.link, name = own.name.clone())}</button>
            </form>
        }
        .into_any(),
    };
    let since = own.linked_at.map(|at| {
        view! { <span class="hint">{own.label} " · " {text!(l, connections.linked_at)} " " {moment(l, at, now)}</span> }
    });
    view! {
        <li class="row">
            <span class="who">
                <Icon glyph=Glyph::Identity />
                <span>
                    <strong dir="auto">{own.name}</strong> " " <span class="hint" dir="auto">{place}</span>
                    {since}
                </span>
            </span>
            {change}
        </li>
    }
}
