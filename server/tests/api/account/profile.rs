//! What people say of themselves, and who gets to know it.

use crate::{
    branding::{PIXEL, upload_from},
    harness::{Browser, Harness, RegisteredApp, location, param, request},
    members::{call, joined, page},
    provider::{ready, redeem},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::collections::BTreeSet;

const ADA: &str = "ada@example.com";

/// What the ID token and userinfo say of a person to an app that asked for `scope`.
pub(super) async fn told(house: &Harness, browser: &Browser, app: &RegisteredApp, scope: &str) -> [Value; 2] {
    let query = request(app, "").replace("openid%20email%20offline_access", &scope.replace(' ', "%20"));
    let code = param(&browser.authorize("acme", &query).await, "code").unwrap();
    let (_, tokens) = redeem(house, "acme", app, &code).await;
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let userinfo = Client::new()
        .get(format!("{}/w/acme/oauth/userinfo", house.origin))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    [claims, userinfo.json().await.unwrap()]
}

async fn renamed(house: &Harness) -> i64 {
    let pool = house.database.all_seeing().await.unwrap();
    let sql = "SELECT count(*) FROM audit_events WHERE action = 'user.updated' AND detail -> 'name' ->> 'to' = 'Ada Lovelace'";
    sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
}

#[actix_web::test]
async fn a_name_that_a_person_gives_themselves_reaches_pages_and_apps_that_may_know_it() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    for told in told(&house, &ada, &app, "openid profile").await {
        assert_eq!(told.get("name"), None);
        assert_eq!(told["preferred_username"], told["sub"]);
    }
    // A plain form, and twice the same is one change.
    for _ in 0..2 {
        let answer = ada
            .post("/fn/set_display_name", &[("name", "  Ada  Lovelace ")])
            .await;
        assert_eq!(location(&answer), "/account");
    }
    assert_eq!(renamed(&house).await, 1);
    assert!(page(&ada, "/account").await.1.contains("value=\"Ada Lovelace\""));
    assert!(
        page(&owner, "/w/acme/admin/members")
            .await
            .1
            .contains("Ada Lovelace")
    );
    for told in told(&house, &ada, &app, "openid profile").await {
        assert_eq!(
            (&told["name"], told.get("email")),
            (&Value::from("Ada Lovelace"), None)
        );
        assert_eq!(
            told["preferred_username"], told["sub"],
            "not what the person chose"
        );
    }
    for told in told(&house, &ada, &app, "openid profile email").await {
        assert_eq!(
            (&told["name"], &told["preferred_username"]),
            (&"Ada Lovelace".into(), &ADA.into())
        );
    }
    for told in told(&house, &ada, &app, "openid email").await {
        assert_eq!((told.get("name"), told.get("preferred_username")), (None, None));
    }
    assert_eq!(
        call(&ada, "set_display_name", &[("name", " ")]).await,
        StatusCode::OK
    );
    assert!(
        !page(&owner, "/w/acme/admin/members")
            .await
            .1
            .contains("Ada Lovelace")
    );
    assert_eq!(
        call(&house.browser(), "set_display_name", &[("name", "x")]).await,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn discovery_lists_the_claims_that_there_are() {
    let (house, owner, app) = ready("ES256").await;
    let named = [("name", "Olga")];
    assert_eq!(call(&owner, "set_display_name", &named).await, StatusCode::OK);
    let pictured = upload_from(&owner, "/account/picture", PIXEL, &owner.origin).await;
    assert_eq!(location(&pictured), "/account");
    let discovery = format!("{}/w/acme/.well-known/openid-configuration", house.origin);
    let discovery: Value = Client::new()
        .get(discovery)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let list = discovery["claims_supported"].as_array().unwrap().iter();
    let listed: BTreeSet<&str> = list.map(|claim| claim.as_str().unwrap()).collect();
    let told = told(&house, &owner, &app, "openid profile email roles").await;
    let there: BTreeSet<&str> = told
        .iter()
        .flat_map(|claims| claims.as_object().unwrap().keys().map(String::as_str))
        .collect();
    assert_eq!(listed, there);
}

#[actix_web::test]
async fn nobody_fills_the_log_by_renaming_themselves() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let mut last = StatusCode::OK;
    for round in 0..12 {
        last = call(&ada, "set_display_name", &[("name", &format!("Ada {round}"))]).await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
