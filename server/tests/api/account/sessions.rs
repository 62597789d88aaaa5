//! Where a person is signed in, and how they put an end to it.

use crate::{
    harness::{Harness, location},
    members::{call, page},
};
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";
const SESSIONS: &str = "/account/sessions";

#[actix_web::test]
async fn a_person_sees_how_and_when_each_of_their_browsers_signed_in() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    house.sign_in("eve@example.com").await;
    let (_, html) = page(&ada, SESSIONS).await;
    let html = html.replace("<!>", "");
    assert_eq!(html.matches("This browser").count(), 1, "{html}");
    assert_eq!(html.matches(">Email</td>").count(), 1, "{html}");
    assert!(!html.contains("Sign out all other browsers"), "there is no other");
    house.sign_in(ADA).await;
    let (_, html) = page(&ada, SESSIONS).await;
    let html = html.replace("<!>", "");
    assert_eq!(html.matches(">Email</td>").count(), 2, "{html}");
    assert!(html.contains("Sign out all other browsers"));
}

#[actix_web::test]
async fn all_other_browsers_are_signed_out_at_once_and_nobody_elses() {
    let house = Harness::start().await;
    let there = house.another_node().await;
    let [ada, phone, library] = [
        house.sign_in(ADA).await,
        house.sign_in(ADA).await,
        house.sign_in(ADA).await,
    ];
    let eve = house.sign_in("eve@example.com").await;
    // A plain form; the page that follows says how many there were.
    let answer = ada.post("/fn/end_other_sessions", &[]).await;
    assert_eq!(location(&answer), SESSIONS);
    assert!(page(&ada, SESSIONS).await.1.contains("2 browsers signed out"));
    for other in [&phone, &library] {
        assert_eq!(
            other.get(&format!("{there}/account")).await.status(),
            StatusCode::FOUND,
            "on every node"
        );
    }
    assert!(ada.is_signed_in().await && eve.is_signed_in().await);
    let pool = house.database.all_seeing().await.unwrap();
    let told: Vec<i64> = sqlx::query_scalar(
        "SELECT (detail ->> 'others')::bigint FROM audit_events WHERE action = 'session.ended' AND target LIKE 'usr_%'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(told, [2]);
    // With nobody left to sign out there is nothing to tell.
    assert_eq!(call(&ada, "end_other_sessions", &[]).await, StatusCode::OK);
    assert_eq!(house.told(["session.ended"]).await, [1]);
    assert_eq!(
        call(&house.browser(), "end_other_sessions", &[]).await,
        StatusCode::UNAUTHORIZED
    );
}
