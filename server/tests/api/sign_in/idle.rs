//! For how long a browser may not be heard of before its person signs in anew.

use crate::{
    harness::{Browser, Harness, location, param, request, token},
    members::{ALL_METHODS, call, joined, page},
    platform::users::operator,
    provider::{code, ready, redeem, refresh},
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";
const ACME: &str = "/w/acme/admin";
const SECOND: &str = "/w/second/admin";

async fn allows(by: &Browser, verb: &str, idle: &str) -> StatusCode {
    let mut form = vec![("slug", "acme"), ("sign_in_max_idle", idle)];
    form.extend(ALL_METHODS.map(|method| ("methods[]", method)));
    call(by, verb, &form).await
}

async fn sign_in_again(house: &Harness, browser: &Browser, email: &str) {
    let mail = house.ask(browser, email, "acme", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert!(location(&answer).starts_with("/w/acme"));
}

/// Ada, who owns a workspace of her own beside being an admin of Acme.
async fn at_home_in_two(house: &Harness, owner: &Browser) -> Browser {
    let ada = joined(house, owner, ADA, "admin").await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&ada, "create_workspace", &form).await, StatusCode::OK);
    ada
}

#[actix_web::test]
async fn whoever_comes_back_after_too_long_signs_in_again_where_that_matters_and_nowhere_else() {
    let (house, owner, app) = ready("ES256").await;
    let ada = at_home_in_two(&house, &owner).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    for never in ["17", "604800", "-1800"] {
        let refused = allows(&owner, "update_sign_in_policy", never).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{never}");
    }
    let ok = StatusCode::OK;
    assert_eq!(allows(&owner, "update_sign_in_policy", "1800").await, ok);
    let (_, html) = page(&owner, "/w/acme/admin/settings").await;
    assert!(
        html.contains(r#"value="1800" selected"#),
        "the form shows it: {html}"
    );
    // Whoever comes back in time is never asked, however long that goes on.
    for _ in 0..4 {
        house.clock.advance(TimeDelta::seconds(1799));
        assert_eq!(page(&ada, ACME).await.0, ok);
    }
    house.clock.advance(TimeDelta::seconds(1800));
    assert_eq!(page(&ada, SECOND).await.0, ok, "nobody asks there");
    // Having come back elsewhere a moment before does not help.
    let (status, html) = page(&ada, ACME).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(html.contains("/w/acme/login?again=1"), "{html}");
    house.clock.advance(TimeDelta::seconds(90));
    assert_eq!(page(&ada, ACME).await.0, StatusCode::UNAUTHORIZED);
    let silent = ada.authorize("acme", &request(&app, "&prompt=none")).await;
    assert_eq!(param(&silent, "error").as_deref(), Some("login_required"));
    let asked = ada.authorize("acme", &request(&app, "")).await;
    assert!(asked.starts_with("/w/acme/login?request="), "{asked}");
    // What an app got is not silent: it has no browser.
    let (status, _) = refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(status, ok);
    // "Why can't they get in?" says so.
    sign_in_again(&house, &owner, "owner@acme.example").await;
    let (_, html) = page(&owner, &format!("/w/acme/admin/members/check?email={ADA}")).await;
    assert!(html.contains("inactive for too long"), "{html}");
    assert!(html.contains("after inactivity: 30 minutes"), "{html}");
    // A new sign-in begins anew.
    sign_in_again(&house, &ada, ADA).await;
    assert_eq!(page(&ada, ACME).await.0, ok);
    house.clock.advance(TimeDelta::seconds(1799));
    assert_eq!(page(&ada, ACME).await.0, ok);
    // And where nobody asks any more, nobody is kept out by what was.
    house.clock.advance(TimeDelta::seconds(1800));
    assert_eq!(page(&ada, ACME).await.0, StatusCode::UNAUTHORIZED);
    sign_in_again(&house, &owner, "owner@acme.example").await;
    assert_eq!(allows(&owner, "update_sign_in_policy", "").await, ok);
    assert_eq!(page(&ada, ACME).await.0, ok);
}

#[actix_web::test]
async fn the_platform_bounds_how_long_a_browser_may_be_silent_in_all_workspaces() {
    let (house, owner, _) = ready("ES256").await;
    let ada = at_home_in_two(&house, &owner).await;
    let olga = operator(&house).await;
    let ok = StatusCode::OK;
    assert_eq!(allows(&owner, "update_sign_in_policy", "86400").await, ok);
    assert_eq!(allows(&olga, "update_platform_sign_in", "3600").await, ok);
    house.clock.advance(TimeDelta::seconds(3600));
    for place in [ACME, SECOND] {
        assert_eq!(page(&ada, place).await.0, StatusCode::UNAUTHORIZED, "{place}");
    }
    assert_eq!(page(&ada, "/account").await.0, ok, "the session lives");
}

#[actix_web::test]
async fn two_nodes_that_are_asked_at_once_write_a_use_down_once() {
    let house = Harness::start().await;
    let there = house.another_node().await;
    let ada = house.sign_in(ADA).await;
    let pool = house.database.all_seeing().await.unwrap();
    let written = async || {
        sqlx::query_scalar::<_, String>("SELECT xmin::text FROM sessions")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    house.clock.advance(TimeDelta::seconds(59));
    let before = written().await;
    assert!(ada.is_signed_in().await);
    assert_eq!(written().await, before, "within a minute nothing is written");
    house.clock.advance(TimeDelta::seconds(1));
    // Both have read the old row before either writes: the second finds its minute taken.
    let id = sqlx::query_scalar("SELECT id FROM sessions")
        .fetch_one(&pool)
        .await
        .map(iam_types::SessionId::from_uuid)
        .unwrap();
    let now = house.iam.now();
    house.iam.store().touch_session(id, now).await.unwrap();
    let once = written().await;
    assert_ne!(once, before);
    for late in [now, now + TimeDelta::seconds(59)] {
        house.iam.store().touch_session(id, late).await.unwrap();
        assert_eq!(written().await, once);
    }
    let elsewhere = ada.get(&format!("{there}/account")).await;
    assert_eq!(elsewhere.status(), StatusCode::OK);
    assert_eq!(written().await, once, "the other node sees it");
}
