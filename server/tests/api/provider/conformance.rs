//! What standards ask for and no attack would notice (`docs/conformance.md`).

use super::{
    code, exchange, ready, redeem, refresh,
    requests::{self, request_to},
};
use crate::harness::{CALLBACK, Harness, RegisteredApp, VERIFIER, location, param, request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn claims(jwt: &Value) -> Value {
    requests::claims(jwt.as_str().unwrap())
}

async fn error_at_token(house: &Harness, app: &RegisteredApp, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let (status, answer) = exchange(house, "acme", app, form).await;
    (status, answer["error"].clone())
}

#[actix_web::test]
async fn an_answer_with_tokens_is_kept_by_nobody() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    for expected in [StatusCode::OK, StatusCode::BAD_REQUEST] {
        let asked = Client::new()
            .post(format!("{}/w/acme/oauth/token", house.origin))
            .basic_auth(&app.id, Some(&app.secret))
            .form(&form);
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), expected);
        let headers = answer.headers();
        assert_eq!(
            (&headers["cache-control"], &headers["pragma"]),
            (&"no-store".parse().unwrap(), &"no-cache".parse().unwrap())
        );
    }
}

#[actix_web::test]
async fn an_id_token_that_is_renewed_says_the_same_of_the_same_sign_in() {
    let (house, owner, app) = ready("ES256").await;
    let (_, first) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    house.clock.advance(TimeDelta::minutes(3));
    let (_, second) = refresh(&house, &app, first["refresh_token"].as_str().unwrap()).await;
    let (before, after) = (claims(&first["id_token"]), claims(&second["id_token"]));
    for name in ["iss", "sub", "aud", "auth_time", "acr", "amr"] {
        assert!(
            before[name] == after[name] && !after[name].is_null(),
            "{name}: {before} {after}"
        );
    }
    assert_eq!((&before["nonce"], &after["nonce"]), (&json!("n"), &Value::Null));
    assert_eq!(after["iat"].as_i64(), before["iat"].as_i64().map(|at| at + 180));
    for tokens in [&first, &second] {
        let hash = Sha256::digest(tokens["access_token"].as_str().unwrap());
        let half = URL_SAFE_NO_PAD.encode(&hash[..16]);
        assert_eq!(claims(&tokens["id_token"])["at_hash"], half);
    }
}

#[actix_web::test]
async fn a_narrower_scope_is_told_and_opens_no_more_than_it_says() {
    let (house, owner, app) = ready("ES256").await;
    let (_, first) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    assert_eq!(first["scope"], "openid email offline_access");
    let narrower = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first["refresh_token"].as_str().unwrap()),
        ("scope", "email"),
    ];
    let (status, tokens) = exchange(&house, "acme", &app, &narrower).await;
    assert_eq!((status, &tokens["scope"]), (StatusCode::OK, &json!("email")));
    assert!(tokens.get("id_token").is_none(), "{tokens}");
    let asked = Client::new()
        .get(format!("{}/w/acme/oauth/userinfo", house.origin))
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let refused = asked.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let said = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(said.contains("error=\"insufficient_scope\""), "{said}");
    // The family may still have all that it was given.
    let (_, whole) = refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(whole["scope"], "openid email offline_access");
}

#[actix_web::test]
async fn without_a_token_a_challenge_names_no_error() {
    let (house, _, _) = ready("ES256").await;
    let asked = Client::new().get(format!("{}/w/acme/oauth/userinfo", house.origin));
    let refused = asked.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers()["www-authenticate"], "Bearer realm=\"rooiam\"");
}

#[actix_web::test]
async fn what_a_client_gets_wrong_at_the_token_endpoint_has_the_error_that_the_standard_names() {
    let (house, owner, app) = ready("ES256").await;
    let code = code(&owner, &app).await;
    let bad = StatusCode::BAD_REQUEST;
    let code_without_verifier = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    for (form, error) in [
        (&[("grant_type", "password")][..], "unsupported_grant_type"),
        (&[("code", "x")][..], "invalid_request"),
        (&code_without_verifier[..], "invalid_request"),
        (&[("grant_type", "refresh_token")][..], "invalid_request"),
    ] {
        assert_eq!(
            error_at_token(&house, &app, form).await,
            (bad, json!(error)),
            "{form:?}"
        );
    }
    // What it says of itself in the address counts for nothing.
    let url = format!(
        "{}/w/acme/oauth/token?client_id={}&client_secret={}",
        house.origin, app.id, app.secret
    );
    let asked = Client::new()
        .post(url)
        .form(&[("grant_type", "refresh_token"), ("refresh_token", "x")]);
    assert_eq!(asked.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn every_answer_to_a_request_says_whose_it_is_and_what_it_does_not_know_it_ignores() {
    let (house, owner, app) = ready("ES256").await;
    let issuer = format!("{}/w/acme", house.origin);
    let more = "&display=popup&claims_locales=de&vendor=x&vendor=&state2=";
    let answer = owner.authorize("acme", &request(&app, more)).await;
    assert!(param(&answer, "code").is_some(), "{answer}");
    assert_eq!(param(&answer, "iss"), Some(issuer.clone()));
    for (wrong, error) in [
        ("&prompt=never", "invalid_request"),
        ("&max_age=old", "invalid_request"),
        ("&request=eyJ", "request_not_supported"),
        ("&request_uri=https://a.example", "request_uri_not_supported"),
    ] {
        let answer = location(
            &owner
                .get(&format!("/w/acme/oauth/authorize?{}", request(&app, wrong)))
                .await,
        );
        assert_eq!(param(&answer, "error").as_deref(), Some(error), "{answer}");
        assert_eq!(param(&answer, "iss"), Some(issuer.clone()));
        assert_eq!(param(&answer, "state").as_deref(), Some("s"));
    }
    let without_scope = request_to(&app, CALLBACK, "").replace("&scope=openid%20email%20offline_access", "");
    let answer = location(
        &owner
            .get(&format!("/w/acme/oauth/authorize?{without_scope}"))
            .await,
    );
    assert_eq!(param(&answer, "error").as_deref(), Some("invalid_scope"));
}

#[actix_web::test]
async fn no_site_frames_the_pages_on_which_people_sign_in_and_decide() {
    let (house, owner, app) = ready("ES256").await;
    let begun = location(
        &owner
            .get(&format!(
                "/w/acme/oauth/authorize?{}",
                request(&app, "&prompt=consent")
            ))
            .await,
    );
    let consent = location(&owner.get(&begun).await);
    assert!(consent.contains("/consent"), "{consent}");
    let stranger = house.browser();
    for answer in [
        owner.get(&consent).await,
        stranger.get("/login").await,
        stranger.get("/w/acme/login").await,
    ] {
        let (url, headers) = (answer.url().clone(), answer.headers());
        assert_eq!(headers["x-frame-options"], "DENY", "{url}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{url}: {policy}");
    }
}

#[actix_web::test]
async fn discovery_says_what_clients_have_to_find_there() {
    let (house, _, _) = ready("ES256").await;
    let url = format!("{}/w/acme/.well-known/openid-configuration", house.origin);
    let document: Value = Client::new().get(url).send().await.unwrap().json().await.unwrap();
    for (name, value) in [
        ("code_challenge_methods_supported", json!(["S256"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("request_parameter_supported", json!(false)),
        ("request_uri_parameter_supported", json!(false)),
        ("claims_parameter_supported", json!(false)),
        ("response_types_supported", json!(["code"])),
        ("subject_types_supported", json!(["public"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    for (name, value) in [
        ("scopes_supported", "openid"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("introspection_signing_alg_values_supported", "RS256"),
    ] {
        assert!(
            document[name].as_array().unwrap().contains(&json!(value)),
            "{name}"
        );
    }
    let empty: Vec<_> = document
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.as_array().is_some_and(Vec::is_empty))
        .collect();
    assert!(empty.is_empty(), "{empty:?}");
}

#[actix_web::test]
async fn a_request_may_be_posted_as_a_form() {
    let (house, owner, app) = ready("ES256").await;
    let query = request(&app, "");
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let begun = location(&owner.post("/w/acme/oauth/authorize", &fields).await);
    let consent = location(&owner.get(&begun).await);
    let answer = owner.decide("acme", &consent, "allow").await;
    let (status, tokens) = redeem(&house, "acme", &app, &param(&answer, "code").unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
}

#[actix_web::test]
async fn a_silent_request_of_somebody_who_is_no_member_takes_interaction() {
    let (house, _, app) = ready("ES256").await;
    let stranger = house.sign_in("eve@example.com").await;
    let query = request(&app, "&prompt=none");
    let answer = location(&stranger.get(&format!("/w/acme/oauth/authorize?{query}")).await);
    assert_eq!(
        param(&answer, "error").as_deref(),
        Some("interaction_required"),
        "{answer}"
    );
}

#[actix_web::test]
async fn an_app_that_asks_for_more_than_anybody_can_prove_here_is_told_so() {
    // At an address there are no passkeys.
    let (house, owner, app) = ready("ES256").await;
    for (more, error) in [
        ("&acr_values=phr", Some("unmet_authentication_requirements")),
        ("&acr_values=phr%20aal1", None),
        ("&acr_values=gold", None),
    ] {
        let answer = owner
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, more)))
            .await;
        let answer = location(&answer);
        let full = if answer.starts_with('/') {
            format!("{}{answer}", house.origin)
        } else {
            answer
        };
        assert_eq!(param(&full, "error").as_deref(), error, "{full}");
    }
}

#[actix_web::test]
async fn a_refresh_token_that_nobody_used_for_long_is_refused() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    house.clock.advance(TimeDelta::days(14));
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(
        error_at_token(&house, &app, &form).await,
        (StatusCode::BAD_REQUEST, json!("invalid_grant"))
    );
}
