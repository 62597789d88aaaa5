//! Providers on login pages.

use crate::{
    i18n::Locale,
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        told::failure_of,
    },
};
use iam_types::{ErrorCode, Slug, view::ConnectionButton};
use leptos::prelude::*;

/// A button for each provider of the workspace. Each is a form of its own: what follows it changes something.
pub fn buttons(
    l: Locale,
    slug: &str,
    request: &str,
    connections: Vec<ConnectionButton>,
) -> impl IntoView + use<> {
    let to = slug.parse::<Slug>().map(|slug| paths::begin_connection(&slug));
    let to = to.unwrap_or_default();
    connections
        .into_iter()
        .map(|connection| {
            view! {
                <form method="post" action=to.clone()>
                    <input type="hidden" name="connection" value=connection.id.to_string() />
                    <input type="hidden" name="request" value=request.to_owned() />
                    <button class="button quiet">
                        <Icon glyph=Glyph::Identity /> <span dir="auto">{text!(l, connections.continue_with, name = connection.name)}</span>
                    </button>
                </form>
            }
        })
        .collect::<Vec<_>>()
}

/// Why the way to a provider failed, if it led back here.
pub fn refused_connection(slug: &str) -> Option<ErrorCode> {
    let slug = slug.parse::<Slug>().ok()?;
    failure_of(&paths::begin_connection(&slug))
}
