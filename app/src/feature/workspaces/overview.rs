//! A workspace at a glance.

use super::api::load_overview;
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        parts::{Empty, Notice, Tone},
        query::param,
    },
};
use iam_types::{
    Slug,
    view::{Attention, Day, FirstStep, OverviewView},
};
use leptos::prelude::*;

/// Height of the chart, in units of its picture.
const HEIGHT: i64 = 100;
/// Width of a day in it.
const STEP: i64 = 24;

/// `/w/{slug}/admin`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let slug = param("slug");
    let view = load_overview(slug);
    loaded(view, overview)
}

fn overview(view: OverviewView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let figures: Vec<_> = [
        (view.members, paths::members(&slug), text!(l, members.title)),
        (
            view.waiting_invitations,
            paths::invitations(&slug),
            text!(l, overview.invitations),
        ),
        (view.apps, paths::apps(&slug), text!(l, apps.title)),
    ]
    .into_iter()
    .filter_map(|(count, href, label)| {
        let count = count?;
        Some(view! {
            <li><a class="figure" href=href><strong>{count}</strong><span>{label}</span></a></li>
        })
    })
    .collect();
    let nothing = figures.is_empty().then(|| {
        let sentence = text!(l, overview.member_only, workspace = view.workspace.name.clone());
        view! { <Empty glyph=Glyph::Apps text=sentence /> }
    });
    let attention: Vec<_> = view
        .attention
        .into_iter()
        .map(|what| attention(l, &slug, what))
        .collect();
    let attention = (!attention.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>{text!(l, overview.attention)}</h2>
                {attention}
            </section>
        }
    });
    let name = view.workspace.name.clone();
    view! {
        <AppLayout title=name.clone() workspace=view.workspace width=Width::List>
            <h1>{name}</h1>
            {nothing}
            {first_steps(l, &slug, view.first_steps)}
            <ul class="figures">{figures}</ul>
            {attention}
            {chart(l, view.sign_ins)}
        </AppLayout>
    }
}

/// What a new workspace needs, ticked as it comes.
fn first_steps(l: Locale, slug: &Slug, steps: Vec<(FirstStep, bool)>) -> Option<impl IntoView + use<>> {
    if steps.is_empty() {
        return None;
    }
    let (done, all) = (steps.iter().filter(|(_, done)| *done).count(), steps.len());
    let steps: Vec<_> = steps
        .into_iter()
        .map(|(step, done)| first_step(l, slug, step, done))
        .collect();
    Some(view! {
        <section class="panel" aria-labelledby="first-steps">
            <div>
                <h2 id="first-steps">{text!(l, overview.first_steps)}</h2>
                <p class="hint">{text!(l, overview.first_steps_done, done = done, all = all)}</p>
            </div>
            <ul class="steps">{steps}</ul>
        </section>
    })
}

fn first_step(l: Locale, slug: &Slug, step: FirstStep, done: bool) -> impl IntoView + use<> {
    let (href, title, hint) = match step {
        FirstStep::App => (
            paths::new_app(slug),
            text!(l, overview.step_app),
            text!(l, overview.step_app_hint),
        ),
        FirstStep::SignIn => (
            paths::apps(slug),
            text!(l, overview.step_sign_in),
            text!(l, overview.step_sign_in_hint),
        ),
        FirstStep::Invitation => (
            paths::invitations(slug),
            text!(l, overview.step_invite),
            text!(l, overview.step_invite_hint),
        ),
        FirstStep::Brand => (
            paths::branding(slug),
            text!(l, overview.step_brand),
            text!(l, overview.step_brand_hint),
        ),
    };
    if done {
        return view! {
            <li class="done">
                <Icon glyph=Glyph::Done />
                <span>{title} " " <span class="sr-only">{text!(l, overview.step_done)}</span></span>
            </li>
        }
        .into_any();
    }
    view! {
        <li>
            <Icon glyph=Glyph::Undone />
            <span class="step">
                <a href=href>{title}</a>
                <span class="hint">{hint}</span>
            </span>
        </li>
    }
    .into_any()
}

fn attention(l: Locale, slug: &Slug, what: Attention) -> impl IntoView + use<> {
    let (sentence, href) = match what {
        Attention::OneOwner => (text!(l, overview.one_owner), paths::members(slug)),
        Attention::JoinRequests(count) => (
            text!(l, overview.join_requests, count = count),
            paths::invitations(slug),
        ),
        Attention::FailingDomains(count) => (
            text!(l, overview.failing_domains, count = count),
            paths::domains(slug),
        ),
        Attention::ExpiredInvitations(count) => (
            text!(l, overview.expired_invitations, count = count),
            paths::invitations(slug),
        ),
        Attention::UndeliveredInvitations(count) => (
            text!(l, overview.undelivered_invitations, count = count),
            paths::invitations(slug),
        ),
        Attention::DisabledApps(count) => {
            (text!(l, overview.disabled_apps, count = count), paths::apps(slug))
        }
    };
    view! { <Notice tone=Tone::Warn><p><a href=href>{sentence}</a></p></Notice> }
}

/// Bars for eyes, a table for everybody.
fn chart(l: Locale, days: Vec<Day>) -> Option<AnyView> {
    let most = days.iter().map(|day| day.count).max()?;
    let heading = || view! { <h2>{text!(l, overview.sign_ins)}</h2> };
    if most == 0 {
        let nothing = text!(l, overview.no_sign_ins, days = days.len());
        let empty =
            view! { <section class="stack">{heading()} <Empty glyph=Glyph::Health text=nothing /></section> };
        return Some(empty.into_any());
    }
    let total: i64 = days.iter().map(|day| day.count).sum();
    let width = STEP * i64::try_from(days.len()).unwrap_or_default();
    let bars: Vec<_> = (0..)
        .zip(&days)
        .filter(|(_, day)| day.count > 0)
        .map(|(place, day)| {
            // A day with a single sign-in among thousands is still to be seen.
            let height = (day.count * HEIGHT / most).max(3);
            let label = format!("{}: {}", day.date, day.count);
            view! {
                <rect x=place * STEP + 3 y=HEIGHT - height width=STEP - 6 height=height rx="3"><title>{label}</title></rect>
            }
        })
        .collect();
    let rows: Vec<_> = days
        .iter()
        .map(|day| view! { <tr><th scope="row">{day.date.clone()}</th><td>{day.count}</td></tr> })
        .collect();
    let summary = text!(l, overview.sign_ins_sum, count = total, days = days.len());
    let chart = view! {
        <section class="panel">
            <div>{heading()} <p class="hint">{summary.clone()}</p></div>
            <svg class="chart" role="img" aria-label=summary viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none">{bars}</svg>
            <details class="more">
                <summary>{text!(l, overview.as_table)}</summary>
                <table class="matrix"><tbody>{rows}</tbody></table>
            </details>
        </section>
    };
    Some(chart.into_any())
}
