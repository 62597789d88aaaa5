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
    let script = wake(&assets);
    view! {
        <!DOCTYPE html>
        <html lang=lang dir=dir>
            <head>
                {head(&assets)}
                <script type="module" nonce=use_nonce()>
                    {script}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Wakes the islands of a page, if it has any: a page without them downloads nothing. An island that the code does not know
/// is of another build, and stays as the server rendered it.
fn wake(Assets { script, wasm, .. }: &Assets) -> String {
    format!(
        "const islands = document.querySelectorAll('leptos-island')\n\
         if (islands.length) {{\n\
         const wasm = fetch({wasm:?})\n\
         const code = await import({script:?})\n\
         await code.default({{ module_or_path: wasm }})\n\
         code.hydrate()\n\
         for (const island of islands) code[island.dataset.component]?.(island)\n\
         }}"
    )
}
