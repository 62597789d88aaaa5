//! Our cookies: `__Host-` and `Secure` on https; on plain http, which only a loopback origin may have, browsers other
//! than Chromium refuse those, so the names there say that this is development.

use actix_web::cookie::{Cookie, SameSite, time::Duration};

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// The session.
    Session,
    /// The browser that asked for a sign-in mail.
    Browser,
    /// The addresses that were proved in this browser.
    KnownBrowser,
    /// That no second factor is asked for in this browser.
    TrustedBrowser,
    /// A secret to show once on the next page.
    Once,
    /// What a form came to, for the next page.
    Outcome,
    /// The page that was opened before signing in.
    Wanted,
    /// The chosen language.
    Language,
    /// The language that an app asked for, while its request is under way.
    AppLanguage,
}

/// The cookie's name on this origin.
pub fn name(cookie: Name, https: bool) -> &'static str {
    match (cookie, https) {
        (Name::Session, true) => "__Host-rooiam_session",
        (Name::Session, false) => "dev_rooiam_session",
        (Name::Browser, true) => "__Host-rooiam_browser",
        (Name::Browser, false) => "dev_rooiam_browser",
        (Name::KnownBrowser, true) => "__Host-rooiam_known",
        (Name::KnownBrowser, false) => "dev_rooiam_known",
        (Name::TrustedBrowser, true) => "__Host-rooiam_trusted",
        (Name::TrustedBrowser, false) => "dev_rooiam_trusted",
        (Name::Once, true) => "__Host-rooiam_once",
        (Name::Once, false) => "dev_rooiam_once",
        (Name::Outcome, true) => "__Host-rooiam_outcome",
        (Name::Outcome, false) => "dev_rooiam_outcome",
        (Name::Wanted, true) => "__Host-rooiam_wanted",
        (Name::Wanted, false) => "dev_rooiam_wanted",
        (Name::Language, true) => "__Host-rooiam_lang",
        (Name::Language, false) => "dev_rooiam_lang",
        (Name::AppLanguage, true) => "__Host-rooiam_app_lang",
        (Name::AppLanguage, false) => "dev_rooiam_app_lang",
    }
}

/// A cookie that lives `max_age_secs`; 0 removes it.
pub fn build(cookie: Name, https: bool, value: &str, max_age_secs: i64) -> Cookie<'static> {
    Cookie::build(name(cookie, https), value.to_owned())
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_secs))
        .finish()
}
