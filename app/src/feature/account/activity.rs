//! What happened with the viewer's account.

use super::api::load_activity;
use crate::{
    i18n::{self, Locale},
    layout::personal,
    paths, text,
    ui::{
        events::{event_text, events_as},
        icon::Glyph,
        pager::Pager,
        parts::Empty,
        query::asked,
        words::role_name,
    },
};
use iam::domain::audit::Action;
use iam_types::view::{ActivityRow, ActivityView, EndedSessions};
use leptos::prelude::*;

/// `/account/activity`
#[component]
pub fn ActivityPage() -> impl IntoView {
    let l = i18n::use_locale();
    let before = asked("before");
    let render = {
        let before = before.clone();
        move |view: ActivityView| {
            let next = view.events.next.as_deref().map(paths::activity_page);
            let first = (!before.is_empty()).then(|| paths::ACTIVITY.to_owned());
            let told: Vec<_> = view
                .events
                .rows
                .into_iter()
                .map(|row| (activity_text(l, &row), row.event))
                .collect();
            let list = if told.is_empty() {
                view! { <Empty glyph=Glyph::History text=text!(l, activity.none) /> }.into_any()
            } else {
                events_as(l, told, view.now).into_any()
            };
            view! {
                <h1>{text!(l, activity.title)}</h1>
                <p class="hint">{text!(l, activity.lead)}</p>
                {list}
                <Pager first=first next=next />
            }
        }
    };
    personal(text!(l, activity.title), load_activity(before), render)
}

/// What happened, told to whom it happened.
fn activity_text(l: Locale, row: &ActivityRow) -> String {
    let event = &row.event;
    let app = || {
        if event.subject.is_empty() {
            text!(l, events.an_app)
        } else {
            event.subject.clone()
        }
    };
    match Action::stored(&event.action) {
        Some(Action::UserCreated) => text!(l, activity.account_created),
        Some(Action::SessionCreated) => text!(l, activity.signed_in),
        Some(Action::SessionEnded) => match row.ended {
            Some(EndedSessions::Another) if !row.own => text!(l, activity.browser_signed_out_by_operator),
            _ if !row.own => text!(l, activity.signed_out_by_operator),
            Some(EndedSessions::Own) => text!(l, activity.signed_out),
            Some(EndedSessions::Another) => text!(l, activity.another_signed_out),
            Some(EndedSessions::Others) => text!(l, activity.others_signed_out),
            Some(EndedSessions::Oldest) => text!(l, activity.oldest_signed_out),
            Some(EndedSessions::All) | None => text!(l, activity.signed_out_everywhere),
        },
        Some(Action::PasskeyAdded) => text!(l, activity.passkey_added),
        Some(Action::PasskeyUpdated) => text!(l, activity.passkey_renamed),
        Some(Action::PasskeyBlocked) => text!(l, activity.passkey_blocked),
        Some(Action::IdentityLinked) => text!(l, activity.identity_linked),
        Some(Action::IdentityUnlinked) => text!(l, activity.identity_unlinked),
        Some(Action::PasskeyRemoved) => text!(l, activity.passkey_removed),
        Some(Action::TotpConfirmed) => text!(l, activity.totp_confirmed),
        Some(Action::TotpRemoved) => text!(l, activity.totp_removed),
        Some(Action::RecoveryCodesCreated) => text!(l, activity.recovery_codes_created),
        Some(Action::RecoveryCodeUsed) => text!(l, activity.recovery_code_used),
        Some(Action::BrowserTrusted) => text!(l, activity.browser_trusted),
        Some(Action::BrowserTrustUsed) => text!(l, activity.browser_trust_used),
        Some(Action::BrowserForgotten) => text!(l, activity.browser_forgotten),
        Some(Action::RecoveryBegun) => text!(l, activity.recovery_begun),
        Some(Action::RecoveryObjected) => text!(l, activity.recovery_objected),
        Some(Action::RecoveryStopped) => text!(l, activity.recovery_stopped),
        Some(Action::RecoveryUsed) => text!(l, activity.recovery_used),
        Some(Action::SecondFactorRefused) => text!(l, activity.second_factor_refused),
        Some(Action::PasswordSet) => text!(l, activity.password_set),
        Some(Action::PasswordImported) => text!(l, activity.password_imported),
        Some(Action::PasswordSpent) => text!(l, activity.password_spent),
        Some(Action::PasswordRemoved) => text!(l, activity.password_removed),
        Some(Action::AddressAdded) => text!(l, activity.address_added),
        Some(Action::AddressVerified) => text!(l, activity.address_verified),
        Some(Action::AddressMadePrimary) => text!(l, activity.address_made_primary),
        Some(Action::AddressRemoved) => text!(l, activity.address_removed),
        Some(Action::AddressRestored) => text!(l, activity.address_restored),
        Some(Action::UserUpdated) => text!(l, activity.name_changed),
        Some(Action::UserEnding) => text!(l, activity.account_ending),
        Some(Action::UserKept) => text!(l, activity.account_kept),
        Some(Action::UserExported) => text!(l, activity.data_downloaded),
        Some(Action::UserDisabled) => text!(l, activity.disabled),
        Some(Action::UserEnabled) => text!(l, activity.enabled),
        Some(Action::MemberJoined) => text!(l, activity.joined),
        Some(Action::MemberLeft) => text!(l, activity.left),
        Some(Action::MemberRemoved) => text!(l, activity.removed),
        Some(Action::MemberRoleChanged) => match event.roles {
            Some((from, to)) => text!(
                l,
                activity.role_changed,
                from = role_name(l, from),
                to = role_name(l, to)
            ),
            None => text!(l, activity.roles_changed),
        },
        Some(Action::GroupMemberAdded) => text!(l, activity.group_added, group = group(l, row)),
        Some(Action::GroupMemberRemoved) => text!(l, activity.group_removed, group = group(l, row)),
        Some(Action::ConsentGranted) => text!(l, activity.app_allowed, app = app()),
        Some(Action::ConsentDenied) => text!(l, activity.app_denied, app = app()),
        Some(Action::ConsentWithdrawn) => text!(l, activity.app_disconnected, app = app()),
        Some(Action::GrantRevoked) => text!(l, activity.app_access_ended),
        _ => event_text(l, event),
    }
}

fn group(l: Locale, row: &ActivityRow) -> String {
    if row.event.group.is_empty() {
        text!(l, events.a_group)
    } else {
        row.event.group.clone()
    }
}
