//! The document around every page.

use super::{assets::Assets, csp, outcome};
use crate::{App, FINGERPRINT, i18n, ui::layout::OwnHost};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// Renders the document.
pub fn shell(assets: Assets) -> impl IntoView {
    csp::apply();
    let l = i18n::use_locale();
    let (lang, dir) = (i18n::tag(l), i18n::dir(l));
    let own_host = use_context::<OwnHost>().filter(|own| own.0).map(|_| "");
    let told = outcome::told().and_then(|told| serde_json::to_string(&told).ok());
    let Assets { script, wasm, style } = assets;
    let start = format!(
        "import({script:?}).then((pages) => pages.default({{ module_or_path: {wasm:?} }}).then(() => pages.hydrate()))"
    );
    view! {
        <!DOCTYPE html>
        <html lang=lang dir=dir data-own-host=own_host data-fingerprint=FINGERPRINT data-told=told>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
                <link rel="modulepreload" href=script nonce=use_nonce() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=use_nonce()>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
