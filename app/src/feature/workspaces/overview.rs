//! A workspace at a glance.

use super::api::load_overview;
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, loaded},
    paths, text,
    ui::query::param,
};
use iam_types::{
    Slug,
    view::{Attention, Day, OverviewView},
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
        view! { <p class="empty">{text!(l, overview.member_only, workspace = view.workspace.name.clone())}</p> }
    });
    let attention: Vec<_> = view
        .attention
        .into_iter()
        .map(|what| attention(l, &slug, what))
        .collect();
    let attention = (!attention.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{text!(l, overview.attention)}</h2>
                <ul class="notes">{attention}</ul>
            </section>
        }
    });
    let name = view.workspace.name.clone();
    view! {
        <AppLayout title=name.clone() workspace=view.workspace>
            <h1>{name}</h1>
            {nothing}
            <ul class="figures">{figures}</ul>
            {attention}
            {chart(l, view.sign_ins)}
        </AppLayout>
    }
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
        Attention::NoApp => (text!(l, overview.no_app), paths::new_app(slug)),
    };
    view! { <li><a href=href>{sentence}</a></li> }
}

/// Bars for eyes, a table for everybody.
fn chart(l: Locale, days: Vec<Day>) -> Option<impl IntoView> {
    let most = days.iter().map(|day| day.count).max()?.max(1);
    let total: i64 = days.iter().map(|day| day.count).sum();
    let width = STEP * i64::try_from(days.len()).unwrap_or_default();
    let bars: Vec<_> = (0..)
        .zip(&days)
        .map(|(place, day)| {
            // A day with a single sign-in among thousands is still to be seen.
            let height = if day.count == 0 { 1 } else { (day.count * HEIGHT / most).max(3) };
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
    Some(view! {
        <section class="panel">
            <h2>{text!(l, overview.sign_ins)}</h2>
            <p class="hint">{summary.clone()}</p>
            <svg class="chart" role="img" aria-label=summary viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none">{bars}</svg>
            <details class="more">
                <summary>{text!(l, overview.as_table)}</summary>
                <table class="matrix"><tbody>{rows}</tbody></table>
            </details>
        </section>
    })
}
