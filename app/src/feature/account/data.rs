//! What is kept of the viewer, to take along.

use crate::{
    i18n,
    layout::personal,
    paths,
    server::context::{iam, signed_in},
    text,
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// `/account/data`
#[component]
pub fn DataPage() -> impl IntoView {
    let l = i18n::use_locale();
    let render = move |_| {
        view! {
            <h1>{text!(l, account.data)}</h1>
            <section class="panel">
                <h2>{text!(l, account.download)}</h2>
                <p>{text!(l, account.download_hint)}</p>
                <form method="post" action=paths::ACCOUNT_EXPORT>
                    <button class="button quiet"><Icon glyph=Glyph::Download /> {text!(l, account.download)}</button>
                </form>
            </section>
        }
    };
    let viewer = async { Ok(iam()?.account().viewer(&signed_in()?)?) };
    personal(text!(l, account.data), viewer, render)
}
