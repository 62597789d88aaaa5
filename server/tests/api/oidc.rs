//! The provider, as careless and hostile clients use it.

use super::house::{
    Browser, CALLBACK, House, RegisteredApp, VERIFIER, hidden, leads_to, location, param, request,
};
use chrono::TimeDelta;
use reqwest::{Client, StatusCode};
use serde_json::Value;

async fn exchange(
    house: &House,
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

pub async fn redeem(house: &House, slug: &str, app: &RegisteredApp, code: &str) -> (StatusCode, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    exchange(house, slug, app, &form).await
}

pub async fn refresh(house: &House, app: &RegisteredApp, token: &str) -> (StatusCode, Value) {
    exchange(
        house,
        "acme",
        app,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

pub async fn ready(alg: &str) -> (House, Browser, RegisteredApp) {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", alg).await;
    (house, owner, app)
}

pub async fn code(browser: &Browser, app: &RegisteredApp) -> String {
    let answer = browser.authorize("acme", &request(app, "")).await;
    param(&answer, "code").unwrap_or_else(|| panic!("no code in {answer}"))
}

#[actix_web::test]
async fn tokens_of_each_algorithm_name_their_key_and_issuer() {
    let (house, owner, _) = ready("RS256").await;
    for alg in ["RS256", "ES256", "EdDSA"] {
        let app = house.register(&owner, "acme", alg).await;
        let answer = owner.authorize("acme", &request(&app, "")).await;
        assert_eq!(param(&answer, "iss").unwrap(), format!("{}/w/acme", house.origin));
        assert_eq!(param(&answer, "state").as_deref(), Some("s"));
        let (status, tokens) = redeem(&house, "acme", &app, &param(&answer, "code").unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        let header = tokens["id_token"]
            .as_str()
            .unwrap()
            .split('.')
            .next()
            .unwrap()
            .to_owned();
        let header: Value = serde_json::from_slice(&base64(&header)).unwrap();
        assert_eq!(header["alg"], alg);
        let keys: Value = Client::new()
            .get(format!("{}/w/acme/oauth/jwks", house.origin))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(
            keys["keys"]
                .as_array()
                .unwrap()
                .iter()
                .any(|key| key["kid"] == header["kid"])
        );
        assert!(!keys.to_string().contains("\"d\""), "a private key is published");
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

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

pub async fn userinfo(house: &House, slug: &str, tokens: &Value) -> StatusCode {
    let url = format!("{}/w/{slug}/oauth/userinfo", house.origin);
    Client::new()
        .get(url)
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .status()
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
async fn a_token_of_one_workspace_means_nothing_in_another() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code).await;
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    let eve = house.owner_of("evil").await;
    house.register(&eve, "evil", "ES256").await;
    assert_eq!(userinfo(&house, "evil", &tokens).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        redeem(&house, "evil", &app, "roo_ac_x").await.0,
        StatusCode::UNAUTHORIZED
    );
    house.clock.advance(TimeDelta::minutes(5));
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
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
async fn a_disabled_person_loses_tokens_and_session_at_once() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code).await;
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE users SET disabled_at = now()")
        .execute(&all)
        .await
        .unwrap();
    assert!(!owner.is_signed_in().await);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        refresh(&house, &app, tokens["refresh_token"].as_str().unwrap())
            .await
            .0,
        StatusCode::BAD_REQUEST
    );
}

#[actix_web::test]
async fn what_discovery_lists_is_there() {
    let (house, _, _) = ready("ES256").await;
    for path in [
        "/w/acme/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/w/acme",
    ] {
        let answer = Client::new()
            .get(format!("{}{path}", house.origin))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let document: Value = answer.json().await.unwrap();
        assert_eq!(document["issuer"], format!("{}/w/acme", house.origin));
        for (name, url) in document
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| name.ends_with("_endpoint"))
        {
            let answer = Client::new().get(url.as_str().unwrap()).send().await.unwrap();
            assert_ne!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
    let unknown = Client::new().get(format!(
        "{}/w/nobody/.well-known/openid-configuration",
        house.origin
    ));
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_refresh_token_is_bound_to_its_client_and_its_scope() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let query = request(&app, "").replace("%20email", "");
    let answer = owner.authorize("acme", &query).await;
    let (_, tokens) = redeem(&house, "acme", &app, &param(&answer, "code").unwrap()).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &other, token).await.0, StatusCode::BAD_REQUEST);
    let wider = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("scope", "openid email"),
    ];
    let (status, error) = exchange(&house, "acme", &app, &wider).await;
    assert_eq!(
        (status, error["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_scope"))
    );
    assert_eq!(
        refresh(&house, &app, token).await.0,
        StatusCode::OK,
        "a refused request uses nothing up"
    );
}

#[actix_web::test]
async fn only_our_own_access_tokens_open_userinfo() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code).await;
    let access = tokens["access_token"].as_str().unwrap();
    let parts: Vec<_> = access.split('.').collect();
    let header = |json: &str| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, json);
    let bent = format!(
        "{}.{}.{}",
        parts[0],
        parts[1],
        parts[2].chars().rev().collect::<String>()
    );
    let forged = [
        format!("{}.{}.", header(r#"{"alg":"none","typ":"at+jwt"}"#), parts[1]),
        format!(
            "{}.{}.{}",
            header(r#"{"alg":"HS256","typ":"at+jwt"}"#),
            parts[1],
            parts[2]
        ),
        bent,
        tokens["id_token"].as_str().unwrap().to_owned(),
        tokens["refresh_token"].as_str().unwrap().to_owned(),
        String::new(),
    ];
    for token in forged {
        let status = userinfo(&house, "acme", &serde_json::json!({ "access_token": token })).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token}");
    }
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
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

#[actix_web::test]
async fn signing_out_ends_the_tokens_of_that_session_but_not_offline_access() {
    let (house, owner, app) = ready("ES256").await;
    let offline = code(&owner, &app).await;
    let online = owner
        .authorize("acme", &request(&app, "").replace("%20offline_access", ""))
        .await;
    let (_, offline) = redeem(&house, "acme", &app, &offline).await;
    let (_, online) = redeem(&house, "acme", &app, &param(&online, "code").unwrap()).await;
    assert_eq!(userinfo(&house, "acme", &online).await, StatusCode::OK);
    assert!(online.get("refresh_token").is_none());
    owner.post("/fn/sign_out", &[]).await;
    assert_eq!(userinfo(&house, "acme", &online).await, StatusCode::UNAUTHORIZED);
    assert_eq!(userinfo(&house, "acme", &offline).await, StatusCode::OK);
}
