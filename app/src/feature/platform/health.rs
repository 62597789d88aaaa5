//! How the platform is.

use super::{api::load_health, frame::operated};
use crate::{
    i18n::{self, Locale},
    text,
};
use iam_types::view::HealthView;
use leptos::prelude::*;

/// `/platform/health`
#[component]
pub fn HealthPage() -> impl IntoView {
    let l = i18n::use_locale();
    let view = load_health();
    let render = move |view: HealthView| health(l, view);
    operated(text!(l, platform.health), view, render)
}

fn health(l: Locale, view: HealthView) -> impl IntoView {
    let mails = match view.oldest_mail {
        Some(since) => text!(
            l,
            platform.mails_since,
            count = view.mails_waiting,
            ago = i18n::ago(l, since, view.now)
        ),
        None => view.mails_waiting.to_string(),
    };
    let limiter = if view.limiter_answers {
        text!(l, platform.answers)
    } else {
        text!(l, platform.silent)
    };
    let reasons: Vec<_> = view
        .mail_reasons
        .into_iter()
        .map(|(reason, count)| format!("{reason}: {count}"))
        .collect();
    let reasons = reasons.join(", ");
    let rows: Vec<_> = [
        (text!(l, common.workspaces), view.workspaces.to_string()),
        (text!(l, platform.suspended), view.suspended.to_string()),
        (text!(l, platform.people), view.people.to_string()),
        (text!(l, account.sessions), view.sessions.to_string()),
        (text!(l, platform.mails_waiting), mails),
        (text!(l, platform.mails_failed), view.mails_failed.to_string()),
        (text!(l, platform.mail_reasons), reasons),
        (
            text!(l, platform.database),
            text!(
                l,
                platform.database_is,
                version = view.database_version,
                micros = view.database_micros,
                size = view.database_size / 1_048_576
            ),
        ),
        (text!(l, platform.limiter), limiter),
        (text!(l, platform.version), view.version),
    ]
    .into_iter()
    .map(|(name, value)| view! { <tr><th scope="row">{name}</th><td>{value}</td></tr> })
    .collect();
    view! {
        <h1>{text!(l, platform.health)}</h1>
        <div class="scroll">
            <table class="matrix facts"><tbody>{rows}</tbody></table>
        </div>
    }
}
