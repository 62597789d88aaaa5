//! In how many browsers a person is signed in.

use crate::{
    harness::{Browser, Harness, location, token},
    members::{call, page},
    platform::users::{operator, settings},
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";

async fn sign_in_later(house: &Harness) -> Browser {
    house.clock.advance(TimeDelta::minutes(2));
    house.sign_in(ADA).await
}

#[actix_web::test]
async fn one_browser_more_than_operators_allow_ends_the_one_that_was_not_used_for_the_longest() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    for bad in ["0", "51", "-1", "many"] {
        let refused = settings(&olga, &[("sessions_ceiling", bad)]).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(
        settings(&olga, &[("sessions_ceiling", "2")]).await,
        StatusCode::OK
    );
    let (_, html) = page(&olga, "/platform/settings").await;
    assert!(html.contains(r#"name="sessions_ceiling""#) && html.contains(r#"value="2""#));
    let eve = house.sign_in("eve@example.com").await;
    let first = house.sign_in(ADA).await;
    let second = sign_in_later(&house).await;
    // The first was used since, so the second goes.
    house.clock.advance(TimeDelta::minutes(2));
    assert!(first.is_signed_in().await && second.is_signed_in().await);
    house.clock.advance(TimeDelta::minutes(2));
    assert!(first.is_signed_in().await);
    let third = sign_in_later(&house).await;
    assert!(first.is_signed_in().await && third.is_signed_in().await && eve.is_signed_in().await);
    assert!(!second.is_signed_in().await);
    assert_eq!(house.told(["session.ended"]).await, [1]);
    let (_, html) = page(&third, "/account/activity").await;
    assert!(html.contains("used least recently"), "{html}");
    // Whoever signs in anew in the same browser needs no further place.
    let mail = house.ask(&third, ADA, "", "").await;
    let answer = third
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(location(&answer), "/workspaces");
    assert!(first.is_signed_in().await && third.is_signed_in().await);
    assert_eq!(house.told(["session.ended"]).await, [1]);
    // Where the ceiling is lifted nobody goes.
    assert_eq!(settings(&olga, &[("sessions_ceiling", "")]).await, StatusCode::OK);
    let fourth = sign_in_later(&house).await;
    assert!(first.is_signed_in().await && third.is_signed_in().await && fourth.is_signed_in().await);
}

#[actix_web::test]
async fn nobody_is_signed_in_in_more_than_two_hundred_browsers() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query(
        "INSERT INTO sessions (id, user_id, secret_hash, amr, created_at, authenticated_at, last_seen_at, expires_at)
         SELECT gen_random_uuid(), user_id, sha256(n::text::bytea), amr, created_at, authenticated_at,
                last_seen_at - n * interval '1 second', expires_at
         FROM sessions, generate_series(1, 250) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let late = sign_in_later(&house).await;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(count, 200);
    assert!(ada.is_signed_in().await && late.is_signed_in().await);
}

#[actix_web::test]
async fn two_sign_ins_at_once_do_not_go_beyond_what_is_allowed() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    assert_eq!(
        settings(&olga, &[("sessions_ceiling", "1")]).await,
        StatusCode::OK
    );
    let _first = house.sign_in(ADA).await;
    let (one, two) = (house.browser(), house.browser());
    let (mail, other) = (
        house.ask(&one, ADA, "", "").await,
        house.ask(&two, ADA, "", "").await,
    );
    let (mine, theirs) = ([("token", token(&mail))], [("token", token(&other))]);
    let (a, b) = tokio::join!(
        one.post("/fn/redeem_magic_link", &mine),
        two.post("/fn/redeem_magic_link", &theirs)
    );
    assert_eq!(
        (location(&a), location(&b)),
        ("/workspaces".into(), "/workspaces".into())
    );
    let signed_in = [one.is_signed_in().await, two.is_signed_in().await];
    assert_eq!(signed_in.iter().filter(|in_| **in_).count(), 1);
}

#[actix_web::test]
async fn an_operator_ends_one_session_for_a_reason_and_its_person_sees_that() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let (lost, kept) = (house.sign_in(ADA).await, sign_in_later(&house).await);
    let pool = house.database.all_seeing().await.unwrap();
    let (session, user): (uuid::Uuid, uuid::Uuid) = sqlx::query_as(
        "SELECT s.id, s.user_id FROM sessions s JOIN user_emails e ON e.user_id = s.user_id
         WHERE e.address = $1 ORDER BY s.created_at LIMIT 1",
    )
    .bind(ADA)
    .fetch_one(&pool)
    .await
    .unwrap();
    let own: uuid::Uuid = sqlx::query_scalar("SELECT id FROM sessions WHERE user_id <> $1")
        .bind(user)
        .fetch_one(&pool)
        .await
        .unwrap();
    let id = format!("usr_{}", user.simple());
    let (_, html) = page(&olga, &format!("/platform/people/{id}")).await;
    let name = format!("ses_{}", session.simple());
    assert!(html.contains(&name) && html.contains("127.0.0.1"), "{html}");
    let end = async |by: &Browser, session: &str, reason: &str| {
        let form = [("id", id.as_str()), ("session", session), ("reason", reason)];
        call(by, "end_user_session", &form).await
    };
    assert_eq!(end(&olga, &name, "").await, StatusCode::UNPROCESSABLE_ENTITY);
    let others = format!("ses_{}", own.simple());
    assert_eq!(end(&olga, &others, "lost phone").await, StatusCode::NOT_FOUND);
    assert_eq!(end(&kept, &name, "lost phone").await, StatusCode::NOT_FOUND);
    assert!(lost.is_signed_in().await);
    assert_eq!(end(&olga, &name, "lost phone").await, StatusCode::OK);
    assert!(!lost.is_signed_in().await && kept.is_signed_in().await && olga.is_signed_in().await);
    let reason: String =
        sqlx::query_scalar("SELECT detail ->> 'reason' FROM audit_events WHERE action = 'session.ended'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(reason, "lost phone");
    let (_, html) = page(&kept, "/account/activity").await;
    assert!(html.contains("One browser signed out by an operator"), "{html}");
    assert_eq!(
        end(&olga, &name, "lost phone").await,
        StatusCode::NOT_FOUND,
        "it is gone"
    );
}
