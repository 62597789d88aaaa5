//! Tokens that apps hand back: to end them (RFC 7009), and to ask what they mean (RFC 7662, RFC 9701).

use super::{
    code, ready, redeem, refresh,
    requests::{claims, public_app},
    userinfo,
};
use crate::harness::{Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, param, request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use iam_protocol::jose::KeySet;
use reqwest::{Client, Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

/// Posts to an endpoint of `acme`, as an app with its secret.
async fn post(origin: &str, app: &RegisteredApp, endpoint: &str, form: &[(&str, &str)]) -> Response {
    Client::new()
        .post(format!("{origin}/w/acme/oauth/{endpoint}"))
        .basic_auth(&app.id, Some(&app.secret))
        .form(form)
        .send()
        .await
        .unwrap()
}

async fn revoke(house: &Harness, app: &RegisteredApp, token: &str) -> StatusCode {
    let answer = post(&house.origin, app, "revoke", &[("token", token)]).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.status()
}

async fn introspect(house: &Harness, app: &RegisteredApp, token: &str) -> Value {
    let answer = post(&house.origin, app, "introspect", &[("token", token)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.unwrap()
}

async fn means_nothing(house: &Harness, app: &RegisteredApp, token: &str) {
    assert_eq!(
        introspect(house, app, token).await,
        json!({ "active": false }),
        "{token}"
    );
}

async fn tokens(house: &Harness, owner: &Browser, app: &RegisteredApp) -> Value {
    let (status, tokens) = redeem(house, "acme", app, &code(owner, app).await).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

#[actix_web::test]
async fn whichever_token_an_app_hands_back_its_whole_family_ends_at_once_on_every_node() {
    let (house, owner, app) = ready("ES256").await;
    for handed_back in ["access_token", "refresh_token"] {
        let tokens = tokens(&house, &owner, &app).await;
        let node = house.another_node().await;
        let token = text(&tokens, handed_back);
        let before = house.told(["grant.revoked"]).await;
        let hint = [("token", token), ("token_type_hint", "nonsense")];
        assert_eq!(post(&node, &app, "revoke", &hint).await.status(), StatusCode::OK);
        assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
        let (status, error) = refresh(&house, &app, text(&tokens, "refresh_token")).await;
        assert_eq!(
            (status, &error["error"]),
            (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
        );
        // Whoever asks twice is told the same, and the log nothing more.
        assert_eq!(revoke(&house, &app, token).await, StatusCode::OK);
        let [after] = house.told(["grant.revoked"]).await;
        assert_eq!(after, before[0] + 1, "{handed_back}");
    }
    let all = house.database.all_seeing().await.unwrap();
    let reasons: Vec<String> =
        sqlx::query_scalar("SELECT revoke_reason FROM token_grants WHERE revoked_at IS NOT NULL")
            .fetch_all(&all)
            .await
            .unwrap();
    assert_eq!(reasons, ["handed_back", "handed_back"]);
}

#[actix_web::test]
async fn a_refresh_token_of_before_ends_its_family_too() {
    let (house, owner, app) = ready("ES256").await;
    let first = tokens(&house, &owner, &app).await;
    let (_, second) = refresh(&house, &app, text(&first, "refresh_token")).await;
    means_nothing(&house, &app, text(&first, "refresh_token")).await;
    assert_eq!(
        revoke(&house, &app, text(&first, "refresh_token")).await,
        StatusCode::OK
    );
    assert_eq!(userinfo(&house, "acme", &second).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn nobody_ends_or_reads_what_another_app_got() {
    let (house, owner, app) = ready("ES256").await;
    let tokens = tokens(&house, &owner, &app).await;
    let other = house.register(&owner, "acme", "ES256").await;
    for name in ["access_token", "refresh_token", "id_token"] {
        let token = text(&tokens, name);
        means_nothing(&house, &other, token).await;
        assert_eq!(
            revoke(&house, &other, token).await,
            StatusCode::OK,
            "it is not told whose it is"
        );
    }
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);

    // Nor does whoever only says to be the app, or an app of another workspace.
    let eve = house.owner_of("evil").await;
    let theirs = house.register(&eve, "evil", "ES256").await;
    let liar = RegisteredApp {
        id: app.id.clone(),
        secret: other.secret.clone(),
    };
    for stranger in [&liar, &theirs] {
        for endpoint in ["revoke", "introspect"] {
            let form = [("token", text(&tokens, "refresh_token"))];
            let answer = post(&house.origin, stranger, endpoint, &form).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{endpoint}");
            assert_eq!(answer.headers()["www-authenticate"], "Basic realm=\"rooiam\"");
            let error: Value = answer.json().await.unwrap();
            assert_eq!(error["error"], "invalid_client");
        }
    }
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
}

#[actix_web::test]
async fn an_app_without_a_secret_ends_its_own_tokens_and_reads_none() {
    let (house, owner, _) = ready("ES256").await;
    let app = public_app(&owner, CALLBACK).await;
    let answer = owner.authorize("acme", &request(&app, "")).await;
    let code = param(&answer, "code").unwrap();
    let ask = async |endpoint: &str, form: &[(&str, &str)]| {
        let url = format!("{}/w/acme/oauth/{endpoint}", house.origin);
        Client::new().post(url).form(form).send().await.unwrap()
    };
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", &app.id),
    ];
    let tokens: Value = ask("token", &form).await.json().await.unwrap();
    let form = [
        ("client_id", app.id.as_str()),
        ("token", text(&tokens, "access_token")),
    ];
    let refused = ask("introspect", &form).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_client");
    assert_eq!(ask("revoke", &form).await.status(), StatusCode::OK);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn what_is_no_request_is_refused_in_oauths_words() {
    let (house, _, app) = ready("ES256").await;
    for endpoint in ["revoke", "introspect"] {
        let missing = post(&house.origin, &app, endpoint, &[]).await;
        let twice = post(&house.origin, &app, endpoint, &[("token", "x"), ("token", "y")]).await;
        let url = format!("{}/w/acme/oauth/{endpoint}", house.origin);
        let json = Client::new()
            .post(url)
            .basic_auth(&app.id, Some(&app.secret))
            .json(&json!({ "token": "x" }));
        for answer in [missing, twice, json.send().await.unwrap()] {
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{endpoint}");
            assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_request");
        }
    }
}

#[actix_web::test]
async fn an_app_is_told_what_its_tokens_mean_and_only_while_they_do() {
    let (house, owner, app) = ready("ES256").await;
    let tokens = tokens(&house, &owner, &app).await;
    let issuer = format!("{}/w/acme", house.origin);
    let says = introspect(&house, &app, text(&tokens, "access_token")).await;
    let claims = claims(text(&tokens, "access_token"));
    assert_eq!(
        (&says["active"], &says["token_type"]),
        (&json!(true), &json!("Bearer"))
    );
    for name in [
        "iss",
        "sub",
        "aud",
        "client_id",
        "scope",
        "exp",
        "iat",
        "jti",
        "auth_time",
        "acr",
    ] {
        assert!(
            says[name] == claims[name] && !says[name].is_null(),
            "{name}: {says}"
        );
    }
    let says = introspect(&house, &app, text(&tokens, "refresh_token")).await;
    assert_eq!(
        (&says["active"], &says["iss"], &says["client_id"], &says["sub"]),
        (&json!(true), &json!(issuer), &json!(app.id), &claims["sub"])
    );
    assert!(
        says.get("aud").is_none() && says.get("token_type").is_none(),
        "{says}"
    );
    for other in ["garbage", text(&tokens, "id_token"), &app.secret, "roo_rt_x"] {
        means_nothing(&house, &app, other).await;
    }
    house.clock.advance(TimeDelta::minutes(5));
    means_nothing(&house, &app, text(&tokens, "access_token")).await;
    house.clock.advance(TimeDelta::days(14));
    means_nothing(&house, &app, text(&tokens, "refresh_token")).await;
}

#[actix_web::test]
async fn what_ends_a_family_ends_what_its_tokens_mean() {
    let (house, owner, app) = ready("ES256").await;
    let [offline, online] = [tokens(&house, &owner, &app).await, {
        let query = request(&app, "").replace("%20offline_access", "");
        let answer = owner.authorize("acme", &query).await;
        redeem(&house, "acme", &app, &param(&answer, "code").unwrap())
            .await
            .1
    }];
    assert!(online.get("refresh_token").is_none(), "{online}");
    owner.post("/fn/sign_out", &[]).await;
    means_nothing(&house, &app, text(&online, "access_token")).await;
    let says = introspect(&house, &app, text(&offline, "access_token")).await;
    assert_eq!(says["active"], true, "{says}");
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE users SET disabled_at = now()")
        .execute(&all)
        .await
        .unwrap();
    for name in ["access_token", "refresh_token"] {
        means_nothing(&house, &app, text(&offline, name)).await;
    }
}

#[actix_web::test]
async fn an_answer_is_signed_for_whoever_asked_and_is_no_token() {
    for alg in ["ES256", "RS256", "EdDSA"] {
        let (house, owner, app) = ready(alg).await;
        let tokens = tokens(&house, &owner, &app).await;
        let mut accept = HeaderMap::new();
        accept.insert("accept", "application/token-introspection+jwt".parse().unwrap());
        let asked = Client::new()
            .post(format!("{}/w/acme/oauth/introspect", house.origin))
            .basic_auth(&app.id, Some(&app.secret))
            .headers(accept)
            .form(&[("token", text(&tokens, "access_token"))]);
        let answer = asked.send().await.unwrap();
        assert_eq!(
            answer.headers()["content-type"],
            "application/token-introspection+jwt"
        );
        let signed = answer.text().await.unwrap();
        let part = |place| {
            let part = signed.split('.').nth(place).unwrap();
            serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        assert_eq!(
            (&header["typ"], &header["alg"]),
            (&json!("token-introspection+jwt"), &json!(alg))
        );
        assert_eq!(
            (&claims["aud"], &claims["token_introspection"]["active"]),
            (&json!(app.id), &json!(true))
        );
        assert_eq!(claims["iss"], format!("{}/w/acme", house.origin));
        assert!(claims["iat"].is_i64());
        assert!(
            claims.get("sub").is_none() && claims.get("exp").is_none(),
            "{claims}"
        );
        let url = format!("{}/w/acme/oauth/jwks", house.origin);
        let keys: KeySet = Client::new().get(url).send().await.unwrap().json().await.unwrap();
        assert!(keys.names_key_of(&signed));
        // It opens nothing itself.
        means_nothing(&house, &app, &signed).await;
        let opened = userinfo(&house, "acme", &json!({ "access_token": signed })).await;
        assert_eq!(opened, StatusCode::UNAUTHORIZED);
    }
}
