//! Bodies that come late, in part, in the wrong form or from nobody, and connections that hold on.

use crate::{
    harness::{Harness, Ways, location},
    http::wire::{Wire, header, once, status},
    members::joined,
};
use futures_util::future::join_all;
use iam_testkit::Database;
use reqwest::StatusCode;
use server::http::Patience;
use std::time::Duration;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// A server that waits for half a second.
async fn impatient() -> Harness {
    let patience = Patience {
        body: Duration::from_millis(500),
        ..Patience::default()
    };
    let ways = Ways {
        patience,
        ..Ways::default()
    };
    Harness::start_on(Database::create().await.unwrap(), ways).await
}

/// The head of a request from one of our own pages.
fn head(house: &Harness, start: &str, more: &str) -> String {
    let host = house.origin.trim_start_matches("http://");
    format!(
        "{start} HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\n{more}\r\n\r\n",
        house.origin
    )
}

#[actix_web::test]
async fn a_body_that_stops_ends_its_connection_and_is_told_why() {
    let house = impatient().await;
    let mut asked = Vec::new();
    for (start, more) in [
        ("POST /fn/request_magic_link", FORM),
        ("POST /language", FORM),
        ("POST /w/acme/decide", FORM),
        ("POST /w/acme/oauth/token", FORM),
        ("POST /w/acme/oauth/revoke", FORM),
        ("POST /w/acme/oauth/introspect", FORM),
        ("POST /w/acme/oauth/userinfo", FORM),
        ("POST /w/acme/oauth/authorize", FORM),
        ("GET /login", "Accept: text/html"),
        ("POST /nowhere", FORM),
    ] {
        for (length, half) in [
            ("Content-Length: 100", "email="),
            ("Transfer-Encoding: chunked", "64\r\nemail="),
            ("Transfer-Encoding: chunked", "6\r\nemail=\r\n"),
        ] {
            let request = format!("{}{half}", head(&house, start, &format!("{more}\r\n{length}")));
            let house = &house;
            asked.push(async move {
                let answer = once(house, &request).await;
                assert_eq!(status(&answer), 408, "{start} {length}: {answer}");
                assert_eq!(header(&answer, "connection"), Some("close"), "{start}");
            });
        }
    }
    join_all(asked).await;
}

#[actix_web::test]
async fn a_body_that_nobody_reads_does_not_hold_its_connection() {
    let house = impatient().await;
    for (start, expected) in [
        ("POST /pkg/rooiam.css", 405),
        ("GET /healthz", 200),
        ("GET /w/acme/oauth/jwks", 404),
        ("FOO /fn/sign_out", 405),
    ] {
        for (length, half) in [
            ("Content-Length: 100", "x"),
            ("Transfer-Encoding: chunked", "64\r\nx"),
        ] {
            let answer = once(&house, &format!("{}{half}", head(&house, start, length))).await;
            assert_eq!(status(&answer), expected, "{start} {length}: {answer}");
        }
    }
    // A stranger's form is refused for where it came from, read or not.
    let host = house.origin.trim_start_matches("http://");
    let foreign = format!(
        "POST /fn/sign_out HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example\r\n{FORM}\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nx"
    );
    assert_eq!(status(&once(&house, &foreign).await), 403);
}

#[actix_web::test]
async fn many_half_sent_bodies_are_gone_together() {
    let house = impatient().await;
    let mut wires = Vec::new();
    for _ in 0..150 {
        let mut wire = Wire::to(&house).await;
        let length = format!("{FORM}\r\nContent-Length: 10000");
        wire.send(&head(&house, "POST /fn/request_magic_link", &length))
            .await;
        wire.send("email=").await;
        wires.push(wire);
    }
    for wire in &mut wires {
        assert_eq!(status(&wire.rest().await), 408);
    }
    assert_eq!(house.browser().get("/login").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_slow_body_arrives_while_it_keeps_coming() {
    let patience = Patience {
        body: Duration::from_millis(600),
        rate: 40,
        ..Patience::default()
    };
    let ways = Ways {
        patience,
        ..Ways::default()
    };
    let house = Harness::start_on(Database::create().await.unwrap(), ways).await;
    let body = format!("language=de&padding={}", "x".repeat(100));
    let length = format!("{FORM}\r\nConnection: close\r\nContent-Length: {}", body.len());
    let mut wire = Wire::to(&house).await;
    wire.send(&head(&house, "POST /language", &length)).await;
    // Longer than the patience, and faster than the rate.
    for piece in body.as_bytes().chunks(10) {
        wire.send(std::str::from_utf8(piece).unwrap()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(status(&wire.rest().await), 303);
}

#[actix_web::test]
async fn an_upload_is_refused_before_its_body_to_those_who_may_not() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let member = joined(&house, &owner, "mia@example.com", "member").await;
    let upload = |more: String| {
        let length = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000";
        let mut request = head(
            &house,
            "POST /w/acme/admin/branding/logo",
            &format!("{length}{more}"),
        );
        request.push_str("--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"x\"\r\n\r\n");
        request.push_str(&"x".repeat(100_000));
        request
    };
    let cookie = format!(
        "\r\nCookie: {}",
        crate::http::hosts::session_of(&house, "mia@example.com").await
    );
    let began = tokio::time::Instant::now();
    for (request, expected) in [(upload(String::new()), 401), (upload(cookie), 403)] {
        let mut wires = Vec::new();
        for _ in 0..50 {
            let mut wire = Wire::to(&house).await;
            wire.send(&request).await;
            wires.push(wire);
        }
        for wire in &mut wires {
            assert_eq!(status(&wire.rest().await), expected);
        }
    }
    // Bodies have ten seconds: nobody waited for these.
    assert!(began.elapsed() < Duration::from_secs(8));
    assert!(member.is_signed_in().await);
}

#[actix_web::test]
async fn few_uploads_and_large_forms_are_received_at_once() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let session = crate::http::hosts::session_of(&house, "owner@acme.example").await;
    let upload = head(
        &house,
        "POST /w/acme/admin/branding/logo",
        &format!(
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\nCookie: {session}"
        ),
    );
    let large = |cookie: &str| {
        let length = format!("{FORM}\r\nContent-Length: 30000{cookie}");
        format!(
            "{}{}",
            head(&house, "POST /fn/request_magic_link", &length),
            "x".repeat(20_000)
        )
    };
    let hold = async |request: String, count: usize| {
        let mut held = Vec::new();
        for _ in 0..count {
            let mut wire = Wire::to(&house).await;
            wire.send(&request).await;
            held.push(wire);
        }
        held
    };
    let mut uploads = hold(upload, 9).await;
    let mut forms = hold(large(""), 33).await;
    // Which of them comes last is the network's affair: exactly one of each is sent away, before any is too slow.
    for held in [&mut uploads, &mut forms] {
        let answers = held.iter_mut().map(Wire::head).collect::<Vec<_>>();
        let (first, ..) = futures_util::future::select_all(answers.into_iter().map(Box::pin)).await;
        assert_eq!(status(&first), 503, "{first}");
        assert!(header(&first, "retry-after").is_some());
    }
    // Small forms, and large ones of people who are signed in, find a place meanwhile.
    let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
    let sent = house.browser().post("/fn/request_magic_link", &form).await;
    assert!(location(&sent).starts_with("/login/sent?"));
    let padding = "x".repeat(20_000);
    let form = [
        ("slug", "acme"),
        ("name", "Acme"),
        ("admission", "members"),
        ("padding", &padding),
    ];
    let saved = owner.post("/fn/update_workspace", &form).await;
    assert_ne!(saved.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop((uploads, forms));
}

#[actix_web::test]
async fn a_body_of_the_wrong_size_form_or_type_is_told_so() {
    let house = Harness::start().await;
    let large = format!("email={}", "x".repeat(300 * 1024));
    for (start, body, more, expected) in [
        ("POST /fn/request_magic_link", large.as_str(), FORM, 413),
        ("POST /w/acme/oauth/token", &large, FORM, 413),
        ("POST /w/acme/oauth/authorize", &large, FORM, 413),
        ("POST /w/acme/decide", &large, FORM, 413),
        (
            "POST /fn/request_magic_link",
            "{}",
            "Content-Type: application/json",
            415,
        ),
        (
            "POST /fn/request_magic_link",
            "email=x",
            "Content-Type: text/plain",
            415,
        ),
        ("POST /fn/sign_out", "x", "Accept: */*", 415),
        ("POST /w/acme/decide", "{}", "Content-Type: application/json", 415),
        (
            "POST /language",
            "language=de",
            "Content-Type: multipart/form-data; boundary=b",
            415,
        ),
        ("POST /language", "language=xx", FORM, 422),
        ("POST /language", "tongue=de", FORM, 422),
    ] {
        for accept in ["text/html", "application/json"] {
            let more = format!("{more}\r\nConnection: close\r\nAccept: {accept}");
            let length = format!("{more}\r\nContent-Length: {}", body.len());
            let answer = once(&house, &format!("{}{body}", head(&house, start, &length))).await;
            assert_eq!(status(&answer), expected, "{start} {more}: {answer}");
            if start.contains("/fn/") && accept == "application/json" {
                assert!(answer.contains("{\"code\":\""), "{answer}");
            }
            // Without its length the same is found out on the way.
            let chunked = format!(
                "{}{:x}\r\n{body}\r\n0\r\n\r\n",
                head(&house, start, &format!("{more}\r\nTransfer-Encoding: chunked")),
                body.len()
            );
            let answer = once(&house, &chunked).await;
            assert_eq!(status(&answer), expected, "{start} {more}, chunked: {answer}");
        }
    }
}

#[actix_web::test]
async fn a_broken_body_is_its_senders_fault() {
    let house = Harness::start().await;
    for start in [
        "POST /fn/request_magic_link",
        "POST /language",
        "POST /w/acme/oauth/token",
    ] {
        let more = format!("{FORM}\r\nConnection: close\r\nAccept: application/json");
        let chunked = head(&house, start, &format!("{more}\r\nTransfer-Encoding: chunked"));
        for bad in ["zz\r\nemail=\r\n", "5\r\nemailXX", "-1\r\n"] {
            let answer = once(&house, &format!("{chunked}{bad}")).await;
            assert_eq!(status(&answer), 400, "{start} {bad:?}: {answer}");
        }
    }
    let mut wire = Wire::to(&house).await;
    let length = format!("{FORM}\r\nConnection: close\r\nContent-Length: 8");
    wire.send(&head(&house, "POST /fn/request_magic_link", &length))
        .await;
    wire.send_bytes(b"email=\xff\xfe").await;
    assert_eq!(status(&wire.rest().await), 400);
}

#[actix_web::test]
async fn a_connection_on_which_nothing_happens_is_closed() {
    let patience = Patience {
        connection: Duration::from_secs(1),
        ..Patience::default()
    };
    let ways = Ways {
        patience,
        ..Ways::default()
    };
    let house = Harness::start_on(Database::create().await.unwrap(), ways).await;
    // A second head that never ends.
    let mut wire = Wire::to(&house).await;
    wire.send(&head(&house, "GET /healthz", "Accept: */*")).await;
    assert_eq!(status(&wire.head().await), 200);
    wire.send("GET /healthz HTTP/1.1\r\nHo").await;
    wire.rest().await;
    // Answers that are not read, more of them than the kernel holds between the two.
    const ANSWERS: usize = 16;
    let mut wire = Wire::to(&house).await;
    let page = house.browser().get("/login").await.text().await.unwrap();
    let name = page.split('"').find(|text| text.ends_with(".wasm")).unwrap();
    let request = head(&house, &format!("GET {name}"), "Accept: */*");
    wire.send(&request.repeat(ANSWERS)).await;
    let first = wire.head().await;
    let length: usize = header(&first, "content-length").unwrap().parse().unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(
        wire.rest().await.len() < ANSWERS * length,
        "the server went on with answers that nobody read"
    );
}
