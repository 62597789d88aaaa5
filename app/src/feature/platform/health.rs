//! How the platform is.

use super::{api::load_health, frame::operated};
use crate::{
    i18n::{self, Locale},
    layout::Width,
    text,
    ui::parts::{Badge, Tone},
};
use iam_types::view::HealthView;
use leptos::prelude::*;

/// `/platform/health`
#[component]
pub fn HealthPage() -> impl IntoView {
    let l = i18n::use_locale();
    let view = load_health();
    let render = move |view: HealthView| health(l, view);
    operated(text!(l, platform.health), Width::Form, Vec::new(), view, render)
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
        (Tone::Good, text!(l, platform.answers))
    } else {
        (Tone::Bad, text!(l, platform.silent))
    };
    let database = text!(
        l,
        platform.database_is,
        version = view.database_version,
        micros = view.database_micros,
        size = view.database_size / 1_048_576
    );
    let lost = if view.mails_failed == 0 {
        Tone::Good
    } else {
        Tone::Warn
    };
    let reasons: Vec<_> = view
        .mail_reasons
        .into_iter()
        .map(|(reason, count)| view! { <dt>{reason}</dt><dd>{count}</dd> })
        .collect();
    let reasons = (!reasons.is_empty()).then(|| {
        view! {
            <h3>{text!(l, platform.mail_reasons)}</h3>
            <dl class="facts">{reasons}</dl>
        }
    });
    let models = view.models_until.map(|(until, over)| {
        let tone = if over { Tone::Warn } else { Tone::Good };
        view! {
            <dt>{text!(l, platform.models_until)}</dt>
            <dd><Badge text=until tone=tone /></dd>
        }
    });
    view! {
        <h1>{text!(l, platform.health)}</h1>
        <section class="panel">
            <h2>{text!(l, platform.service)}</h2>
            <dl class="facts">
                <dt>{text!(l, platform.version)}</dt>
                <dd>{view.version}</dd>
                <dt>{text!(l, platform.database)}</dt>
                <dd><Badge text=text!(l, platform.answers) tone=Tone::Good /> " " {database}</dd>
                <dt>{text!(l, platform.limiter)}</dt>
                <dd><Badge text=limiter.1 tone=limiter.0 /></dd>
                {models}
            </dl>
        </section>
        <section class="panel">
            <h2>{text!(l, platform.mails)}</h2>
            <dl class="facts">
                <dt>{text!(l, platform.mails_waiting)}</dt>
                <dd>{mails}</dd>
                <dt>{text!(l, platform.mails_failed)}</dt>
                <dd><Badge text=view.mails_failed.to_string() tone=lost /></dd>
            </dl>
            {reasons}
        </section>
        <section class="panel">
            <h2>{text!(l, platform.usage)}</h2>
            <dl class="facts">
                <dt>{text!(l, common.workspaces)}</dt>
                <dd>{view.workspaces}</dd>
                <dt>{text!(l, platform.suspended)}</dt>
                <dd>{view.suspended}</dd>
                <dt>{text!(l, platform.people)}</dt>
                <dd>{view.people}</dd>
                <dt>{text!(l, account.sessions)}</dt>
                <dd>{view.sessions}</dd>
            </dl>
        </section>
    }
}
