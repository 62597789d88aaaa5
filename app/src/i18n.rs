//! Texts. Keys are checked by the compiler; the locale is chosen once per page, by the server.

mod mail;

pub use mail::*;

use iam::domain::account::preferences::TimeZone;
use iam_types::ErrorCode;
use leptos::prelude::*;

#[expect(
    unused,
    missing_docs,
    clippy::expect_used,
    reason = "written by the build script"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::Locale;

/// A text in `locale`.
#[macro_export]
macro_rules! text {
    ($locale:expr, $($key:tt)*) => {{
        $crate::plurals::ready();
        ::leptos_i18n::td_string!($locale, $($key)*).to_string()
    }};
}

/// The page's language: what the server decided, which the browser reads from `<html lang>`.
pub fn use_locale() -> Locale {
    use_context::<Locale>().unwrap_or_default()
}

/// The supported language with this tag.
pub fn locale_of(tag: &str) -> Option<Locale> {
    match tag
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "en" => Some(Locale::en),
        "de" => Some(Locale::de),
        "ar" => Some(Locale::ar),
        _ => None,
    }
}

/// All supported languages, the default first.
pub fn locales() -> &'static [Locale] {
    <Locale as leptos_i18n::Locale>::get_all()
}

/// The language tag.
pub const fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::de => "de",
        Locale::ar => "ar",
    }
}

/// What the language calls itself.
pub const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "English",
        Locale::de => "Deutsch",
        Locale::ar => "العربية",
    }
}

/// The direction that the language is written in, as HTML's `dir` has it.
pub const fn dir(locale: Locale) -> &'static str {
    match locale {
        Locale::en | Locale::de => "ltr",
        Locale::ar => "rtl",
    }
}

/// The heading above the sentence for a failure.
pub fn problem_title(l: Locale, code: ErrorCode) -> String {
    match code {
        ErrorCode::NotFound => text!(l, problem.not_found_title),
        ErrorCode::Forbidden | ErrorCode::NotMember => text!(l, problem.no_access),
        ErrorCode::SignInRequired | ErrorCode::SignInAgain | ErrorCode::SignInExpired => {
            text!(l, login.title)
        }
        ErrorCode::SecondFactorRequired => text!(l, two_step.title),
        ErrorCode::PasswordSpent => text!(l, password.another),
        _ => text!(l, problem.title),
    }
}

/// The sentence for a failure.
pub fn error_text(l: Locale, code: ErrorCode) -> String {
    match code {
        ErrorCode::InvalidEmail => text!(l, error.invalid_email),
        ErrorCode::AlreadyMember => text!(l, error.already_member),
        ErrorCode::TooManyAtOnce => text!(l, error.too_many_at_once),
        ErrorCode::InvalidName => text!(l, error.invalid_name),
        ErrorCode::AddressInName => text!(l, error.address_in_name),
        ErrorCode::InvalidText => text!(l, error.invalid_text),
        ErrorCode::InvisibleText => text!(l, error.invisible_text),
        ErrorCode::InvalidSlug => text!(l, error.invalid_slug),
        ErrorCode::SlugReserved => text!(l, error.slug_reserved),
        ErrorCode::SlugTaken => text!(l, error.slug_taken),
        ErrorCode::InvalidRedirectUri => text!(l, error.invalid_redirect_uri),
        ErrorCode::InvalidInput => text!(l, error.invalid_input),
        ErrorCode::LinkInvalid => text!(l, error.link_invalid),
        ErrorCode::LinkReplaced => text!(l, error.link_replaced),
        ErrorCode::CodeReplaced => text!(l, error.code_replaced),
        ErrorCode::LinkOtherBrowser => text!(l, error.link_other_browser),
        ErrorCode::CodeWrong => text!(l, error.code_wrong),
        ErrorCode::CodeSpent => text!(l, error.code_spent),
        ErrorCode::InvalidIssuer => text!(l, error.invalid_issuer),
        ErrorCode::ServerConnected => text!(l, error.server_connected),
        ErrorCode::ConnectionExpired => text!(l, error.connection_expired),
        ErrorCode::ConnectionDenied => text!(l, error.connection_denied),
        ErrorCode::ConnectionFailed => text!(l, error.connection_failed),
        ErrorCode::ConnectionNoAddress => text!(l, error.connection_no_address),
        ErrorCode::ConnectionNoAccount => text!(l, error.connection_no_account),
        ErrorCode::SignInByConnection => text!(l, error.sign_in_by_connection),
        ErrorCode::IdentityTaken => text!(l, error.identity_taken),
        ErrorCode::PasskeyRefused => text!(l, error.passkey_refused),
        ErrorCode::PasskeyExpired => text!(l, error.passkey_expired),
        ErrorCode::PasskeyKnown => text!(l, error.passkey_known),
        ErrorCode::AddressKnown => text!(l, error.address_known),
        ErrorCode::AddressTaken => text!(l, error.address_taken),
        ErrorCode::AddressReserved => text!(l, error.address_reserved),
        ErrorCode::AddressPrimary => text!(l, error.address_primary),
        ErrorCode::RateLimited => text!(l, error.rate_limited),
        ErrorCode::SignInRequired => text!(l, error.sign_in_required),
        ErrorCode::SignInAgain => text!(l, error.sign_in_again),
        ErrorCode::SecondFactorRequired => text!(l, error.second_factor_required),
        ErrorCode::SecondFactorWrong => text!(l, error.second_factor_wrong),
        ErrorCode::SignInExpired => text!(l, error.sign_in_expired),
        ErrorCode::PasswordWrong => text!(l, error.password_wrong),
        ErrorCode::PasswordSpent => text!(l, error.password_spent),
        ErrorCode::PasswordShort => text!(l, error.password_short),
        ErrorCode::PasswordLong => text!(l, error.password_long),
        ErrorCode::PasswordWeak => text!(l, error.password_weak),
        ErrorCode::PasswordPersonal => text!(l, error.password_personal),
        ErrorCode::PasswordBreached => text!(l, error.password_breached),
        ErrorCode::RecoveryUnderWay => text!(l, error.recovery_under_way),
        ErrorCode::RecoveryElsewhere => text!(l, error.recovery_elsewhere),
        ErrorCode::RecoveryOver => text!(l, error.recovery_over),
        ErrorCode::LastFactor => text!(l, error.last_factor),
        ErrorCode::WouldLockOut => text!(l, error.would_lock_out),
        ErrorCode::Forbidden => text!(l, error.forbidden),
        ErrorCode::NotFound => text!(l, error.not_found),
        ErrorCode::WorkspaceSuspended => text!(l, error.workspace_suspended),
        ErrorCode::WorkspaceEnding => text!(l, error.workspace_ending),
        ErrorCode::ConfirmationWrong => text!(l, error.confirmation_wrong),
        ErrorCode::CreationClosed => text!(l, error.creation_closed),
        ErrorCode::NotMember => text!(l, error.not_member),
        ErrorCode::LastOwner => text!(l, error.last_owner),
        ErrorCode::InvitationInvalid => text!(l, error.invitation_invalid),
        ErrorCode::NameTaken => text!(l, error.name_taken),
        ErrorCode::UnknownModel => text!(l, error.unknown_model),
        ErrorCode::InvalidDomain => text!(l, error.invalid_domain),
        ErrorCode::DomainTaken => text!(l, error.domain_taken),
        ErrorCode::DomainUnproved => text!(l, error.domain_unproved),
        ErrorCode::InvalidColour => text!(l, error.invalid_colour),
        ErrorCode::InvalidLink => text!(l, error.invalid_link),
        ErrorCode::InvalidImage => text!(l, error.invalid_image),
        ErrorCode::TooLarge => text!(l, error.too_large),
        ErrorCode::InvalidAppRole => text!(l, error.invalid_app_role),
        ErrorCode::NoSuchMember => text!(l, error.no_such_member),
        ErrorCode::CeilingReached => text!(l, error.ceiling_reached),
        ErrorCode::TooMany => text!(l, error.too_many),
        ErrorCode::ChangedMeanwhile => text!(l, error.changed_meanwhile),
        ErrorCode::AuthorizationExpired => text!(l, error.authorization_expired),
        ErrorCode::UnknownApp => text!(l, error.unknown_app),
        ErrorCode::UnregisteredRedirectUri => text!(l, error.unregistered_redirect_uri),
        ErrorCode::CrossSite => text!(l, error.cross_site),
        ErrorCode::BadRequest => text!(l, error.bad_request),
        ErrorCode::MethodNotAllowed => text!(l, error.method_not_allowed),
        ErrorCode::TooSlow => text!(l, error.too_slow),
        ErrorCode::UnsupportedMediaType => text!(l, error.unsupported_media_type),
        ErrorCode::Misdirected => text!(l, error.misdirected),
        ErrorCode::Busy => text!(l, error.busy),
        ErrorCode::Unavailable => text!(l, error.unavailable),
        ErrorCode::Internal => text!(l, error.internal),
    }
}

/// "in 3 days", from Unix seconds; "today" on the last of them.
pub fn in_days(l: Locale, then: i64, now: i64) -> String {
    match (then - now) / 86_400 {
        ..=0 => text!(l, common.today),
        days => text!(l, common.in_days, count = days),
    }
}

/// "3 min ago", from Unix seconds.
pub fn ago(l: Locale, then: i64, now: i64) -> String {
    match (now - then).max(0) {
        secs if secs < 60 => text!(l, common.just_now),
        secs if secs < 3600 => text!(l, common.minutes_ago, n = secs / 60),
        secs if secs < 86_400 => text!(l, common.hours_ago, count = secs / 3600),
        secs => text!(l, common.days_ago, count = secs / 86_400),
    }
}

/// The clock that the viewer reads, if they chose one.
#[derive(Clone, Copy)]
pub struct Clock(pub Option<TimeZone>);

/// The clock that the viewer reads, if they chose one.
pub fn use_clock() -> Option<TimeZone> {
    use_context::<Clock>().and_then(|clock| clock.0)
}

/// A moment to the minute, from Unix seconds, by the clocks of a zone or in UTC.
pub fn exact(at: i64, zone: Option<TimeZone>) -> String {
    zone.map_or_else(
        || {
            let moment = chrono::DateTime::from_timestamp(at, 0).unwrap_or_default();
            moment.format("%Y-%m-%d %H:%M UTC").to_string()
        },
        |zone| zone.shown(at),
    )
}

/// The day of a moment, from Unix seconds.
pub fn day(at: i64) -> String {
    let moment = chrono::DateTime::from_timestamp(at, 0).unwrap_or_default();
    moment.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_its_form_in_each_language() {
        let members =
            |l: Locale| [0, 1, 2, 3, 11, 100].map(|count: usize| text!(l, groups.members, count = count));
        assert_eq!(members(Locale::en)[..3], ["0 members", "1 member", "2 members"]);
        assert_eq!(
            members(Locale::de)[..3],
            ["0 Mitglieder", "1 Mitglied", "2 Mitglieder"]
        );
        let arabic = [
            "لا يوجد أعضاء",
            "عضو واحد",
            "عضوان",
            "3 أعضاء",
            "11 عضوًا",
            "100 عضو",
        ];
        assert_eq!(members(Locale::ar), arabic);
    }

    #[test]
    fn every_language_is_found_by_its_tag_and_knows_its_direction() {
        for &locale in locales() {
            assert_eq!(locale_of(&format!("{}-XX", tag(locale))), Some(locale));
            let starts_right = own_name(locale).starts_with('ا');
            assert_eq!(dir(locale) == "rtl", starts_right, "{}", tag(locale));
        }
    }

    #[test]
    fn what_is_put_into_a_sentence_does_not_turn_it_around() {
        let words = invitation_words(Locale::ar, "Acme (EU)", "olga@example.com", "ada@example.com");
        assert!(words.lead.contains("\u{2068}Acme (EU)\u{2069}"), "{}", words.lead);
        assert!(
            words.with.contains("\u{2068}ada@example.com\u{2069}"),
            "{}",
            words.with
        );
        // Lists of mails show marks of direction as boxes, and a subject begins with a word of its language.
        assert!(
            !words.subject.contains(['\u{2068}', '\u{2069}']),
            "{}",
            words.subject
        );
    }
}
