//! Every address under every verb.

use crate::{
    harness::Harness,
    http::wire::{header, once, status},
    isolation::plain::listed,
};
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;

/// What is served, with something in place of each part that varies.
fn addresses() -> BTreeSet<String> {
    let calls = leptos::server_fn::actix::server_fn_paths().map(|(path, _)| path.to_owned());
    let pages = server::http::page_routes();
    let pages = pages.iter().map(|page| page.path().to_owned());
    let plain = listed()
        .into_iter()
        // Mounted below others, or on another listener.
        .filter(|route| !matches!(route.as_str(), "/pkg" | "/{name}" | "/metrics"))
        .chain(["/pkg/rooiam.css".to_owned(), "/nowhere".to_owned()]);
    let all = calls.chain(pages).chain(plain);
    all.map(|path| {
        let parts = path.split('/').map(|part| match part.split_once('{') {
            Some((before, rest)) => format!("{before}x{}", rest.split_once('}').unwrap().1),
            None => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    })
    .collect()
}

async fn ask(house: &Harness, verb: &str, path: &str) -> String {
    let host = house.origin.trim_start_matches("http://");
    let request = format!(
        "{verb} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
        house.origin
    );
    once(house, &request).await
}

#[actix_web::test]
async fn no_verb_at_any_address_drops_the_connection_or_is_our_fault() {
    let house = Harness::start().await;
    let addresses = addresses();
    assert!(addresses.len() > 110, "{}", addresses.len());
    // Side by side: what might be the beginning of a tunnel is let go of slowly.
    let walks = addresses.iter().map(|path| every_verb(&house, path));
    stream::iter(walks).for_each_concurrent(16, |walk| walk).await;
}

async fn every_verb(house: &Harness, path: &str) {
    let long = "X".repeat(1024);
    let read = status(&ask(house, "GET", path).await);
    let sent = status(&ask(house, "POST", path).await);
    for (verb, code) in [("GET", read), ("POST", sent)] {
        assert!((200..500).contains(&code), "{verb} {path}: {code}");
    }
    for verb in [
        "FOO", "TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "Post", &long,
    ] {
        let answer = ask(house, verb, path).await;
        let code = status(&answer);
        assert!((200..500).contains(&code), "{verb} {path}: {answer}");
        let allowed = header(&answer, "allow");
        if code == 405 {
            let allowed = allowed.unwrap_or_else(|| panic!("{verb} {path} says nothing of what it takes"));
            assert!(!allowed.split(", ").any(|known| known == verb), "{verb} {path}");
        }
        match verb {
            // What can be read has a head, and nothing else (RFC 9110 9.3.2).
            "HEAD" => {
                assert_eq!(code, read, "{path}");
                assert!(answer.ends_with("\r\n\r\n"), "{path} {answer}");
            }
            "OPTIONS" => {}
            _ if path == "/nowhere" => assert!(matches!(code, 404 | 405), "{verb} {code}"),
            _ => assert_eq!(code, 405, "{verb} {path}"),
        }
    }
    let leads_nowhere = path == "/nowhere";
    assert!(
        leads_nowhere || read != 405 || sent != 405,
        "{path} takes nothing"
    );
}

#[actix_web::test]
async fn an_address_names_what_it_takes() {
    let house = Harness::start().await;
    for (verb, path, allowed) in [
        ("FOO", "/fn/sign_out", "POST"),
        ("GET", "/fn/sign_out", "POST"),
        ("POST", "/login", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("GET", "/language", "POST"),
        ("GET", "/w/acme/oauth/token", "POST, OPTIONS"),
        ("DELETE", "/w/acme/oauth/userinfo", "GET, HEAD, POST, OPTIONS"),
        ("PUT", "/w/acme/admin/branding/logo", "POST"),
    ] {
        let answer = ask(&house, verb, path).await;
        assert_eq!(status(&answer), 405, "{verb} {path}: {answer}");
        assert_eq!(header(&answer, "allow"), Some(allowed), "{verb} {path}");
        assert!(header(&answer, "content-security-policy").is_some(), "{path}");
    }
    assert_eq!(status(&ask(&house, "HEAD", "/healthz").await), 200);
}
