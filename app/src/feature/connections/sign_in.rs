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

/// The login page that shows providers: of a workspace, or of the platform, where the slug is empty.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// Whose page it is.
    pub slug: &'a str,
    /// The app's request that waits there, empty without one.
    pub request: &'a str,
    /// The address that was typed or that the app named.
    pub hint: &'a str,
}

/// A button for each provider of a workspace, or of the platform; it stands out where it stands first. Each is a form of its own: what
/// follows it changes something.
pub fn buttons(
    l: Locale,
    whose: &Slug,
    at: At<'_>,
    connections: Vec<ConnectionButton>,
    first: bool,
) -> Option<impl IntoView + use<>> {
    let class = if first { "button" } else { "button quiet" };
    let to = paths::begin_connection(whose);
    let At { slug, request, hint } = at;
    // Whose provider it is, its address says; where people come from, that of the platform's does not.
    let from = whose.is_platform().then_some(slug);
    let forms: Vec<_> = connections
        .into_iter()
        .map(|connection| {
            view! {
                <form method="post" action=to.clone()>
                    <input type="hidden" name="connection" value=connection.id.to_string() />
                    {from.map(|slug| view! { <input type="hidden" name="slug" value=slug.to_owned() /> })}
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
    let email = home.address.clone();
    let lead = match home.workspace {
        Some(workspace) => text!(l, connections.home, email = email, workspace = workspace),
        None => text!(l, connections.home_platform, email = email),
    };
    let at = At {
        slug: "",
        request,
        hint: &home.address,
    };
    let button = buttons(l, &home.slug, at, vec![home.connection], true);
    view! {
        <Notice news=true><p>{lead}</p></Notice>
        {button}
    }
}

/// Why the way to a provider of the workspace or of the platform failed, if it led back here.
pub fn refused_connection(slug: &str) -> Option<ErrorCode> {
    let own = slug.parse::<Slug>().ok();
    let own = own.and_then(|slug| failure_of(&paths::begin_connection(&slug)));
    own.or_else(|| failure_of(&paths::begin_connection(&Slug::platform())))
}
