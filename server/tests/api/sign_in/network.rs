//! Sign-ins that count in their own network alone.

use crate::{
    harness::{Browser, Harness, request, token},
    members::{ALL_METHODS, call, joined, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::{
    StatusCode,
    header::{ACCEPT, ORIGIN},
};

const ADA: &str = "ada@example.com";
const ACME: &str = "/w/acme/admin";
const OFFICE: &str = "203.0.113.9";
const STREET: &str = "198.51.100.7";

async fn asks_for_one_network(by: &Browser, asks: bool) -> StatusCode {
    let mut form = vec![("slug", "acme")];
    form.extend(asks.then_some(("same[]", "network")));
    form.extend(ALL_METHODS.map(|method| ("methods[]", method)));
    call(by, "update_sign_in_policy", &form).await
}

/// The status of a page that `browser` asks for from a network.
async fn from(browser: &Browser, network: &str, path: &str) -> (StatusCode, String) {
    let request = browser
        .client
        .get(format!("{}{path}", browser.origin))
        .header(ACCEPT, "text/html")
        .header("x-forwarded-for", network);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

async fn sign_in_from(house: &Harness, browser: &Browser, network: &str, email: &str) {
    let mail = house.ask(browser, email, "acme", "").await;
    let request = browser
        .client
        .post(format!("{}/fn/redeem_magic_link", browser.origin))
        .header(ACCEPT, "text/html")
        .header(ORIGIN, &browser.origin)
        .header("x-forwarded-for", network)
        .form(&[("token", token(&mail))]);
    assert!(request.send().await.unwrap().status().is_redirection());
}

#[actix_web::test]
async fn where_a_sign_in_counts_in_one_network_it_takes_another_one_to_move() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&ada, "create_workspace", &form).await, StatusCode::OK);
    sign_in_from(&house, &ada, OFFICE, ADA).await;
    let (ok, again) = (StatusCode::OK, StatusCode::UNAUTHORIZED);
    assert_eq!(from(&ada, STREET, ACME).await.0, ok, "nobody asks");
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;

    assert_eq!(asks_for_one_network(&owner, true).await, ok);
    assert!(
        page(&owner, "/w/acme/admin/settings")
            .await
            .1
            .contains("another network")
    );
    assert_eq!(from(&ada, OFFICE, ACME).await.0, ok);
    let (status, html) = from(&ada, STREET, ACME).await;
    assert_eq!(status, again);
    assert!(html.contains("/w/acme/login?again=1"), "{html}");
    let authorize = format!("/w/acme/oauth/authorize?{}", request(&app, "&prompt=none"));
    assert_eq!(from(&ada, STREET, &authorize).await.0, StatusCode::SEE_OTHER);
    assert_eq!(
        from(&ada, STREET, "/w/second/admin").await.0,
        ok,
        "others do not ask"
    );
    assert_eq!(
        from(&ada, OFFICE, ACME).await.0,
        ok,
        "back where it was made it counts"
    );
    // What apps got is asked for by servers, from wherever they are.
    assert_eq!(userinfo(&house, "acme", &tokens).await, ok);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, refresh_token).await.0, ok);
    let check = format!("/w/acme/admin/members/check?email={ADA}");
    assert!(page(&owner, &check).await.1.contains("changed networks"));
    // A sign-in there counts there, and no more in the office.
    sign_in_from(&house, &ada, STREET, ADA).await;
    assert_eq!(from(&ada, STREET, ACME).await.0, ok);
    assert_eq!(from(&ada, OFFICE, ACME).await.0, again);
}

#[actix_web::test]
async fn nobody_asks_for_one_network_from_another_than_their_own() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    sign_in_from(&house, &owner, OFFICE, "owner@acme.example").await;
    assert_eq!(asks_for_one_network(&owner, true).await, StatusCode::CONFLICT);
    sign_in_from(&house, &owner, "127.0.0.1", "owner@acme.example").await;
    assert_eq!(asks_for_one_network(&owner, true).await, StatusCode::OK);
}
