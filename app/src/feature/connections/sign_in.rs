//! Providers on login pages.

use crate::{
    i18n::Locale,
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        parts::Notice,
        told::failure_of,
    },
};
use iam_types::{
    ErrorCode, Slug,
    view::{ConnectionButton, HomeView},
};
use leptos::prelude::*;

/// A button for each provider of the workspace; it stands out where it stands first. Each is a form of its own: what follows it changes something.
pub fn buttons(
    l: Locale,
    slug: &str,
    (request, hint): (&str, &str),
    connections: Vec<ConnectionButton>,
    first: bool,
) -> Option<impl IntoView + use<>> {
    let class = if first { "button" } else { "button quiet" };
    let to = slug.parse::<Slug>().map(|slug| paths::begin_connection(&slug));
    let to = to.unwrap_or_default();
    let forms: Vec<_> = connections
        .into_iter()
        .map(|connection| {
            view! {
                <form method="post" action=to.clone()>
                    <input type="hidden" name="connection" value=connection.id.to_string() />
                    <input type="hidden" name="request" value=request.to_owned() />
                    <input type="hidden" name="hint" value=hint.to_owned() />
                    <button class=class>
                        <Icon glyph=Glyph::Identity /> <span dir="auto">{text!(l, connections.continue_with, name = connection.name)}</span>
                    </button>
                </form>
            }
        })
        .collect();
    (!forms.is_empty()).then_some(forms)
}

/// The line between ways to sign in.
pub fn or(l: Locale) -> impl IntoView {
    view! { <p class="or">{text!(l, passkeys.or)}</p> }
}

/// The provider that an address leads to which was typed, and what that means.
pub fn home(l: Locale, request: &str, home: HomeView) -> impl IntoView + use<> {
    let lead = text!(
        l,
        connections.home,
        email = home.address.clone(),
        workspace = home.workspace
    );
    let button = buttons(
        l,
        home.slug.as_str(),
        (request, &home.address),
        vec![home.connection],
        true,
    );
    view! {
        <Notice news=true><p>{lead}</p></Notice>
        {button}
    }
}

/// Why the way to a provider failed, if it led back here.
pub fn refused_connection(slug: &str) -> Option<ErrorCode> {
    let slug = slug.parse::<Slug>().ok()?;
    failure_of(&paths::begin_connection(&slug))
}
