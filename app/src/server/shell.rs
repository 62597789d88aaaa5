//! The document around every page.

use super::{assets::Assets, csp, document::head};
use crate::{App, i18n};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// Renders the document.
pub fn shell(assets: Assets) -> impl IntoView {
    csp::apply();
    let l = i18n::use_locale();
    let (lang, dir) = (i18n::tag(l), i18n::dir(l));
    view! {
        <!DOCTYPE html>
        <html lang=lang dir=dir>
            <head>
                {head(&assets)}
                <script type="module" nonce=use_nonce()>
                    {assets.wake}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
