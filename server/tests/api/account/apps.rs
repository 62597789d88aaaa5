//! What a person let apps have, and how they take it back.

use crate::{
    harness::{Browser, Harness, RegisteredApp, location, request},
    members::{call, joined, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::time::Duration;

const ADA: &str = "ada@example.com";
const APPS: &str = "/account/apps";

/// Tokens of an app in the person's name.
async fn tokens(house: &Harness, browser: &Browser, app: &RegisteredApp) -> Value {
    let (status, tokens) = redeem(house, "acme", app, &code(browser, app).await).await;
    assert_eq!(status, StatusCode::OK);
    tokens
}

async fn disconnect(browser: &Browser, app: &RegisteredApp) -> StatusCode {
    call(
        browser,
        "disconnect_app",
        &[("slug", "acme"), ("id", app.id.as_str())],
    )
    .await
}

#[actix_web::test]
async fn a_person_sees_which_apps_they_let_have_what() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    assert!(
        page(&ada, APPS)
            .await
            .1
            .contains("No app has access to your account.")
    );
    tokens(&house, &ada, &app).await;
    let (_, html) = page(&ada, APPS).await;
    for part in [
        "Orders",
        "Acme",
        "Confirm your identity",
        "See your email address",
        "Keep access when you’re offline",
        "Last used",
        "aria-label=\"Disconnect Orders\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("See your name"), "the app did not ask for it");
    let (_, html) = page(&owner, APPS).await;
    assert!(!html.contains("Orders"), "it is nothing of the owner's");
}

#[actix_web::test]
async fn an_app_that_is_disconnected_has_nothing_any_more_on_any_node_and_has_to_ask_again() {
    let (house, owner, app) = ready("ES256").await;
    let there = house.another_node().await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let [one, two] = [tokens(&house, &ada, &app).await, tokens(&house, &ada, &app).await];
    let owners = tokens(&house, &owner, &app).await;
    let waiting = code(&ada, &app).await;
    // A plain form, and what follows says so.
    let form = [("slug", "acme"), ("id", app.id.as_str())];
    let answer = ada.post("/fn/disconnect_app", &form).await;
    assert_eq!(location(&answer), APPS);
    let (_, html) = page(&ada, APPS).await;
    assert!(html.contains("App disconnected") && html.contains("No app has access to your account."));
    for tokens in [&one, &two] {
        let elsewhere = Client::new()
            .get(format!("{there}/w/acme/oauth/userinfo"))
            .bearer_auth(tokens["access_token"].as_str().unwrap())
            .send()
            .await
            .unwrap();
        assert_eq!(elsewhere.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(userinfo(&house, "acme", tokens).await, StatusCode::UNAUTHORIZED);
        let renewed = refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(renewed.0, StatusCode::BAD_REQUEST);
    }
    let late = redeem(&house, "acme", &app, &waiting).await;
    assert_eq!(late.0, StatusCode::BAD_REQUEST, "nor a code under way");
    let asked = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&ada.get(&location(&ada.get(&asked).await)).await);
    assert!(step.starts_with("/w/acme/consent"), "{step}");
    assert_eq!(userinfo(&house, "acme", &owners).await, StatusCode::OK);
    assert_eq!(disconnect(&ada, &app).await, StatusCode::NOT_FOUND);
    let pool = house.database.all_seeing().await.unwrap();
    let told: Vec<(String, i64)> = sqlx::query_as(
        "SELECT e.address, (v.detail ->> 'families')::bigint
         FROM audit_events v JOIN user_emails e ON e.user_id = v.actor_id
         WHERE v.action = 'consent.withdrawn'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(told, [(ADA.to_owned(), 3)]);
}

#[actix_web::test]
async fn nobody_disconnects_an_app_of_somebody_else() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let held = tokens(&house, &ada, &app).await;
    let eve = house.owner_of("evil").await;
    for other in [&owner, &eve] {
        assert_eq!(disconnect(other, &app).await, StatusCode::NOT_FOUND);
    }
    let through = [("slug", "evil"), ("id", app.id.as_str())];
    assert_eq!(
        call(&ada, "disconnect_app", &through).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(disconnect(&house.browser(), &app).await, StatusCode::UNAUTHORIZED);
    assert_eq!(userinfo(&house, "acme", &held).await, StatusCode::OK);
    assert_eq!(house.told(["consent.withdrawn"]).await, [0]);
}

#[actix_web::test]
async fn a_suspended_workspace_keeps_nobody_from_disconnecting_its_apps() {
    let (house, owner, app) = ready("ES256").await;
    tokens(&house, &owner, &app).await;
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query(
        "UPDATE workspace_directory SET suspended_at = now(), suspended_reason = 'x' WHERE slug = 'acme'",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert!(page(&owner, APPS).await.1.contains("Orders"));
    assert_eq!(disconnect(&owner, &app).await, StatusCode::OK);
}

#[actix_web::test]
#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
async fn a_code_that_races_with_disconnecting_is_not_issued_on_a_consent_that_is_gone() {
    let (house, owner, app) = ready("ES256").await;
    tokens(&house, &owner, &app).await;
    let pool = house.database.all_seeing().await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("DELETE FROM consents")
        .execute(&mut *tx)
        .await
        .unwrap();
    let asked = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let next = location(&owner.get(&asked).await);
    // It has read the consent, and waits for what becomes of it.
    let racing = {
        let owner = owner.clone();
        actix_web::rt::spawn(async move { location(&owner.get(&next).await) })
    };
    tokio::time::sleep(Duration::from_millis(700)).await;
    tx.commit().await.unwrap();
    let step = racing.await.unwrap();
    assert!(step.starts_with("/w/acme/consent"), "{step}");
}
