//! Apps that say whom they mean, by an ID token that they were given.

use crate::{
    harness::{Browser, Harness, RegisteredApp, leads_to, location, param, request, token},
    provider::{
        code, ready, redeem,
        requests::{begin, step},
    },
};
use chrono::TimeDelta;

async fn id_token(house: &Harness, browser: &Browser, app: &RegisteredApp) -> String {
    let (_, tokens) = redeem(house, "acme", app, &code(browser, app).await).await;
    tokens["id_token"].as_str().unwrap().to_owned()
}

/// Signs `email` in for a waiting request and returns what comes next.
async fn sign_in_for(house: &Harness, browser: &Browser, email: &str, login: &str) -> String {
    let request = login.split_once("request=").unwrap().1;
    let mail = house.ask(browser, email, "acme", request).await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    leads_to(browser.get(&location(&answer)).await).await
}

#[actix_web::test]
async fn a_silent_request_for_another_person_says_login_required() {
    let (house, owner, app) = ready("ES256").await;
    let hint = id_token(&house, &owner, &app).await;
    let silent = |hint: &str| request(&app, &format!("&prompt=none&id_token_hint={hint}"));
    let answer = begin(&owner, &silent(&hint)).await;
    assert!(
        param(&owner.authorize("acme", &silent(&hint)).await, "code").is_some(),
        "{answer}"
    );
    owner
        .post(
            "/fn/update_workspace",
            &[("slug", "acme"), ("name", "Acme"), ("admission", "open")],
        )
        .await;
    let eve = house.sign_in("eve@example.com").await;
    code(&eve, &app).await;
    let answer = begin(&eve, &silent(&hint)).await;
    assert_eq!(param(&answer, "error").as_deref(), Some("login_required"));
    assert!(
        param(
            &eve.authorize("acme", &request(&app, "&prompt=none")).await,
            "code"
        )
        .is_some()
    );
    house.clock.advance(TimeDelta::days(1));
    let answer = begin(&owner, &silent(&hint)).await;
    assert!(
        answer.starts_with("/w/acme/continue"),
        "an expired ID token still names somebody: {answer}"
    );
}

#[actix_web::test]
async fn what_is_no_id_token_of_this_app_is_no_hint() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let (mine, access) = (
        tokens["id_token"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
    );
    let (head, signature) = mine.rsplit_once('.').unwrap();
    let bent: String = signature.chars().rev().collect();
    let evil = house.owner_of("evil").await;
    let foreign_app = house.register(&evil, "evil", "ES256").await;
    let answer = evil.authorize("evil", &request(&foreign_app, "")).await;
    let (_, foreign) = redeem(&house, "evil", &foreign_app, &param(&answer, "code").unwrap()).await;
    for hint in [
        "garbage",
        access,
        &format!("{head}."),
        &format!("{head}.{bent}"),
        foreign["id_token"].as_str().unwrap(),
        &id_token(&house, &owner, &other).await,
        &"a".repeat(9000),
        "a%00b",
    ] {
        for prompt in ["", "&prompt=none"] {
            let answer = begin(&owner, &request(&app, &format!("&id_token_hint={hint}{prompt}"))).await;
            assert_eq!(
                param(&answer, "error").as_deref(),
                Some("invalid_request"),
                "{hint}"
            );
        }
    }
}

#[actix_web::test]
async fn only_the_hinted_person_answers_a_request_and_anybody_else_is_asked_to_sign_in_once() {
    let (house, owner, app) = ready("ES256").await;
    let hint = id_token(&house, &owner, &app).await;
    owner
        .post(
            "/fn/update_workspace",
            &[("slug", "acme"), ("name", "Acme"), ("admission", "open")],
        )
        .await;
    let hinted = request(&app, &format!("&id_token_hint={hint}"));
    let eve = house.sign_in("eve@example.com").await;
    code(&eve, &app).await;
    house.clock.advance(TimeDelta::seconds(1));
    let login = step(&eve, &hinted).await;
    assert!(login.starts_with("/w/acme/login?request="), "{login}");
    let id = login.split_once("request=").unwrap().1;
    let early = eve
        .post("/w/acme/decide", &[("request", id), ("decision", "allow")])
        .await;
    assert_eq!(
        location(&early),
        format!("/w/acme/continue?request={id}"),
        "the request cannot be allowed by somebody else"
    );
    let answer = sign_in_for(&house, &eve, "eve@example.com", &login).await;
    assert_eq!(
        (
            param(&answer, "error").as_deref(),
            param(&answer, "state").as_deref()
        ),
        (Some("login_required"), Some("s"))
    );

    house.clock.advance(TimeDelta::seconds(1));
    let login = step(&eve, &hinted).await;
    let answer = sign_in_for(&house, &eve, "owner@acme.example", &login).await;
    assert!(param(&answer, "code").is_some(), "{answer}");
}
