//! Which language a request is answered in, and with it the mails that it causes.
//!
//! What somebody chose on our pages comes first: only they know. Then what the app asks for while its request is under way
//! (`ui_locales`, OpenID Connect Core 3.1.2.1): it knows in which language the person was just using it, while
//! `Accept-Language` is often what a device was sold with. That one counts last.

use super::Web;
use super::context::cookie;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AcceptLanguage, Header, Preference, Quality},
};
use app::{
    i18n::{Locale, locale_of, locales, tag},
    server::cookies::{self, Name},
};
use iam::domain::provider::authorization::LIFETIME;
use iam_protocol::params::Params;

/// The language of the answer to `request`.
pub fn of(request: &HttpRequest) -> Locale {
    let kept = |name| cookie(request, name).and_then(|tag| locale_of(&tag));
    kept(Name::Language)
        .or_else(|| wished(request.query_string().as_bytes()).filter(|_| is_authorize(request)))
        .or_else(|| kept(Name::AppLanguage))
        .or_else(|| {
            AcceptLanguage::parse(request)
                .ok()
                .and_then(|header| accepted(&header))
        })
        .unwrap_or_default()
}

/// The first language of an authorization request's `ui_locales` that we have. None is no error (OpenID Connect Core
/// 3.1.2.1).
pub fn wished(params: &[u8]) -> Option<Locale> {
    let (params, _) = Params::decode_unrepeated(params);
    params
        .get("ui_locales")
        .unwrap_or_default()
        .split(' ')
        .find_map(locale_of)
}

/// Keeps what an app asked for until its request is answered or has expired. A request that asks for nothing ends what the
/// one before it asked for.
pub fn keep(web: &Web, request: &HttpRequest, wish: Option<Locale>, response: &mut HttpResponse) {
    let Some(locale) = wish else {
        return forget(web, request, response);
    };
    let cookie = cookies::build(
        Name::AppLanguage,
        web.iam.is_https(),
        tag(locale),
        LIFETIME.num_seconds(),
    );
    // Only a cookie that is no header value fails, and this one is.
    let _added = response.add_cookie(&cookie);
}

/// Ends what an app asked for, since its request is answered.
pub fn forget(web: &Web, request: &HttpRequest, response: &mut HttpResponse) {
    if cookie(request, Name::AppLanguage).is_some() {
        let ended = cookies::build(Name::AppLanguage, web.iam.is_https(), "", 0);
        let _added = response.add_cookie(&ended);
    }
}

/// Whether an app asks for somebody.
pub fn is_authorize(request: &HttpRequest) -> bool {
    request.path().ends_with("/oauth/authorize")
}

/// The supported language that weighs most (RFC 9110 12.5.4). `*` stands for those that are not refused with a weight of 0.
fn accepted(header: &AcceptLanguage) -> Option<Locale> {
    let supported = |item: &Preference<_>| match item {
        Preference::Specific(language) => locale_of(&ToString::to_string(language)),
        Preference::Any => None,
    };
    let refused: Vec<_> = header
        .iter()
        .filter(|item| item.quality == Quality::ZERO)
        .filter_map(|item| supported(&item.item))
        .collect();
    let wanted = AcceptLanguage(
        header
            .iter()
            .filter(|item| item.quality > Quality::ZERO)
            .cloned()
            .collect(),
    );
    wanted.ranked().iter().find_map(|item| match item {
        Preference::Any => locales().iter().copied().find(|locale| !refused.contains(locale)),
        specific => supported(specific),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn answered(header: &str, query: &str, cookies: &[(Name, &str)]) -> &'static str {
        let uri = format!("/w/acme/oauth/authorize?{query}");
        let mut request = TestRequest::with_uri(&uri).insert_header(("accept-language", header));
        for (name, value) in cookies {
            request = request.cookie(cookies::build(*name, true, value, 60));
        }
        tag(of(&request.to_http_request()))
    }

    #[test]
    fn the_language_that_weighs_most_is_answered_whatever_the_order() {
        for (header, expected) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,en;q=0.8", "de"),
            ("en;q=0.5,de;q=0.9", "de"),
            ("fr;q=0.9, de;q=0.2, en;q=0.1", "de"),
            ("ar-EG,en;q=0.8", "ar"),
            ("fr, *;q=0.5", "en"),
            ("en;q=0, *", "de"),
            ("en;q=0", "en"),
            ("junk;;q=, de", "de"),
        ] {
            assert_eq!(answered(header, "", &[]), expected, "{header}");
        }
    }

    #[test]
    fn a_choice_on_our_pages_outweighs_the_app_and_the_app_outweighs_the_browser() {
        let asks = "ui_locales=fr-CH%20de%20en";
        assert_eq!(answered("en", asks, &[]), "de");
        assert_eq!(answered("en", "", &[(Name::AppLanguage, "de")]), "de");
        assert_eq!(
            answered("en", "ui_locales=en", &[(Name::AppLanguage, "de")]),
            "en"
        );
        assert_eq!(answered("de", "ui_locales=fr%20%2A", &[]), "de");
        assert_eq!(
            answered("de", asks, &[(Name::Language, "en"), (Name::AppLanguage, "de")]),
            "en"
        );
    }
}
