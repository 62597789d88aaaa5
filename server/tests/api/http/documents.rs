//! What every document begins with, and pages that do not come.

use crate::{
    harness::Harness,
    members::{joined, page},
};
use reqwest::{StatusCode, header::CACHE_CONTROL};

#[actix_web::test]
async fn every_document_says_how_browsers_frame_it_and_that_no_search_engine_is_meant() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    for path in [
        "/login",
        "/nowhere",
        "/account",
        "/w/acme/admin",
        "/w/acme/continue?request=junk",
    ] {
        let (_, html) = page(&owner, path).await;
        for part in [
            "name=\"robots\" content=\"noindex\"",
            "content=\"#0d0e12\" media=\"(prefers-color-scheme: dark)\"",
            "rel=\"apple-touch-icon\"",
        ] {
            assert!(html.contains(part), "{path}: {part}: {html}");
        }
    }
}

#[actix_web::test]
async fn icons_are_kept_for_a_while() {
    let house = Harness::start().await;
    for path in ["/favicon.svg", "/favicon.ico", "/apple-touch-icon.png"] {
        let icon = house.browser().get(path).await;
        assert_eq!(icon.status(), StatusCode::OK, "{path}");
        assert_eq!(icon.headers()[CACHE_CONTROL], "public, max-age=86400", "{path}");
    }
}

/// The places around a page, its one place for content, and the way on.
fn is_whole(html: &str) -> bool {
    html.contains("class=\"side\"") && html.matches("<main").count() == 1 && html.contains("class=\"button\"")
}

#[actix_web::test]
async fn a_page_that_does_not_come_keeps_the_places_around_it() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let member = joined(&house, &owner, "mia@acme.example", "member").await;
    for (browser, path, expected, title) in [
        (
            &owner,
            "/w/acme/admin/apps/nope",
            StatusCode::NOT_FOUND,
            "Page not found · Acme",
        ),
        (
            &member,
            "/w/acme/admin/settings",
            StatusCode::FORBIDDEN,
            "You don’t have access · Acme",
        ),
        (
            &member,
            "/w/other/admin",
            StatusCode::NOT_FOUND,
            "Page not found · Rooiam",
        ),
        (
            &member,
            "/platform",
            StatusCode::NOT_FOUND,
            "Page not found · Rooiam",
        ),
    ] {
        let (status, html) = page(browser, path).await;
        assert_eq!(status, expected, "{path}");
        assert!(is_whole(&html) && html.contains(title), "{path}: {html}");
    }
}

#[actix_web::test]
async fn whoever_waits_for_a_mail_can_ask_again_for_the_same() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let guest = house.browser();
    house.ask(&guest, "ada@example.com", "acme", "").await;
    let (_, html) = page(&guest, "/login/sent").await;
    for part in [
        "maxlength=\"7\"",
        "autocomplete=\"one-time-code\"",
        "name=\"email\" value=\"ada@example.com\"",
        "name=\"slug\" value=\"acme\"",
        "Resend email",
        "href=\"/w/acme/login\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}
