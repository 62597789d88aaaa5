//! The provider, and what tests of all rooms ask of it.

mod at_once;
mod codes;
mod conformance;
mod handed_back;
mod hint;
pub mod requests;
mod rotation;
mod steps;
mod test_sign_in;
mod to_app;
mod tokens;

use crate::harness::{Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, param, request};
use reqwest::{Client, StatusCode};
use serde_json::Value;

async fn exchange(
    house: &Harness,
    slug: &str,
    app: &RegisteredApp,
    form: &[(&str, &str)],
) -> (StatusCode, Value) {
    let answer = Client::new()
        .post(format!("{}/w/{slug}/oauth/token", house.origin))
        .basic_auth(&app.id, Some(&app.secret))
        .form(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status(), answer.json().await.unwrap())
}

pub async fn redeem(house: &Harness, slug: &str, app: &RegisteredApp, code: &str) -> (StatusCode, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    exchange(house, slug, app, &form).await
}

pub async fn refresh(house: &Harness, app: &RegisteredApp, token: &str) -> (StatusCode, Value) {
    exchange(
        house,
        "acme",
        app,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

pub async fn ready(alg: &str) -> (Harness, Browser, RegisteredApp) {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", alg).await;
    (house, owner, app)
}

pub async fn code(browser: &Browser, app: &RegisteredApp) -> String {
    let answer = browser.authorize("acme", &request(app, "")).await;
    param(&answer, "code").unwrap_or_else(|| panic!("no code in {answer}"))
}

pub async fn userinfo(house: &Harness, slug: &str, tokens: &Value) -> StatusCode {
    let url = format!("{}/w/{slug}/oauth/userinfo", house.origin);
    Client::new()
        .get(url)
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .status()
}
