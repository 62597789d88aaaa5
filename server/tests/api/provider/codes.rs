//! Requests and codes, as careless and hostile clients use them.

use super::{code, exchange, ready, redeem, refresh, userinfo};
use crate::harness::{CALLBACK, RegisteredApp, VERIFIER, hidden, leads_to, location, param, request};
use chrono::TimeDelta;
use reqwest::{Client, StatusCode};

#[actix_web::test]
async fn a_code_works_once_and_its_replay_ends_the_tokens() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code).await;
    let (status, error) = redeem(&house, "acme", &app, &code).await;
    assert_eq!(
        (status, error["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
    let (status, _) = refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_code_is_bound_to_its_client_its_verifier_its_address_and_its_minute() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let stolen = code(&owner, &app).await;
    assert_eq!(
        redeem(&house, "acme", &other, &stolen).await.0,
        StatusCode::BAD_REQUEST
    );
    for (name, value) in [
        ("code_verifier", "x".repeat(43)),
        ("redirect_uri", format!("{CALLBACK}/")),
    ] {
        let mut form = [
            ("grant_type", "authorization_code"),
            ("code", stolen.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        form.iter_mut()
            .filter(|(key, _)| *key == name)
            .for_each(|pair| pair.1 = &value);
        let (status, error) = exchange(&house, "acme", &app, &form).await;
        assert_eq!(
            (status, error["error"].as_str()),
            (StatusCode::BAD_REQUEST, Some("invalid_grant")),
            "{name}"
        );
    }
    house.clock.advance(TimeDelta::seconds(60));
    assert_eq!(
        redeem(&house, "acme", &app, &stolen).await.0,
        StatusCode::BAD_REQUEST
    );
}

#[actix_web::test]
async fn a_wrong_secret_is_invalid_client_with_a_challenge() {
    let (house, _, app) = ready("ES256").await;
    let wrong = RegisteredApp {
        id: app.id.clone(),
        secret: "roo_cs_wrong".to_owned(),
    };
    let (status, error) = redeem(&house, "acme", &wrong, "x").await;
    assert_eq!(
        (status, error["error"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("invalid_client"))
    );
    let bare = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_id", app.id.as_str()),
    ];
    let answer = Client::new()
        .post(format!("{}/w/acme/oauth/token", house.origin))
        .form(&bare)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.headers().contains_key("www-authenticate"));
}

#[actix_web::test]
async fn pkce_cannot_be_left_out_or_downgraded() {
    let (_, owner, app) = ready("ES256").await;
    let good = request(&app, "");
    for bad in [
        good.replace("&code_challenge_method=S256", "&code_challenge_method=plain"),
        good.replace("&code_challenge_method=S256", ""),
        good.replace("&code_challenge=", "&ignored="),
        good.replace("response_type=code", "response_type=token"),
    ] {
        let answer = owner.authorize("acme", &bad).await;
        assert!(
            answer.starts_with(CALLBACK) && param(&answer, "error").is_some(),
            "{answer}"
        );
        assert!(param(&answer, "code").is_none());
    }
}

#[actix_web::test]
async fn an_address_that_is_not_registered_is_never_redirected_to() {
    let (_, owner, app) = ready("ES256").await;
    for bad in [
        "https://evil.example/callback",
        "https://orders.example.com/callback/",
        "https://orders.example.com/callback/../x",
        "https://orders.example.com/callback/..;/x",
        "https://orders.example.com/%2e%2e/callback",
        "https://orders.example.com\\\\evil.example/callback",
        "https://orders.example.com./callback",
        "https://orders.example.com:8443/callback",
        "https://ordersXexample.com/callback",
        "https://orders.example.com.evil.example/callback",
        "https://orders.example.com@evil.example/callback",
        "HTTPS://ORDERS.EXAMPLE.COM/callback",
        "http://orders.example.com/callback",
        "https://orders.example.com/callback%23x",
        "javascript:alert(1)",
    ] {
        let query = request(&app, "").replace(CALLBACK, bad);
        let answer = owner.get(&format!("/w/acme/oauth/authorize?{query}")).await;
        assert_eq!(
            (answer.status(), location(&answer)),
            (StatusCode::BAD_REQUEST, String::new()),
            "{bad}"
        );
    }
    let twice = format!("{}&redirect_uri=https://evil.example", request(&app, ""));
    let answer = owner.get(&format!("/w/acme/oauth/authorize?{twice}")).await;
    assert_eq!(location(&answer), "");
}

#[actix_web::test]
async fn silent_requests_say_what_is_missing() {
    let (house, owner, app) = ready("ES256").await;
    let silent = request(&app, "&prompt=none");
    let stranger = house.browser().authorize("acme", &silent).await;
    assert_eq!(param(&stranger, "error").as_deref(), Some("login_required"));
    let first = owner.authorize("acme", &silent).await;
    assert_eq!(param(&first, "error").as_deref(), Some("consent_required"));
    code(&owner, &app).await;
    let second = owner.authorize("acme", &silent).await;
    assert!(param(&second, "code").is_some(), "{second}");
    house.clock.advance(TimeDelta::minutes(10));
    let old = owner.authorize("acme", &format!("{silent}&max_age=60")).await;
    assert_eq!(param(&old, "error").as_deref(), Some("login_required"));
}

#[actix_web::test]
async fn only_members_get_in_until_the_workspace_opens() {
    let (house, owner, app) = ready("ES256").await;
    let eve = house.sign_in("eve@example.com").await;
    let step = location(
        &eve.get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    assert_eq!(eve.get(&step).await.status(), StatusCode::FORBIDDEN);
    owner
        .post(
            "/fn/update_workspace",
            &[("slug", "acme"), ("name", "Acme"), ("admission", "open")],
        )
        .await;
    code(&eve, &app).await;
}

#[actix_web::test]
async fn a_refusal_reaches_the_app_and_nothing_can_be_allowed_after_it() {
    let (house, owner, app) = ready("ES256").await;
    let next = location(
        &owner
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    let step = location(&owner.get(&next).await);
    let page = owner.get(&step).await.text().await.unwrap();
    let refused = owner.decide("acme", &step, "deny").await;
    assert_eq!(param(&refused, "error").as_deref(), Some("access_denied"));
    assert_eq!(param(&refused, "state").as_deref(), Some("s"));
    let allow = [
        ("request", hidden(&page, "request")),
        ("shown_to", hidden(&page, "shown_to")),
        ("decision", "allow"),
    ];
    let again = owner.post("/w/acme/decide", &allow).await;
    assert_eq!(leads_to(again).await, refused, "a second click changes nothing");
    house.clock.advance(TimeDelta::seconds(60));
    let late = owner.post("/w/acme/decide", &allow).await;
    assert_eq!(
        (late.status(), location(&late)),
        (StatusCode::GONE, String::new())
    );
}
