//! Limits of the provider: requests, clients, tokens.

use super::{TOO_MANY, ask_for_token, browser_from, count, other_secret, wait};
use crate::{
    harness::request,
    members::id_of,
    provider::{code, ready, redeem, refresh},
};
use iam::core::limits::Limit;
use reqwest::StatusCode;

#[actix_web::test]
async fn requests_that_nobody_signs_in_for_are_stored_within_bounds_and_shut_the_app_for_nobody_else() {
    let (house, _, app) = ready("ES256").await;
    let begin = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let stranger = browser_from(&house, "10.1.0.1");
    let (mut refused, mut waits) = (0, 0);
    for _ in 0..400 {
        let answer = stranger.get(&begin).await;
        if answer.status() == TOO_MANY {
            (refused, waits) = (refused + 1, waits + wait(&answer));
        }
    }
    assert!(refused > 0 && waits >= refused);
    let before = count(&house, "SELECT count(*) FROM authorizations").await;
    assert!(before < 400, "{before} were stored");
    let other = browser_from(&house, "10.2.0.1").get(&begin).await;
    assert_eq!(other.status(), StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn wrong_secrets_are_told_limited_and_shut_no_app_not_even_where_they_come_from() {
    let (house, owner, app) = ready("ES256").await;
    let wrong = other_secret(&app);
    let mut limited = 0;
    for _ in 0..40 {
        let answer = ask_for_token(&house, "10.1.0.1", &app, &wrong).await;
        if answer.status() == TOO_MANY {
            wait(&answer);
            limited += 1;
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["error"], "temporarily_unavailable");
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        }
    }
    assert!((1..=10).contains(&limited), "{limited}");
    for network in ["10.1.0.1", "10.2.0.1"] {
        let answer = ask_for_token(&house, network, &app, &app.secret).await;
        assert_eq!(
            answer.status(),
            StatusCode::BAD_REQUEST,
            "{network}: only the token is wrong"
        );
    }
    let told: (String, String, serde_json::Value) = sqlx::query_as(
        "SELECT target, client_ip, detail FROM audit_events WHERE action = 'client.refused' ORDER BY id LIMIT 1",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!((told.0, told.1.as_str()), (app.id.clone(), "10.1.0.1"));
    assert_eq!(told.2["reason"], "authentication");
    // A token that is worth nothing is no key to the app's door either, and in a loop it is told to wait.
    let quota = Limit::GrantRefused.quota();
    for _ in 0..quota.burst.get() - 3 {
        let key = format!("{}/10.1.0.1", app.id);
        house.iam.limiter().check(quota, &key).await;
    }
    let mut limited = 0;
    for _ in 0..6 {
        let answer = ask_for_token(&house, "10.1.0.1", &app, &app.secret).await;
        if answer.status() == TOO_MANY {
            wait(&answer);
            limited += 1;
        }
    }
    assert!(limited >= 2, "{limited}");
    let grants = "SELECT count(*) FROM audit_events WHERE action = 'grant.refused'";
    assert_eq!(count(&house, grants).await, 8);
    let (status, _) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    assert_eq!(status, StatusCode::OK);
}

#[actix_web::test]
async fn an_app_that_refreshes_in_a_loop_is_told_to_wait_and_loses_nothing() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let mut token = tokens["refresh_token"].as_str().unwrap().to_owned();
    // The first fifty thousand rounds, without the work that each takes.
    let quota = Limit::TokensPersonApp.quota();
    let key = format!("{}/{}", id_of(&house, "owner@acme.example").await, app.id);
    for _ in 0..quota.burst.get() - 5 {
        house.iam.limiter().check(quota, &key).await;
    }
    let mut rounds = 0;
    let stopped = loop {
        let (status, answer) = refresh(&house, &app, &token).await;
        if status != StatusCode::OK {
            break status;
        }
        token = answer["refresh_token"].as_str().unwrap().to_owned();
        rounds += 1;
        assert!(rounds < 200);
    };
    assert_eq!(stopped, TOO_MANY);
    let unused = count(
        &house,
        "SELECT count(*) FROM refresh_tokens r JOIN token_grants g ON g.workspace_id = r.workspace_id AND g.id = r.grant_id
         WHERE r.used_at IS NULL AND g.revoked_at IS NULL",
    )
    .await;
    assert_eq!(unused, 1, "the last token waits for its turn");
}
