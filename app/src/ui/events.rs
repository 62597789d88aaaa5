//! The words of the log: a sentence for everything that it tells.

use super::words::{connection_refusal, role_name};
use crate::{i18n::Locale, text, ui::parts::moment};
use iam::domain::audit::Action;
use iam_types::view::EventRow;
use leptos::prelude::*;

/// What happened, as a sentence.
pub fn event_text(l: Locale, event: &EventRow) -> String {
    let Some(action) = Action::stored(&event.action) else {
        return text!(l, events.other, actor = actor(l, event));
    };
    sentence(l, action, event)
}

/// Events, each with who did it, from where and when.
pub fn event_log(l: Locale, events: Vec<EventRow>, now: i64) -> impl IntoView {
    let told = |event: EventRow| (event_text(l, &event), event);
    events_as(l, events.into_iter().map(told).collect(), now)
}

/// As [`event_log`], where each is told in words of the page's own.
pub fn events_as(l: Locale, events: Vec<(String, EventRow)>, now: i64) -> impl IntoView {
    let rows: Vec<_> = events
        .into_iter()
        .map(|(words, event)| {
            let around = circumstances(l, &event);
            view! {
                <li>
                    <span class="log-what" dir="auto">
                        {words}
                        {(!around.is_empty()).then(|| view! { <span class="hint" dir="auto">{around}</span> })}
                    </span>
                    {moment(l, event.occurred_at, now)}
                </li>
            }
        })
        .collect();
    view! { <ol class="log">{rows}</ol> }
}

/// Where, how often, from where and with what.
fn circumstances(l: Locale, event: &EventRow) -> String {
    let place = (!event.place.is_empty()).then(|| event.place.clone());
    let times = event
        .times
        .map(|times| text!(l, events.times, count = times.max(1)));
    let address =
        (!event.client_ip.is_empty()).then(|| text!(l, events.client_ip, ip = event.client_ip.clone()));
    let browser = match (event.browser.as_str(), event.system.as_str()) {
        ("", "") => None,
        ("", one) | (one, "") => Some(one.to_owned()),
        (browser, system) => Some(text!(l, events.with, browser = browser, system = system)),
    };
    let parts: Vec<_> = [place, times, address, browser].into_iter().flatten().collect();
    parts.join(" · ")
}

fn actor(l: Locale, event: &EventRow) -> String {
    named(&event.actor, || text!(l, events.somebody))
}

fn named(name: &str, else_called: impl FnOnce() -> String) -> String {
    if name.is_empty() {
        else_called()
    } else {
        name.to_owned()
    }
}

fn sentence(l: Locale, action: Action, event: &EventRow) -> String {
    let actor = actor(l, event);
    let subject = |else_called: String| named(&event.subject, || else_called);
    let group = || named(&event.group, || text!(l, events.a_group));
    macro_rules! did {
        ($key:ident) => {
            text!(l, events.$key, actor = actor)
        };
        ($key:ident, $unnamed:ident) => {
            text!(
                l,
                events.$key,
                actor = actor,
                subject = subject(text!(l, events.$unnamed))
            )
        };
    }
    macro_rules! happened {
        ($key:ident) => {
            text!(l, events.$key)
        };
        ($key:ident, $unnamed:ident) => {
            text!(l, events.$key, subject = subject(text!(l, events.$unnamed)))
        };
    }
    match action {
        Action::MagicLinkRequested => happened!(magic_link_requested),
        Action::MagicLinkRefused => happened!(magic_link_refused),
        Action::AccessDenied => did!(access_denied),
        Action::ClientRefused => happened!(client_refused, an_app),
        Action::GrantRefused => happened!(grant_refused, an_app),
        Action::UserCreated => did!(user_created),
        Action::SessionCreated => did!(session_created),
        Action::SessionEnded => did!(session_ended),
        Action::PasskeyAdded => did!(passkey_added),
        Action::PasskeyUpdated => did!(passkey_updated),
        Action::PasskeyRemoved => did!(passkey_removed),
        Action::PasskeyBlocked => happened!(passkey_blocked),
        Action::PasskeyRefused => happened!(passkey_refused),
        Action::TotpConfirmed => did!(totp_confirmed),
        Action::TotpRemoved => did!(totp_removed),
        Action::RecoveryCodesCreated => did!(recovery_codes_created),
        Action::RecoveryCodeUsed => did!(recovery_code_used),
        Action::BrowserTrusted => did!(browser_trusted),
        Action::BrowserTrustUsed => did!(browser_trust_used),
        Action::BrowserForgotten => did!(browser_forgotten),
        Action::RecoveryBegun => did!(recovery_begun, a_member),
        Action::RecoveryObjected => did!(recovery_objected),
        Action::RecoveryStopped => did!(recovery_stopped),
        Action::RecoveryUsed => did!(recovery_used),
        Action::SecondFactorRefused => did!(second_factor_refused),
        Action::PasswordSet => did!(password_set),
        Action::PasswordImported => happened!(password_imported),
        Action::PasswordSpent => happened!(password_spent),
        Action::PasswordRemoved => did!(password_removed),
        Action::PasswordRefused => happened!(password_refused),
        Action::AddressAdded => did!(address_added),
        Action::AddressVerified => did!(address_verified),
        Action::AddressRefused => happened!(address_refused),
        Action::AddressMadePrimary => did!(address_made_primary),
        Action::AddressRemoved => did!(address_removed),
        Action::AddressRestored => did!(address_restored),
        Action::ConnectionCreated => did!(connection_created, a_connection),
        Action::ConnectionUpdated => did!(connection_updated, a_connection),
        Action::ConnectionDisabled => did!(connection_disabled, a_connection),
        Action::ConnectionEnabled => did!(connection_enabled, a_connection),
        Action::ConnectionDeleted => did!(connection_deleted, a_connection),
        Action::ConnectionRefused => text!(
            l,
            events.connection_refused,
            subject = subject(text!(l, events.a_connection)),
            why = connection_refusal(l, &event.reason)
        ),
        Action::ConnectionTested => did!(connection_tested, a_connection),
        Action::IdentityLinked => did!(identity_linked, a_connection),
        Action::IdentityUnlinked => did!(identity_unlinked, a_connection),
        Action::WorkspaceCreated => did!(workspace_created),
        Action::WorkspaceUpdated => did!(workspace_updated),
        Action::WorkspaceSuspended => did!(workspace_suspended),
        Action::WorkspaceResumed => did!(workspace_resumed),
        Action::HostPasskeysAllowed => did!(host_passkeys_allowed),
        Action::HostPasskeysStopped => did!(host_passkeys_stopped),
        Action::WorkspaceEnding => did!(workspace_ending),
        Action::WorkspaceRestored => did!(workspace_restored),
        Action::WorkspaceDeleted => happened!(workspace_deleted),
        Action::WorkspaceExported => did!(workspace_exported),
        Action::OwnershipOffered => did!(ownership_offered, a_member),
        Action::OwnershipOfferEnded => did!(ownership_offer_ended),
        Action::PlatformUpdated => did!(platform_updated),
        // Whoever was approved or appointed did not come by themselves.
        Action::MemberJoined if event.actor == event.subject => happened!(member_joined, a_member),
        Action::MemberJoined => did!(member_added, a_member),
        Action::MemberRoleChanged => match event.roles {
            Some((from, to)) => text!(
                l,
                events.member_role_changed,
                actor = actor,
                subject = subject(text!(l, events.a_member)),
                from = role_name(l, from),
                to = role_name(l, to)
            ),
            None => did!(member_roles_changed, a_member),
        },
        Action::MemberRemoved => did!(member_removed, a_member),
        Action::MemberLeft => did!(member_left),
        Action::InvitationCreated => did!(invitation_created, an_address),
        Action::InvitationResent => did!(invitation_resent, an_address),
        Action::InvitationWithdrawn => did!(invitation_withdrawn, an_address),
        Action::InvitationDeclined => did!(invitation_declined),
        Action::JoinRequested => did!(join_requested),
        Action::JoinRequestEnded => did!(join_request_ended),
        Action::DomainClaimed => did!(domain_claimed, a_domain),
        Action::DomainProved => happened!(domain_proved, a_domain),
        Action::DomainUpdated => did!(domain_updated, a_domain),
        Action::DomainLost => happened!(domain_lost, a_domain),
        Action::DomainRemoved => did!(domain_removed, a_domain),
        Action::SupportOpened => did!(support_opened),
        Action::SupportClosed => did!(support_closed),
        Action::SupportEntered => did!(support_entered),
        Action::UserUpdated => did!(user_updated),
        Action::UserExported => did!(user_exported),
        Action::UserEnding => did!(user_ending),
        Action::UserKept => did!(user_kept),
        Action::UserDeleted => happened!(user_deleted),
        Action::UserDisabled => did!(user_disabled, a_member),
        Action::UserEnabled => did!(user_enabled, a_member),
        Action::BrandUpdated => did!(brand_updated),
        Action::RoleCreated => did!(role_created, a_role),
        Action::RoleUpdated => did!(role_updated, a_role),
        Action::RoleDeleted => did!(role_deleted, a_role),
        Action::GroupCreated => did!(group_created, a_group),
        Action::GroupUpdated => did!(group_updated, a_group),
        Action::GroupDeleted => did!(group_deleted, a_group),
        Action::GroupMemberAdded => text!(
            l,
            events.group_member_added,
            actor = actor,
            subject = subject(text!(l, events.a_member)),
            group = group()
        ),
        Action::GroupMemberRemoved => text!(
            l,
            events.group_member_removed,
            actor = actor,
            subject = subject(text!(l, events.a_member)),
            group = group()
        ),
        Action::AppCreated => did!(app_created, an_app),
        Action::AppUpdated => did!(app_updated, an_app),
        Action::AppSecretRotated => did!(app_secret_rotated, an_app),
        Action::AppDisabled => did!(app_disabled, an_app),
        Action::AppEnabled => did!(app_enabled, an_app),
        Action::SigningKeyCreated => happened!(signing_key_created),
        Action::ConsentGranted => did!(consent_granted, an_app),
        Action::ConsentDenied => did!(consent_denied, an_app),
        Action::ConsentWithdrawn => did!(consent_withdrawn, an_app),
        Action::CodeIssued => did!(code_issued, an_app),
        Action::TokensIssued => did!(tokens_issued, an_app),
        Action::GrantRevoked => did!(grant_revoked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;
    use std::collections::HashMap;

    #[test]
    fn everything_that_the_log_tells_has_a_sentence_of_its_own_in_each_language() {
        for &l in i18n::locales() {
            let mut known = HashMap::new();
            for action in Action::ALL {
                let event = EventRow {
                    action: action.as_str().to_owned(),
                    ..EventRow::default()
                };
                let words = event_text(l, &event);
                assert!(
                    words.contains(' ') && !words.contains(['_', '{']) && !words.contains(action.as_str()),
                    "{action:?}: {words}"
                );
                if let Some(other) = known.insert(words, action) {
                    panic!("{action:?} and {other:?} read alike in {}", i18n::tag(l));
                }
            }
        }
    }

    #[test]
    fn a_sentence_names_who_what_and_from_where() {
        let event = EventRow {
            action: "group.member_added".to_owned(),
            actor: "olga@example.com".to_owned(),
            subject: "ada@example.com".to_owned(),
            group: "Nurses".to_owned(),
            client_ip: "203.0.113.9".to_owned(),
            browser: "Firefox".to_owned(),
            system: "Windows".to_owned(),
            ..EventRow::default()
        };
        assert_eq!(
            event_text(Locale::en, &event),
            "olga@example.com added ada@example.com to the group Nurses"
        );
        assert_eq!(
            circumstances(Locale::en, &event),
            "from 203.0.113.9 · Firefox on Windows"
        );
        let unknown = EventRow {
            action: "moon.landed".to_owned(),
            ..event
        };
        assert!(!event_text(Locale::en, &unknown).contains("moon"));
    }
}
