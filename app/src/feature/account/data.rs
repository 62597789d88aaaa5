//! What is kept of the viewer, to take along.

use super::sign_in_first;
use crate::{
    AppError, i18n,
    layout::personal,
    paths,
    server::{
        context::{iam, signed_in},
        wanted,
    },
    text,
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// `/account/data`
#[component]
pub fn DataPage() -> impl IntoView {
    let l = i18n::use_locale();
    let render = move |recent: bool| {
        let way = if recent {
            view! {
                <form method="post" action=paths::ACCOUNT_EXPORT>
                    <button class="button quiet"><Icon glyph=Glyph::Download /> {text!(l, account.download)}</button>
                </form>
            }
            .into_any()
        } else {
            sign_in_first(l, text!(l, account.download_again)).into_any()
        };
        view! {
            <h1>{text!(l, account.data)}</h1>
            <section class="panel">
                <h2>{text!(l, account.download)}</h2>
                <p>{text!(l, account.download_hint)}</p>
                {way}
            </section>
        }
    };
    personal(text!(l, account.data), load_data(), render)
}

/// Whether the file can be had. Who has to prove first who they are comes back here.
async fn load_data() -> Result<bool, AppError> {
    let recent = iam()?.sign_in().is_recent(&signed_in()?).await?;
    if !recent {
        wanted::remember();
    }
    Ok(recent)
}
