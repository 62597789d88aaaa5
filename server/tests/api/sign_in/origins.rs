//! What is asked for at one origin is worth nothing at another: whoever owns a host reads what its visitors send.

use crate::{
    domains::proof::proved,
    harness::{
        Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, leads_to, location, param, request, token,
    },
    members::{call, invited},
    provider::ready,
};
use iam::port::MagicLinkMail;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, COOKIE, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use serde_json::Value;

const ACME: &str = "login.acme.example";
const BETA: &str = "login.beta.example";
const OWNER: &str = "owner@acme.example";

/// An origin, the workspace whose host it is, and a page there that only a signed-in owner sees.
struct Place {
    browser: Browser,
    inside: &'static str,
}

/// The platform and the own hosts of two workspaces of one owner.
async fn places() -> (Harness, Browser, RegisteredApp, [Place; 3]) {
    let (house, owner, app) = ready("ES256").await;
    let made = call(&owner, "create_workspace", &[("name", "Beta"), ("slug", "beta")]).await;
    assert_eq!(made, StatusCode::OK);
    for (slug, host) in [("acme", ACME), ("beta", BETA)] {
        proved(&house, &owner, slug, host).await;
        let form = [("slug", slug), ("domain", host)];
        assert_eq!(call(&owner, "set_workspace_host", &form).await, StatusCode::OK);
    }
    let places = [
        (house.browser(), "/account"),
        (house.browser_at(ACME), "/w/acme/admin"),
        (house.browser_at(BETA), "/w/beta/admin"),
    ]
    .map(|(browser, inside)| Place { browser, inside });
    (house, owner, app, places)
}

/// What a browser holds, in the hands of somebody who can carry it anywhere.
struct Loot {
    cookie: String,
    mail: MagicLinkMail,
    challenge: String,
}

fn cookies(answer: &Response) -> String {
    let all = answer.headers().get_all(SET_COOKIE).iter();
    let pairs = all.filter_map(|value| value.to_str().unwrap().split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

async fn asked(house: &Harness, at: &Browser, email: &str) -> Loot {
    let form = [("email", email), ("slug", ""), ("request", "")];
    let answer = send(at, "/fn/request_magic_link", "", &form).await;
    Loot {
        cookie: cookies(&answer),
        challenge: location(&answer).split('=').next_back().unwrap().to_owned(),
        mail: house.mails.take().await,
    }
}

/// Sends a form to the origin of `at` with exactly these cookies.
async fn send(at: &Browser, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
    let request = bare(at)
        .post(format!("{}{path}", at.origin))
        .header(ACCEPT, "text/html")
        .header(ORIGIN, &at.origin)
        .header(COOKIE, cookie)
        .form(form);
    request.send().await.unwrap()
}

async fn open(at: &Browser, path: &str, cookie: &str) -> Response {
    let request = bare(at)
        .get(format!("{}{path}", at.origin))
        .header(ACCEPT, "text/html")
        .header(COOKIE, cookie);
    request.send().await.unwrap()
}

/// A client that keeps no cookies and finds the hosts of `at`.
fn bare(at: &Browser) -> Client {
    let url = url::Url::parse(&at.origin).unwrap();
    let address = format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap();
    Client::builder()
        .redirect(Policy::none())
        .resolve(url.host_str().unwrap(), address)
        .build()
        .unwrap()
}

fn signs_in(answer: &Response) -> bool {
    cookies(answer).contains("_session=roo_ses_")
}

#[actix_web::test]
async fn links_and_codes_count_only_at_the_origin_where_they_were_asked_for() {
    let (house, _, _, places) = places().await;
    for (i, from) in places.iter().enumerate() {
        for (j, here) in places.iter().enumerate() {
            let email = format!("ada{i}{j}@example.com");
            let loot = asked(&house, &from.browser, &email).await;
            assert!(
                loot.mail.url.starts_with(&from.browser.origin),
                "{}",
                loot.mail.url
            );
            let page = format!("/login/verify?token={}", token(&loot.mail));
            let html = open(&here.browser, &page, &loot.cookie)
                .await
                .text()
                .await
                .unwrap();
            assert_eq!(
                html.contains(&email),
                i == j,
                "link page asked at {i}, opened at {j}"
            );
            let sent = format!("/login/sent?challenge={}", loot.challenge);
            let html = open(&here.browser, &sent, &loot.cookie)
                .await
                .text()
                .await
                .unwrap();
            assert_eq!(
                html.contains(&email),
                i == j,
                "code page asked at {i}, opened at {j}"
            );
            let at = &here.browser;
            let named = [("challenge", loot.challenge.as_str()), ("code", &loot.mail.code)];
            let latest = [("code", loot.mail.code.as_str())];
            let link = [("token", token(&loot.mail))];
            for (path, form) in [
                ("/fn/redeem_code", named.as_slice()),
                ("/fn/redeem_code", &latest),
                ("/fn/redeem_magic_link", &link),
            ] {
                let answer = send(at, path, &loot.cookie, form).await;
                assert_eq!(signs_in(&answer), i == j, "{path} asked at {i}, redeemed at {j}");
            }
        }
    }
}

#[actix_web::test]
async fn a_session_counts_only_at_the_origin_where_it_began() {
    let (house, _, _, places) = places().await;
    for (i, from) in places.iter().enumerate() {
        let loot = asked(&house, &from.browser, OWNER).await;
        let link = [("token", token(&loot.mail))];
        let answer = send(&from.browser, "/fn/redeem_magic_link", &loot.cookie, &link).await;
        let session = cookies(&answer);
        for (j, here) in places.iter().enumerate() {
            let status = open(&here.browser, here.inside, &session).await.status();
            assert_eq!(status == StatusCode::OK, i == j, "began at {i}, used at {j}");
        }
    }
}

#[actix_web::test]
async fn the_owner_of_a_host_gains_nothing_from_mail_that_it_asked_for_to_somebody_else() {
    let (house, _, _, places) = places().await;
    let [platform, acme, beta] = &places;
    let victim = "olga@operator.example";
    let operator = house.sign_in(victim).await;
    house.iam.platform().appoint_operator(victim).await.unwrap();
    assert_eq!(operator.get("/platform").await.status(), StatusCode::OK);
    // A scanner at the victim's mail server follows the link, and so hands it to the host's owner.
    let loot = asked(&house, &acme.browser, victim).await;
    let link = [("token", token(&loot.mail))];
    for elsewhere in [platform, beta] {
        let answer = send(&elsewhere.browser, "/fn/redeem_magic_link", &loot.cookie, &link).await;
        assert!(!signs_in(&answer));
    }
    let told: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE action = 'magic_link.refused' AND detail ->> 'reason' = 'other_origin'",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert!(told > 0, "the log tells of the try");
    let answer = send(&acme.browser, "/fn/redeem_magic_link", &loot.cookie, &link).await;
    assert!(signs_in(&answer), "the host itself may be signed in at");
    let session = cookies(&answer);
    for path in ["/account", "/workspaces", "/platform", "/w/beta/admin"] {
        for place in &places {
            let answer = open(&place.browser, path, &session).await;
            let html = answer.text().await.unwrap();
            assert!(!html.contains(victim), "{path} at {}", place.browser.origin);
        }
    }
}

#[actix_web::test]
async fn requests_codes_tokens_and_consent_count_only_where_the_app_asked() {
    let (house, _, app, places) = places().await;
    let [platform, acme, _] = places.map(|place| place.browser);
    for browser in [&platform, &acme] {
        let mail = house.ask(browser, OWNER, "acme", "").await;
        let form = [("token", token(&mail))];
        let answer = browser.post("/fn/redeem_magic_link", &form).await;
        assert_eq!(location(&answer), "/w/acme/admin");
    }
    for (from, other) in [(&platform, &acme), (&acme, &platform)] {
        let silent = from.authorize("acme", &request(&app, "&prompt=none")).await;
        assert_eq!(
            param(&silent, "error").as_deref(),
            Some("consent_required"),
            "what was said at one origin is not said at the other"
        );
        let start = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
        let step = location(&from.get(&start).await);
        let id = step.split('=').next_back().unwrap().to_owned();
        let consent = location(&from.get(&step).await);
        assert!(consent.starts_with("/w/acme/consent?"), "{consent}");
        assert_eq!(other.get(&step).await.status(), StatusCode::GONE);
        for page in [consent.clone(), format!("/w/acme/login?request={id}")] {
            assert_eq!(
                location(&other.get(&page).await),
                format!("/w/acme/continue?request={id}"),
                "sent on to where it ends"
            );
        }
        let form = [("email", OWNER), ("slug", "acme"), ("request", &id)];
        assert_eq!(call(other, "request_magic_link", &form).await, StatusCode::GONE);
        let html = from.get(&consent).await.text().await.unwrap();
        let allow = [
            ("request", id.as_str()),
            ("shown_to", crate::harness::hidden(&html, "shown_to")),
            ("decision", "allow"),
        ];
        assert_eq!(
            other.post("/w/acme/decide", &allow).await.status(),
            StatusCode::GONE
        );
        let target = leads_to(from.post("/w/acme/decide", &allow).await).await;
        let issuer = format!("{}/w/acme", from.origin);
        assert_eq!(param(&target, "iss").as_deref(), Some(issuer.as_str()));

        let code = param(&target, "code").unwrap();
        let redeem = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        assert_eq!(exchange(other, &app, &redeem).await.0, StatusCode::BAD_REQUEST);
        let (status, tokens) = exchange(from, &app, &redeem).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        let refresh = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ];
        assert_eq!(exchange(other, &app, &refresh).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(exchange(from, &app, &refresh).await.0, StatusCode::OK);
        for (browser, expected) in [(other, StatusCode::UNAUTHORIZED), (from, StatusCode::OK)] {
            let asked = bare(browser)
                .get(format!("{}/w/acme/oauth/userinfo", browser.origin))
                .bearer_auth(tokens["access_token"].as_str().unwrap());
            assert_eq!(asked.send().await.unwrap().status(), expected);
        }
        for (browser, expected) in [(other, false), (from, true)] {
            let asked = bare(browser)
                .post(format!("{}/w/acme/oauth/introspect", browser.origin))
                .basic_auth(&app.id, Some(&app.secret))
                .form(&[("token", tokens["access_token"].as_str().unwrap())]);
            let says: Value = asked.send().await.unwrap().json().await.unwrap();
            assert_eq!(says["active"], expected);
        }
    }
}

async fn exchange(at: &Browser, app: &RegisteredApp, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let answer = bare(at)
        .post(format!("{}/w/acme/oauth/token", at.origin))
        .basic_auth(&app.id, Some(&app.secret))
        .form(form)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[actix_web::test]
async fn an_invitation_is_answered_only_where_its_workspace_exists() {
    let (house, owner, _, places) = places().await;
    let [platform, acme, beta] = places.map(|place| place.browser);
    let mia = "mia@example.com";
    let id = invited(&house, &owner, mia, "member").await;
    let form = [("slug", "acme"), ("id", id.as_str())];
    let path = format!("/w/acme/join?invitation={id}");
    for (browser, seen) in [(&platform, true), (&acme, true), (&beta, false)] {
        let mail = house.ask(browser, mia, "", "").await;
        browser
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await;
        let status = browser.get(&path).await.status();
        assert_eq!(status == StatusCode::OK, seen, "{}", browser.origin);
    }
    assert_eq!(
        call(&beta, "accept_invitation", &form).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(call(&acme, "accept_invitation", &form).await, StatusCode::OK);
}

#[actix_web::test]
async fn a_host_that_goes_to_another_workspace_takes_nothing_along() {
    let (house, owner, _, places) = places().await;
    let [_, acme, _] = places.map(|place| place.browser);
    let loot = asked(&house, &acme, OWNER).await;
    let link = [("token", token(&loot.mail))];
    let session = cookies(&send(&acme, "/fn/redeem_magic_link", &loot.cookie, &link).await);
    let open_link = asked(&house, &acme, OWNER).await;
    assert_eq!(
        open(&acme, "/w/acme/admin", &session).await.status(),
        StatusCode::OK
    );
    let given_up = call(&owner, "remove_domain", &[("slug", "acme"), ("domain", ACME)]).await;
    assert_eq!(given_up, StatusCode::OK);
    proved(&house, &owner, "beta", ACME).await;
    let taken = [("slug", "beta"), ("domain", ACME)];
    assert_eq!(call(&owner, "set_workspace_host", &taken).await, StatusCode::OK);
    assert_ne!(
        open(&acme, "/w/beta/admin", &session).await.status(),
        StatusCode::OK
    );
    let link = [("token", token(&open_link.mail))];
    let answer = send(&acme, "/fn/redeem_magic_link", &open_link.cookie, &link).await;
    assert!(!signs_in(&answer));
}
