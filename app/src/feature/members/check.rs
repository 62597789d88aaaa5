//! "Why can't they get in?": for an address, and on a member's page.

use super::{api::load_access_check, words::Face};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        parts::Tone,
        query::{asked, param},
        sign_in_policy::in_words,
    },
};
use iam_types::{
    Slug,
    view::{AccessCheck, AccessCheckView, Delivery, Finding},
};
use leptos::prelude::*;

/// `/w/{slug}/admin/members/check?email={address}`
#[component]
pub fn AccessCheckPage() -> impl IntoView {
    let (slug, email) = (param("slug"), asked("email"));
    loaded(load_access_check(slug, email), page)
}

fn page(view: AccessCheckView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let trail = vec![(paths::members(&slug), text!(l, members.title))];
    let to_invitations = view.member.is_none() && view.may_invite;
    let to_invitations = to_invitations.then(|| {
        view! { <p><a class="button quiet" href=paths::invitations(&slug)>{text!(l, access_check.to_invitations)}</a></p> }
    });
    let member = view.member.map(|member| {
        let href = paths::member(&slug, member.id);
        view! {
            <p>{text!(l, access_check.belongs)}</p>
            <Face member=member href=href />
        }
    });
    view! {
        <AppLayout title=text!(l, access_check.title) workspace=view.workspace trail=trail>
            <h1>{text!(l, access_check.title)}</h1>
            <section class="panel">
                <h2 class="wrapped" dir="auto">{view.email.clone()}</h2>
                {member}
                {findings(l, view.check, view.now)}
                {to_invitations}
            </section>
            {check_form(l, &slug, &view.email)}
        </AppLayout>
    }
}

/// Asks for an address; folded away where nothing was asked yet.
pub fn check_form(l: Locale, slug: &Slug, email: &str) -> impl IntoView + use<> {
    view! {
        <details class="panel" open=!email.is_empty()>
            <summary>{text!(l, access_check.open)}</summary>
            <div class="stack">
                <p class="hint">{text!(l, access_check.lead)}</p>
                <form class="search" method="get" action=paths::access_check(slug)>
                    <input type="text" name="email" inputmode="email" autocapitalize="none" autocomplete="off" required maxlength="320"
                        aria-label=text!(l, common.email) placeholder=text!(l, common.email) value=email.to_owned() dir="auto" />
                    <button class="button quiet">{text!(l, access_check.submit)}</button>
                </form>
            </div>
        </details>
    }
}

/// What stands in somebody's way, in words.
pub fn findings(l: Locale, check: AccessCheck, now: i64) -> impl IntoView {
    let rows: Vec<_> = check
        .findings
        .into_iter()
        .map(|finding| {
            let (tone, words) = said(l, finding, now);
            let (class, glyph) = match tone {
                Tone::Good => ("good", Glyph::Done),
                Tone::Bad => ("bad", Glyph::Danger),
                Tone::Warn | Tone::Neutral => ("warn", Glyph::Warning),
            };
            view! { <li class=class><Icon glyph=glyph /> <span>{words}</span></li> }
        })
        .collect();
    let hints = [
        check
            .sign_in_limit
            .map(|limit| text!(l, access_check.limit, count = (limit / 3600).max(1))),
        check
            .idle_limit
            .map(|limit| text!(l, access_check.idle_limit, time = in_words(l, &limit.to_string()))),
        check.same_network.then(|| text!(l, access_check.same_network)),
    ];
    let hints: Vec<_> = hints
        .into_iter()
        .flatten()
        .map(|hint| view! { <p class="hint">{hint}</p> })
        .collect();
    view! {
        <ul class="findings">{rows}</ul>
        {hints}
    }
}

fn said(l: Locale, finding: Finding, now: i64) -> (Tone, String) {
    let ago = |at| i18n::ago(l, at, now);
    match finding {
        Finding::AccountDisabled => (Tone::Bad, text!(l, access_check.account_disabled)),
        Finding::SignInTooOld(at) => (Tone::Neutral, text!(l, access_check.too_old, ago = ago(at))),
        Finding::SignInIdle(at) => (Tone::Neutral, text!(l, access_check.idle, ago = ago(at))),
        Finding::SecondFactorMissing(at) => (Tone::Warn, text!(l, access_check.one_factor, ago = ago(at))),
        Finding::ModelRefused(at) => (Tone::Warn, text!(l, access_check.model_refused, ago = ago(at))),
        Finding::MethodRefused(at) => (Tone::Warn, text!(l, access_check.method_refused, ago = ago(at))),
        Finding::LetIn => (Tone::Good, text!(l, access_check.let_in)),
        Finding::Invited { sent_at, delivery } => match delivery {
            Delivery::Failed(reason) => (Tone::Bad, text!(l, invitations.failed_why, reason = reason)),
            Delivery::Delayed(reason) => (Tone::Warn, text!(l, invitations.delayed_why, reason = reason)),
            Delivery::Waiting | Delivery::Left => {
                (Tone::Warn, text!(l, access_check.invited, ago = ago(sent_at)))
            }
        },
        Finding::InvitationExpired => (Tone::Bad, text!(l, access_check.invitation_expired)),
        Finding::InvitationVoid => (Tone::Bad, text!(l, access_check.invitation_void)),
        Finding::Requested(since) => (Tone::Warn, text!(l, access_check.requested, ago = ago(since))),
        Finding::CanJoin => (Tone::Good, text!(l, access_check.can_join)),
        Finding::CanAsk => (Tone::Warn, text!(l, access_check.can_ask)),
        Finding::MembersOnly => (Tone::Bad, text!(l, access_check.members_only)),
        Finding::AppDisabled(app) => (Tone::Warn, text!(l, access_check.app_disabled, app = app)),
    }
}
