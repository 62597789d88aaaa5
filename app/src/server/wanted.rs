//! The page that somebody opened before they were signed in: they get there once they are.

use super::{
    context::{iam, set_cookie},
    cookies::{self, Name},
};
use actix_web::{HttpMessage, http::Method};
use iam::domain::sign_in::email_challenge::LIFETIME;
use leptos::prelude::*;
use leptos_actix::Request;

/// Longer addresses are forgotten.
const MOST: usize = 1024;

/// The page is remembered already.
struct Remembered;

/// Remembers the page that this request asks for, for as long as a sign-in mail works.
pub fn remember() {
    let (Some(request), Ok(iam)) = (use_context::<Request>(), iam()) else {
        return;
    };
    let page = request.uri().path_and_query().map_or("", |page| page.as_str());
    let first = request.extensions_mut().insert(Remembered).is_none();
    if first && request.method() == Method::GET {
        set(page, iam.is_https());
    }
}

/// Remembers that this browser wants `page`.
pub fn remember_page(page: &str) {
    if let Ok(iam) = iam() {
        set(page, iam.is_https());
    }
}

fn set(page: &str, https: bool) {
    if is_page(page) {
        // Whoever reads cookies decodes them.
        let value = page.replace('%', "%25");
        set_cookie(&cookies::build(
            Name::Wanted,
            https,
            &value,
            LIFETIME.num_seconds(),
        ));
    }
}

/// The page that this browser wanted. It is forgotten with this answer.
pub fn take() -> Option<String> {
    let (request, https) = (use_context::<Request>()?, iam().ok()?.is_https());
    let page = request
        .cookie(cookies::name(Name::Wanted, https))?
        .value()
        .to_owned();
    set_cookie(&cookies::build(Name::Wanted, https, "", 0));
    checked(page)
}

/// `page`, if it is an address on this origin.
pub fn checked(page: String) -> Option<String> {
    is_page(&page).then_some(page)
}

/// Whether `page` is an address on this origin, and means the same in a cookie and in a header. Anybody may have written it.
fn is_page(page: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/?&=%+-_.~:@!".contains(&byte);
    page.starts_with('/') && !page.starts_with("//") && page.len() <= MOST && page.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn only_addresses_on_this_origin_are_pages() {
        for page in [
            "/",
            "/account",
            "/w/acme/admin/members?search=a%20b&after=x",
            "/w/acme/join?invitation=inv_1",
        ] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/a;b",
            "/a,b",
            "/a b",
            "/a\r\nset-cookie:x",
            "/é",
            "/a#b",
            &format!("/{}", "a".repeat(1024)),
        ] {
            assert!(!is_page(other), "{other}");
        }
    }
}
