//! Endings that come while something is under way: whoever is being shut out finds themselves shut out.

use super::{
    passkeys::came_to,
    passwords::GOOD,
    two_step::{next_code, prove, shows, turn_on, waiting_id, waits},
};
use crate::{
    harness::{Browser, Harness},
    members::{call, id_of},
    platform::users::operator,
};
use reqwest::StatusCode;
use sqlx::PgPool;

const ADA: &str = "ada@example.com";

/// Until so many wait for a row that somebody else holds.
pub async fn until_wait(pool: &PgPool, people: i64) {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting)
        .fetch_one(pool)
        .await
        .unwrap()
        < people
    {
        actix_web::rt::task::yield_now().await;
    }
}

/// Sends a form whose session ends before the change is written; gives why it came to nothing.
#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
async fn ended_meanwhile(
    house: &Harness,
    browser: &Browser,
    name: &str,
    form: &[(&str, &str)],
) -> Option<String> {
    let pool = house.database.all_seeing().await.unwrap();
    let mut ending = pool.begin().await.unwrap();
    sqlx::query("SELECT id FROM sessions FOR UPDATE")
        .execute(&mut *ending)
        .await
        .unwrap();
    let change = async { came_to(browser.call_json(name, form).await).await };
    let end = async {
        until_wait(&pool, 1).await;
        sqlx::query("DELETE FROM sessions")
            .execute(&mut *ending)
            .await
            .unwrap();
        ending.commit().await.unwrap();
    };
    tokio::join!(change, end).0
}

async fn count(house: &Harness, sql: &'static str) -> i64 {
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
}

#[actix_web::test]
async fn a_password_that_is_being_chosen_ends_with_its_session() {
    let house = Harness::start().await;
    let thief = house.sign_in(ADA).await;
    let refused = ended_meanwhile(&house, &thief, "set_password", &[("password", GOOD)]).await;
    assert_eq!(refused.as_deref(), Some("sign_in_required"));
    assert_eq!(count(&house, "SELECT count(*) FROM passwords").await, 0);
}

#[actix_web::test]
async fn recovery_codes_that_are_being_made_end_with_their_session() {
    let house = Harness::start().await;
    let thief = house.sign_in(ADA).await;
    turn_on(&house, &thief).await;
    let made = "SELECT count(*) FROM audit_events WHERE action = 'recovery_codes.created'";
    let before = count(&house, made).await;
    let refused = ended_meanwhile(&house, &thief, "make_recovery_codes", &[]).await;
    assert_eq!(refused.as_deref(), Some("sign_in_required"));
    assert_eq!((before, count(&house, made).await), (1, 1));
}

#[actix_web::test]
#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
async fn an_operator_who_disables_somebody_waits_for_their_second_factor_and_ends_what_came_of_it() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let (app, _) = turn_on(&house, &house.sign_in(ADA).await).await;
    next_code(&house);
    let thief = house.browser();
    let mail = house.ask(&thief, ADA, "", "").await;
    let next = waits(&thief, &mail).await;
    assert!(waiting_id(&next).is_some(), "{next}");
    let (id, shown) = (id_of(&house, ADA).await, shows(&house, &app));
    let pool = house.database.all_seeing().await.unwrap();
    let mut slow = pool.begin().await.unwrap();
    sqlx::query("SELECT user_id FROM totp_credentials FOR UPDATE")
        .execute(&mut *slow)
        .await
        .unwrap();
    let proved = prove(&thief, &next, &shown);
    let disabled = async {
        until_wait(&pool, 1).await;
        let form = [("id", id.as_str())];
        let disabling = call(&olga, "disable_user", &form);
        let release = async {
            until_wait(&pool, 2).await;
            slow.rollback().await.unwrap();
        };
        tokio::join!(disabling, release).0
    };
    let (_, disabled) = tokio::join!(proved, disabled);
    assert_eq!(disabled, StatusCode::OK);
    assert!(!thief.is_signed_in().await);
    assert_eq!(
        count(&house, "SELECT count(*) FROM users WHERE disabled_at IS NOT NULL").await,
        1
    );
}
