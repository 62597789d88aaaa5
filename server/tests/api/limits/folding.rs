//! What is refused stands in the log, and nobody fills the log with it.

use super::{ask_for_token, browser_from, count, other_secret};
use crate::{
    harness::{Harness, location, request, token},
    members::{call, id_of, joined, page},
    provider::ready,
};
use chrono::TimeDelta;
use iam_types::WorkspaceId;
use reqwest::StatusCode;
use serde_json::Value;
use std::time::Instant;

/// Single events and told counts of an action: how many, and of how many times they tell.
async fn told(house: &Harness, action: &str) -> (usize, i64) {
    let details: Vec<Value> =
        sqlx::query_scalar("SELECT detail FROM audit_events WHERE action = $1 ORDER BY id")
            .bind(action)
            .fetch_all(&house.database.all_seeing().await.unwrap())
            .await
            .unwrap();
    let times = details
        .iter()
        .map(|detail| detail["times"].as_i64().unwrap_or(1))
        .sum();
    (details.len(), times)
}

async fn an_hour_later(house: &Harness, workspace: WorkspaceId) {
    house.clock.advance(TimeDelta::hours(2));
    let (one, two) = tokio::join!(
        house.iam.audit().write_folded(workspace),
        house.iam.audit().write_folded(workspace)
    );
    one.unwrap();
    two.unwrap();
}

async fn acme(house: &Harness) -> WorkspaceId {
    let slug = "acme".parse().unwrap();
    house.iam.workspaces().id(&slug).await.unwrap()
}

#[actix_web::test]
async fn a_stranger_in_a_loop_leaves_some_events_and_one_that_counts_the_rest() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let asked = house.browser();
    let mail = house.ask(&asked, "ada@example.com", "acme", "").await;
    let mut refused = 0;
    for _ in 0..10 {
        // Each has a cookie of its own, so that it is heard.
        let stranger = house.browser();
        house
            .ask(&stranger, &format!("eve-{refused}@example.com"), "", "")
            .await;
        for _ in 0..30 {
            stranger
                .post("/fn/redeem_magic_link", &[("token", token(&mail))])
                .await;
            refused += 1;
        }
    }
    let (events, _) = told(&house, "magic_link.refused").await;
    assert!(events <= 11, "{events} events");
    an_hour_later(&house, acme(&house).await).await;
    let (events, times) = told(&house, "magic_link.refused").await;
    assert!(events <= 13, "{events} events");
    assert_eq!(times, refused, "none is forgotten, and none is told twice");
    let left = "SELECT count(*) FROM folded_events WHERE action = 'magic_link.refused'";
    assert_eq!(count(&house, left).await, 0);
}

#[actix_web::test]
#[expect(
    clippy::disallowed_methods,
    reason = "limits fill up again by the machine's time, which a busy machine spends much of"
)]
async fn networks_that_are_made_up_fill_no_log_either() {
    let (house, _, app) = ready("ES256").await;
    let wrong = other_secret(&app);
    let begun = Instant::now();
    for n in 0..560 {
        let network = format!("2001:db8:{n:x}::1");
        let answer = ask_for_token(&house, &network, &app, &wrong).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let (events, _) = told(&house, "client.refused").await;
    let refilled = usize::try_from(begun.elapsed().as_secs() / 5).unwrap();
    assert!(
        events <= 501 + refilled,
        "{events} events, {refilled} of them later"
    );
    assert_eq!(count(&house, "SELECT count(*) FROM folded_events").await, 1);
    // Nobody makes room for a count of their own any more, and it is counted still.
    for _ in 0..20 {
        ask_for_token(&house, "2001:db8:ffff::1", &app, &wrong).await;
    }
    assert!(count(&house, "SELECT count(*) FROM folded_events").await <= 2);
    an_hour_later(&house, acme(&house).await).await;
    assert_eq!(told(&house, "client.refused").await.1, 580);
}

#[actix_web::test]
async fn a_try_without_the_right_to_it_stands_in_the_log_with_who_and_what() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    let eve = house.sign_in("eve@example.com").await;
    assert_eq!(page(&mia, "/w/acme/admin/apps").await.0, StatusCode::FORBIDDEN);
    assert_eq!(page(&eve, "/w/acme/admin/apps").await.0, StatusCode::NOT_FOUND);
    let export = mia.post("/w/acme/admin/export", &[]).await;
    assert_eq!(export.status(), StatusCode::FORBIDDEN);
    let owners = id_of(&house, "owner@acme.example").await;
    let admin = joined(&house, &owner, "adam@example.com", "admin").await;
    let form = [("slug", "acme"), ("id", owners.as_str()), ("role", "member")];
    assert_eq!(call(&admin, "change_role", &form).await, StatusCode::FORBIDDEN);
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT e.address, v.target, v.detail ->> 'reason', v.client_ip FROM audit_events v
         JOIN user_emails e ON e.user_id = v.actor_id
         JOIN workspace_directory d ON d.workspace_id = v.workspace_id AND d.slug = 'acme'
         WHERE v.action = 'access.denied' ORDER BY e.address, v.target",
    )
    .fetch_all(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    let row = |address: &str, target: &str, reason: &str| {
        (
            address.to_owned(),
            target.to_owned(),
            reason.to_owned(),
            "127.0.0.1".to_owned(),
        )
    };
    assert_eq!(
        rows,
        [
            row("adam@example.com", "", "reach"),
            row("eve@example.com", "", "no_member"),
            row("mia@example.com", "app:read", "permission"),
            row("mia@example.com", "workspace:export", "permission"),
        ]
    );
}

#[actix_web::test]
async fn somebody_whom_an_app_may_not_let_in_stands_in_the_log() {
    let (house, _, app) = ready("ES256").await;
    let eve = house.sign_in("eve@example.com").await;
    let next = location(
        &eve.get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    assert_eq!(eve.get(&next).await.status(), StatusCode::FORBIDDEN);
    let reasons = "SELECT count(*) FROM audit_events WHERE action = 'access.denied' AND detail ->> 'reason' = 'not_admitted'";
    assert_eq!(count(&house, reasons).await, 1);
}

#[actix_web::test]
async fn denied_tries_in_a_loop_are_counted_by_person() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    for _ in 0..40 {
        call(&mia, "create_role", &[("slug", "acme"), ("name", "x")]).await;
    }
    let (events, _) = told(&house, "access.denied").await;
    assert!(events <= 11, "{events}");
    an_hour_later(&house, acme(&house).await).await;
    assert_eq!(told(&house, "access.denied").await.1, 40);
    let by: String = sqlx::query_scalar(
        "SELECT e.address FROM audit_events v JOIN user_emails e ON e.user_id = v.actor_id
         WHERE v.action = 'access.denied' AND v.detail ? 'times'",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!(by, "mia@example.com");
}

#[actix_web::test]
async fn a_page_that_asks_what_somebody_may_do_denies_nothing() {
    let house = Harness::start().await;
    house
        .iam
        .platform()
        .appoint_operator("olga@example.com")
        .await
        .unwrap();
    let olga = house.sign_in("olga@example.com").await;
    let form = [("creation", "operators"), ("default_admission", "members")];
    assert_eq!(call(&olga, "update_platform", &form).await, StatusCode::OK);
    let ada = house.sign_in("ada@example.com").await;
    assert_eq!(page(&ada, "/workspaces").await.0, StatusCode::OK);
    assert_eq!(told(&house, "access.denied").await.0, 0);
    assert_eq!(page(&ada, "/platform").await.0, StatusCode::NOT_FOUND);
    assert_eq!(told(&house, "access.denied").await.0, 1);
    let nobody = browser_from(&house, "10.1.1.1");
    page(&nobody, "/platform").await;
    assert_eq!(
        told(&house, "access.denied").await.0,
        1,
        "nobody is nobody to tell of"
    );
}

#[actix_web::test]
async fn what_was_counted_is_told_even_when_the_workspace_is_deleted() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    let form = [("slug", "acme"), ("confirmation", "acme")];
    for _ in 0..15 {
        call(&mia, "end_workspace", &form).await;
    }
    assert_eq!(call(&owner, "end_workspace", &form).await, StatusCode::OK);
    house.clock.advance(TimeDelta::days(30));
    assert_eq!(house.iam.workspaces().delete_due().await.unwrap(), 1);
    assert_eq!(told(&house, "access.denied").await.1, 15);
    assert_eq!(count(&house, "SELECT count(*) FROM folded_events").await, 0);
}
