//! Tokens, as careless and hostile clients use them.

use super::{code, exchange, ready, redeem, refresh, userinfo};
use crate::harness::{param, request};
use chrono::TimeDelta;
use reqwest::{Client, StatusCode};
use serde_json::Value;

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

#[actix_web::test]
async fn userinfo_takes_its_token_in_a_posted_form_too_and_never_two() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let token = tokens["access_token"].as_str().unwrap();
    let url = format!("{}/w/acme/oauth/userinfo", house.origin);
    let form = [("access_token", token)];
    let post = || Client::new().post(&url).form(&form);
    let answer = post().send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.json::<Value>().await.unwrap()["sub"].is_string());
    let twice = post().bearer_auth(token).send().await.unwrap();
    assert_eq!(twice.status(), StatusCode::BAD_REQUEST);
    let said = twice.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert!(said.starts_with("Bearer error=\"invalid_request\""), "{said}");
    // Addresses are written down in many places, so they carry no token.
    let in_address = Client::new().get(format!("{url}?access_token={token}"));
    assert_eq!(
        in_address.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn whoever_has_a_document_of_an_issuer_is_told_that_it_is_still_the_same() {
    let (house, owner, _) = ready("ES256").await;
    for path in [
        "/w/acme/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/w/acme",
        "/w/acme/oauth/jwks",
    ] {
        let url = format!("{}{path}", house.origin);
        let first = Client::new().get(&url).send().await.unwrap();
        assert_eq!(first.headers()["content-type"], "application/json");
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        for (known, expected) in [
            (tag.as_str(), StatusCode::NOT_MODIFIED),
            (&format!("W/{tag}, \"other\""), StatusCode::NOT_MODIFIED),
            ("*", StatusCode::NOT_MODIFIED),
            ("\"other\"", StatusCode::OK),
            ("garbage", StatusCode::OK),
        ] {
            let asked = Client::new().get(&url).header("if-none-match", known);
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status(), expected, "{path} {known}");
            assert_eq!(answer.headers()["etag"], tag);
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        }
    }
    let keys = || async {
        let asked = Client::new().get(format!("{}/w/acme/oauth/jwks", house.origin));
        asked.send().await.unwrap().headers()["etag"].clone()
    };
    let before = keys().await;
    house.register(&owner, "acme", "RS256").await;
    assert_ne!(keys().await, before, "a new key is a new document");
}
