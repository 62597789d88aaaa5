//! What the browser loads beside pages.

use crate::harness::{Browser, Harness};
use reqwest::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// The addresses under `/pkg` that a page names.
async fn named_by(browser: &Browser, page: &str) -> Vec<String> {
    let html = browser.get(page).await.text().await.unwrap();
    let mut found: Vec<String> = html
        .split('"')
        .filter(|text| text.starts_with("/pkg/"))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[actix_web::test]
async fn what_a_page_asks_for_is_named_by_its_content_and_kept_for_ever() {
    let browser = Harness::start().await.browser();
    let named = named_by(&browser, "/login").await;
    assert_eq!(named.len(), 3, "{named:?}");
    for (ending, media_type) in [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".wasm", "application/wasm"),
    ] {
        let path = named.iter().find(|path| path.ends_with(ending)).unwrap();
        assert_eq!(path.split('.').count(), 3, "{path}: is target/site built?");
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}: is target/site built?");
        assert_eq!(answer.headers()[CONTENT_TYPE], media_type);
        assert_eq!(
            answer.headers()[CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.headers()["vary"], "accept-encoding");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    let styles = named_by(&browser, "/nowhere/at/all").await;
    assert!(styles.iter().all(|path| named.contains(path)), "{styles:?}");
    let plain = named_by(&browser, "/w/acme/decide").await;
    assert_eq!(plain.len(), 1, "an error page has styles: {plain:?}");
    assert!(named.contains(&plain[0]), "{plain:?}");
}

#[actix_web::test]
async fn nothing_else_is_served_and_nobody_keeps_that_it_was_missing() {
    let browser = Harness::start().await.browser();
    for name in [
        "",
        "rooiam.wasm",
        "rooiam.js",
        "rooiam.0123456789abcdef.wasm",
        "rooiam.css.br",
        "hash.txt",
        "..%2f..%2f..%2fCargo.toml",
        "x.js",
        "a/b",
    ] {
        let answer = browser.get(&format!("/pkg/{name}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store", "{name}");
    }
}
