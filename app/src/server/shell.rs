//! The document around every page.

use super::csp;
use crate::{App, i18n, ui::layout::OwnHost};
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Renders the document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    csp::apply("");
    let lang = i18n::tag(i18n::use_locale());
    let own_host = use_context::<OwnHost>().filter(|own| own.0).map(|_| "");
    view! {
        <!DOCTYPE html>
        <html lang=lang data-own-host=own_host>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/rooiam.css" />
                <HydrationScripts options=options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
