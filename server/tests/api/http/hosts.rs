//! Under which names the server answers, and to whom it shows the mailbox.

use crate::{
    harness::{Harness, Ways, token},
    http::wire::{once, status},
};
use app::server::mailbox::Mailbox;
use iam_testkit::Database;
use iam_types::view::CaughtMail;
use reqwest::header::SET_COOKIE;

/// The cookie of a new session.
pub async fn session_of(house: &Harness, email: &str) -> String {
    let browser = house.browser();
    let mail = house.ask(&browser, email, "", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let cookies = answer.headers().get_all(SET_COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .find(|pair| pair.contains("session="))
        .unwrap()
        .to_owned()
}

async fn ask(house: &Harness, target: &str, head: &str) -> u16 {
    let request = format!("GET {target} HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    status(&once(house, &request).await)
}

const PATHS: [&str; 10] = [
    "/",
    "/login",
    "/workspaces",
    "/w/acme/login",
    "/w/acme/oauth/jwks",
    "/w/acme/.well-known/openid-configuration",
    "/pkg/rooiam.css",
    "/favicon.svg",
    "/favicon.ico",
    "/nowhere",
];

#[actix_web::test]
async fn a_host_that_is_nobodys_is_served_nothing_but_probes() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let port = house.origin.rsplit(':').next().unwrap();
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "localhost",
        "127.0.0.2",
        "[::1]",
        "127.0.0.1.evil.example",
        "127.1",
        "2130706433",
        "10.0.0.7",
    ] {
        let head = format!("Host: {host}\r\n");
        for path in PATHS {
            assert_eq!(ask(&house, path, &head).await, 421, "{host} {path}");
        }
        for path in ["/healthz", "/readyz"] {
            assert_eq!(ask(&house, path, &head).await, 200, "{host} {path}");
        }
        let form =
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\nConnection: close";
        for origin in [house.origin.as_str(), "http://evil.example"] {
            let request = format!("POST /fn/sign_out HTTP/1.1\r\n{head}Origin: {origin}\r\n{form}\r\n\r\n");
            assert_eq!(status(&once(&house, &request).await), 421, "{host} {origin}");
        }
    }
}

#[actix_web::test]
async fn our_own_host_is_known_in_every_spelling_and_at_every_port_of_a_proxy() {
    let house = Harness::start().await;
    let port = house.origin.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        &format!("127.0.0.1:{port}"),
        "127.0.0.1:443",
        "127.0.0.1:",
        "127.0.0.1.",
    ] {
        assert_eq!(
            ask(&house, "/login", &format!("Host: {host}\r\n")).await,
            200,
            "{host}"
        );
    }
    let target = format!("http://127.0.0.1:{port}/login");
    assert_eq!(ask(&house, &target, "Host: 127.0.0.1\r\n").await, 200);
}

#[actix_web::test]
async fn a_host_that_cannot_be_or_is_not_clear_is_refused() {
    let house = Harness::start().await;
    let own = house.origin.trim_start_matches("http://").to_owned();
    for head in [
        "Host: 127.0.0.1:abc\r\n".to_owned(),
        "Host: 127.0.0.1:99999\r\n".to_owned(),
        "Host: u@127.0.0.1\r\n".to_owned(),
        "Host: 127.0.0.1, evil.example\r\n".to_owned(),
        "Host: 127.0.0.1/x\r\n".to_owned(),
        "Host: \r\n".to_owned(),
        String::new(),
        format!("Host: {own}\r\nHost: {own}\r\n"),
        format!("Host: {own}\r\nHost: evil.example\r\n"),
    ] {
        assert_eq!(ask(&house, "/login", &head).await, 400, "{head:?}");
    }
    // RFC 9112 3.2.2: the target counts, and here both have to say the same.
    let head = format!("Host: {own}\r\n");
    assert_eq!(ask(&house, "http://evil.example/login", &head).await, 400);
    let head = "Host: evil.example\r\n";
    assert_eq!(ask(&house, &format!("http://{own}/login"), head).await, 400);
    assert_eq!(ask(&house, "http://evil.example/login", head).await, 421);
}

#[actix_web::test]
async fn the_mailbox_is_shown_to_a_browser_on_this_machine_alone() {
    let mailbox = Mailbox::default();
    mailbox.catch(CaughtMail {
        to: "ada@example.com".to_owned(),
        subject: "A way in".to_owned(),
        text: "https://id.example.com/login/verify?token=t".to_owned(),
        sent_at: 0,
    });
    let ways = Ways {
        mailbox: Some(mailbox),
        ..Ways::default()
    };
    let house = Harness::start_on(Database::create().await.unwrap(), ways).await;
    let own = house.origin.trim_start_matches("http://");
    let shows = async |host: &str, more: &str| {
        let page = format!("GET /dev/mailbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        once(&house, &page).await.contains("A way in")
    };
    assert!(shows(own, "").await);
    for (host, more) in [
        ("evil.example", ""),
        (own, "X-Forwarded-For: 203.0.113.9\r\n"),
        (own, "Forwarded: for=203.0.113.9\r\n"),
        (own, "Via: 1.1 tunnel\r\n"),
    ] {
        assert!(!shows(host, more).await, "{host} {more}");
    }
    // A workspace's own host has server functions in common with the platform, but not this one.
    let owner = house.owner_of("acme").await;
    crate::domains::proof::proved(&house, &owner, "acme", "login.acme.example").await;
    let form = [("slug", "acme"), ("domain", "login.acme.example")];
    owner.post("/fn/set_workspace_host", &form).await;
    let port = house.origin.rsplit(':').next().unwrap();
    let host = format!("login.acme.example:{port}");
    assert!(!shows(&host, "").await);
}
