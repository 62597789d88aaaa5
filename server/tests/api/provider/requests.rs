//! Authorization and token requests as real apps send them: large, malformed, from native apps.

use crate::{
    harness::{Browser, CALLBACK, Harness, RegisteredApp, location, param, request},
    provider::{code, ready, redeem, userinfo},
};
use reqwest::{Client, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

pub const LOOPBACK: &str = "http://127.0.0.1/callback";

/// A registered app without a secret.
pub async fn public_app(owner: &Browser, redirect_uris: &str) -> RegisteredApp {
    let form = [
        ("slug", "acme"),
        ("name", "Native"),
        ("client_type", "public"),
        ("redirect_uris", redirect_uris),
        ("id_token_alg", "ES256"),
    ];
    let page = location(&owner.post("/fn/register_app", &form).await);
    RegisteredApp {
        id: page.rsplit('/').next().unwrap().to_owned(),
        secret: String::new(),
    }
}

/// As [`request`], answered at another address.
pub fn request_to(app: &RegisteredApp, redirect_uri: &str, more: &str) -> String {
    request(app, more).replace(CALLBACK, redirect_uri)
}

/// Where the authorize endpoint sends the browser.
pub async fn begin(browser: &Browser, query: &str) -> String {
    location(&browser.get(&format!("/w/acme/oauth/authorize?{query}")).await)
}

/// Where a begun request goes on.
pub async fn step(browser: &Browser, query: &str) -> String {
    location(&browser.get(&begin(browser, query).await).await)
}

pub fn claims(jwt: &str) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let body = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

#[actix_web::test]
async fn an_access_token_is_for_its_own_apps_apis_and_opens_userinfo_all_the_same() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let mut audiences = Vec::new();
    for app in [&app, &other] {
        let (_, tokens) = redeem(&house, "acme", app, &code(&owner, app).await).await;
        let access = claims(tokens["access_token"].as_str().unwrap());
        assert_eq!(access["aud"], format!("{}/w/acme/apps/{}", house.origin, app.id));
        assert_ne!(access["aud"], claims(tokens["id_token"].as_str().unwrap())["aud"]);
        assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
        let page = owner.get(&format!("/w/acme/admin/apps/{}", app.id)).await;
        let page = page.text().await.unwrap();
        assert!(
            page.contains(access["aud"].as_str().unwrap()),
            "developers are told"
        );
        audiences.push(access["aud"].clone());
    }
    assert_ne!(audiences[0], audiences[1]);
}

#[actix_web::test]
async fn several_kilobytes_of_state_and_nonce_come_back_whole() {
    let (house, owner, app) = ready("ES256").await;
    let (state, nonce) = ("s".repeat(8192), "n".repeat(8192));
    let query = request(&app, "").replace("&state=s&nonce=n", &format!("&state={state}&nonce={nonce}"));
    let answer = owner.authorize("acme", &query).await;
    assert_eq!(param(&answer, "state"), Some(state));
    let (_, tokens) = redeem(&house, "acme", &app, &param(&answer, "code").unwrap()).await;
    assert_eq!(
        claims(tokens["id_token"].as_str().unwrap())["nonce"],
        nonce.as_str()
    );
}

#[actix_web::test]
async fn an_app_gets_its_state_back_whatever_else_is_wrong_with_its_request() {
    let (_, owner, app) = ready("ES256").await;
    let good = request(&app, "");
    for bad in [
        good.replace("response_type=code", "response_type=token"),
        good.replace("response_type=code&", ""),
        good.replace("openid", "unknown"),
        good.replace("&nonce=n", &format!("&nonce={}", "n".repeat(9000))),
        good.replace("&nonce=n", "&nonce=a%00b"),
        format!("{good}&nonce=other"),
        format!("{good}&scope=openid&response_type=code"),
        format!("{good}&prompt=nonsense"),
        format!("{good}&max_age=-1"),
        format!("{good}&request=x"),
        format!("{good}&id_token_hint=garbage"),
    ] {
        let answer = begin(&owner, &bad).await;
        assert!(answer.starts_with(CALLBACK), "{bad}: {answer}");
        assert!(
            param(&answer, "error").is_some() && param(&answer, "code").is_none(),
            "{answer}"
        );
        assert_eq!(param(&answer, "state").as_deref(), Some("s"), "{bad}");
    }
    for state in ["s".repeat(9000), "a\0b".to_owned()] {
        let encoded: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
        let answer = begin(&owner, &good.replace("&state=s", &format!("&state={encoded}"))).await;
        assert_eq!(param(&answer, "error").as_deref(), Some("invalid_request"));
        assert_eq!(param(&answer, "state"), Some(state));
    }
    let answer = begin(&owner, &format!("{good}&state=other")).await;
    assert_eq!(
        (param(&answer, "error").as_deref(), param(&answer, "state")),
        (Some("invalid_request"), None),
        "of two states none is the right one"
    );
    let answer = begin(&owner, &format!("{good}&client_id={}", app.id)).await;
    assert_eq!(answer, "", "of two apps none is trusted with an answer");
}

#[actix_web::test]
async fn a_token_request_that_is_no_form_is_told_what_was_expected() {
    let (house, _, app) = ready("ES256").await;
    let url = format!("{}/w/acme/oauth/token", house.origin);
    let json = format!(r#"{{"grant_type":"refresh_token","client_id":"{}"}}"#, app.id);
    for kind in [
        Some("application/json"),
        Some("text/plain"),
        Some("multipart/form-data; boundary=x"),
        Some("application/x-www-form-urlencodedx"),
        None,
    ] {
        let call = Client::new().post(&url).body(json.clone());
        let call = match kind {
            Some(kind) => call.header(CONTENT_TYPE, kind),
            None => call,
        };
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{kind:?}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error"], "invalid_request", "{kind:?}");
        let told = error["error_description"].as_str().unwrap();
        assert!(told.contains("application/x-www-form-urlencoded"), "{told}");
    }
    for kind in [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-URLencoded; charset=UTF-8",
    ] {
        let twice = format!(
            "grant_type=refresh_token&client_id={}&grant_type=refresh_token",
            app.id
        );
        let call = Client::new().post(&url).header(CONTENT_TYPE, kind).body(twice);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error_description"], "a parameter is repeated");
    }
    let posted = Client::new()
        .post(format!("{}/w/acme/oauth/authorize", house.origin))
        .header(CONTENT_TYPE, "application/json")
        .body(json)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_native_app_asks_each_time_unless_it_owns_the_address_it_returns_to() {
    let (_, owner, confidential) = ready("ES256").await;
    let claimed = "https://native.example.com/callback";
    let native = public_app(
        &owner,
        &format!("{LOOPBACK}\ncom.example.native:/callback\n{claimed}"),
    )
    .await;
    for address in [
        "http://127.0.0.1:49152/callback",
        "http://127.0.0.1:49999/callback",
        "com.example.native:/callback",
    ] {
        let query = request_to(&native, address, "");
        assert!(param(&owner.authorize("acme", &query).await, "code").is_some());
        let again = step(&owner, &query).await;
        assert!(again.starts_with("/w/acme/consent"), "{address}: {again}");
        let silent = begin(&owner, &request_to(&native, address, "&prompt=none")).await;
        assert_eq!(
            param(&silent, "error").as_deref(),
            Some("consent_required"),
            "{address}"
        );
    }
    for (app, address) in [(&native, claimed), (&confidential, CALLBACK)] {
        code_at(&owner, app, address).await;
        let again = step(&owner, &request_to(app, address, "")).await;
        assert!(param(&again, "code").is_some(), "{again}");
    }
}

async fn code_at(owner: &Browser, app: &RegisteredApp, address: &str) {
    let answer = owner.authorize("acme", &request_to(app, address, "")).await;
    assert!(param(&answer, "code").is_some(), "{answer}");
}

#[actix_web::test]
async fn an_address_that_reaches_into_headers_or_answers_by_itself_is_not_registered() {
    let (_, owner, _) = ready("ES256").await;
    for bad in [
        "https://example.com;script-src/cb",
        "https://example.com,evil.example/cb",
        "https://example.com/cb?code=1",
        "https://example.com/cb?x=1&iss=https://evil.example",
    ] {
        let form = [
            ("slug", "acme"),
            ("name", "Orders"),
            ("client_type", "confidential"),
            ("redirect_uris", bad),
            ("id_token_alg", "ES256"),
        ];
        let answer = owner.post("/fn/register_app", &form).await;
        assert!(!location(&answer).contains("/admin/apps/app_"), "{bad}");
    }
}

#[actix_web::test]
async fn an_address_with_percent_encoding_is_no_address() {
    let house = Harness::start().await;
    let form = [("email", "a@ex%61mple.com"), ("slug", ""), ("request", "")];
    let answer = house.browser().post("/fn/request_magic_link", &form).await;
    assert_ne!(location(&answer), "/login/sent");
}
