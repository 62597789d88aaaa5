//! What a form asks of a browser whose network asked for too much.

use crate::{
    i18n,
    server::context::{ctx, iam},
    text,
    ui::script::PageScript,
};
use leptos::prelude::*;

/// Lets the form that it stands in be sent once more: its browser works for that while its person reads. Without scripts they wait.
#[component]
pub fn Toll() -> impl IntoView {
    let l = i18n::use_locale();
    let asked = iam().ok().zip(ctx().ok());
    let asked = asked.map(|(iam, ctx)| iam.sign_in().toll(&ctx));
    asked.map(|asked| {
        view! {
            <input type="hidden" name="toll" data-toll=asked data-working=text!(l, login.working) />
            <p class="hint scripted">{text!(l, login.toll)}</p>
            <PageScript source=include_str!("../server/toll.js") />
        }
    })
}
