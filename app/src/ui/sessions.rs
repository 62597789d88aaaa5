//! A signed-in browser, in words.

use crate::{
    i18n::Locale,
    text,
    ui::icon::{Glyph, Icon},
};
use iam_types::view::SessionView;
use leptos::prelude::*;

/// The name of a browser and its system.
pub fn device(l: Locale, browser: &str, system: &str) -> String {
    let parts: Vec<_> = [browser, system]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        text!(l, account.unknown)
    } else {
        parts.join(", ")
    }
}

/// What a list shows of it: what it is, and from which address it signed in.
pub fn browser_cell(l: Locale, session: &SessionView) -> impl IntoView + use<> {
    let glyph = match session.system.as_str() {
        "Android" | "iPhone" | "iPad" => Glyph::Phone,
        _ => Glyph::Computer,
    };
    let name = device(l, &session.browser, &session.system);
    let place = (!session.place.is_empty())
        .then(|| view! { " " <span class="hint" dir="auto">{session.place.clone()}</span> });
    view! {
        <span class="who">
            <Icon glyph=glyph />
            <span>
                <strong>{name}</strong> <span class="hint" dir="ltr">{session.client_ip.clone()}</span>
                {place}
            </span>
        </span>
    }
}
