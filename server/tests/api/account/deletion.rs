//! How accounts end, and what of them stays.

use crate::{
    harness::{Browser, Harness, location, param, request, token},
    members::{call, id_of, joined, page, set_role},
    provider::{code, ready, redeem, refresh},
};
use chrono::TimeDelta;
use iam::{
    domain::{account::deletion::GRACE, sign_in::session::RECENT},
    port::SecurityChange,
};
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";
const PAGE: &str = "/account/delete";

pub(super) async fn end(browser: &Browser, address: &str) -> StatusCode {
    call(browser, "delete_account", &[("confirmation", address)]).await
}

/// Signs in somebody whose account ends.
pub(super) async fn sign_in_again(house: &Harness, address: &str) -> Browser {
    let browser = house.browser();
    let mail = house.ask(&browser, address, "", "").await;
    let form = [("token", token(&mail))];
    assert_eq!(call(&browser, "redeem_magic_link", &form).await, StatusCode::OK);
    browser
}

async fn rows(house: &Harness, sql: &'static str) -> i64 {
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
}

#[actix_web::test]
async fn an_account_that_ends_lets_its_person_do_nothing_but_keep_it() {
    let (house, owner, app) = ready("ES256").await;
    let there = house.another_node().await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let phone = house.sign_in(ADA).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let under_way = house.browser();
    let mail = house.ask(&under_way, ADA, "", "").await;
    let (_, html) = page(&ada, "/account").await;
    assert!(html.contains("href=\"/account/delete\""));
    assert_eq!(
        end(&ada, "eve@example.com").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(ada.is_signed_in().await);

    let answer = ada
        .post("/fn/delete_account", &[("confirmation", " Ada@Example.com ")])
        .await;
    assert_eq!(location(&answer), "/account/delete?done=1");
    assert!(
        page(&ada, &location(&answer))
            .await
            .1
            .contains("Your account will be deleted")
    );
    assert_eq!(end(&ada, ADA).await, StatusCode::UNAUTHORIZED, "a second click");
    let told = loop {
        let mail = house.mails.take_warning().await;
        if mail.change == SecurityChange::AccountEnds {
            break mail;
        }
    };
    let day = (house.iam.now() + GRACE).format("%F").to_string();
    assert_eq!((told.to.as_str(), &told.name), (ADA, &day));
    for other in [&ada, &phone] {
        assert_eq!(
            other.get(&format!("{there}/account")).await.status(),
            StatusCode::FOUND
        );
    }
    let dead = call(&under_way, "redeem_magic_link", &[("token", token(&mail))]).await;
    assert_eq!(dead, StatusCode::GONE);
    let old = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, old).await.0, StatusCode::BAD_REQUEST);

    let ada = sign_in_again(&house, ADA).await;
    for elsewhere in [
        "/",
        "/account",
        "/workspaces",
        "/w/acme/admin",
        "/login",
        "/w/acme/login",
        "/no-such-page",
    ] {
        let answer = ada.get(elsewhere).await;
        assert_eq!(
            (answer.status(), location(&answer).as_str()),
            (StatusCode::SEE_OTHER, PAGE),
            "{elsewhere}"
        );
    }
    let (status, html) = page(&ada, PAGE).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains(&day) && html.contains("Keep my account") && html.contains("/fn/sign_out"));
    for (name, form) in [
        ("set_display_name", [("name", "Ada")]),
        ("create_workspace", [("name", "x")]),
        ("add_address", [("address", "x@example.com")]),
    ] {
        let refused = call(&ada, name, &form).await;
        assert!(refused.is_client_error(), "{name}: {refused}");
    }
    let asked = ada.authorize("acme", &request(&app, "")).await;
    assert!(!asked.contains("code="), "{asked}");
    let silent = ada.authorize("acme", &request(&app, "&prompt=none")).await;
    assert_eq!(param(&silent, "error").as_deref(), Some("login_required"));

    for _ in 0..2 {
        let answer = ada.post("/fn/keep_account", &[]).await;
        assert_eq!(location(&answer), "/account");
    }
    assert_eq!(page(&ada, "/w/acme/admin").await.0, StatusCode::OK);
    assert_eq!(
        refresh(&house, &app, old).await.0,
        StatusCode::BAD_REQUEST,
        "what ended stays so"
    );
    assert_eq!(
        house.told(["user.ending", "user.kept", "user.deleted"]).await,
        [1, 1, 0]
    );
    house.clock.advance(GRACE);
    assert_eq!(house.iam.account().delete_due().await.unwrap(), 0);
    let (_, activity) = page(&house.sign_in(ADA).await, "/account/activity").await;
    assert!(activity.contains("Account scheduled for deletion"));
    assert_eq!(
        call(&house.browser(), "keep_account", &[]).await,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn what_was_said_on_the_page_of_an_ending_account_is_told_there_and_whoever_is_there_can_leave() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    assert_eq!(end(&ada, ADA).await, StatusCode::OK);
    let ada = sign_in_again(&house, ADA).await;
    assert_eq!(location(&ada.post("/fn/sign_out", &[]).await), "/login");
    assert_eq!(ada.get("/login").await.status(), StatusCode::OK);
    let ada = sign_in_again(&house, ADA).await;
    ada.post("/fn/keep_account", &[]).await;
    assert!(
        page(&ada, "/account")
            .await
            .1
            .contains("Your account won’t be deleted")
    );
}

#[actix_web::test]
async fn after_two_weeks_nothing_is_left_of_a_person_but_their_identifier() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let named = [("name", "Ada Lovelace")];
    assert_eq!(call(&ada, "set_display_name", &named).await, StatusCode::OK);
    code(&ada, &app).await;
    crate::members::invited(&house, &ada, "zoe@example.com", "member").await;
    let id = id_of(&house, ADA).await;
    assert_eq!(end(&ada, ADA).await, StatusCode::OK);
    sign_in_again(&house, ADA).await;
    house.clock.advance(GRACE - TimeDelta::seconds(1));
    assert_eq!(house.iam.account().delete_due().await.unwrap(), 0);
    let late = sign_in_again(&house, ADA).await;
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        call(&late, "keep_account", &[]).await,
        StatusCode::NOT_FOUND,
        "too late"
    );
    let there = house.another_core().await;
    let (one, two) = tokio::join!(house.iam.account().delete_due(), there.account().delete_due());
    assert_eq!(one.unwrap() + two.unwrap(), 1, "once, whoever does it");
    for (what, sql) in [
        (
            "person",
            "SELECT count(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM user_emails e WHERE e.user_id = u.id)",
        ),
        (
            "address",
            "SELECT count(*) FROM user_emails WHERE address = 'ada@example.com'",
        ),
        (
            "session",
            "SELECT count(*) FROM sessions s JOIN user_emails e USING (user_id) WHERE e.address = 'ada@example.com'",
        ),
        ("consent", "SELECT count(*) FROM consents"),
        ("tokens", "SELECT count(*) FROM token_grants"),
        (
            "invitation",
            "SELECT count(*) FROM invitations WHERE address = 'zoe@example.com'",
        ),
        (
            "mail",
            "SELECT count(*) FROM magic_links WHERE address = 'ada@example.com'",
        ),
    ] {
        assert_eq!(rows(&house, sql).await, 0, "{what}");
    }
    assert_eq!(house.told(["user.deleted", "member.left"]).await, [1, 1]);
    let kept = rows(
        &house,
        "SELECT count(*) FROM audit_events WHERE action = 'user.created'",
    )
    .await;
    assert!(kept >= 2, "logs keep what happened");
    assert!(
        !page(&owner_again(&house).await, "/w/acme/admin/members")
            .await
            .1
            .contains("Ada Lovelace")
    );
    let ada = house.sign_in(ADA).await;
    assert_ne!(id_of(&house, ADA).await, id, "somebody new");
    assert!(!page(&ada, "/account").await.1.contains("Ada Lovelace"));
}

async fn owner_again(house: &Harness) -> Browser {
    house.sign_in("owner@acme.example").await
}

#[actix_web::test]
async fn whoever_a_workspace_or_the_platform_needs_stays_and_is_told_why() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let (address, olga) = ("owner@acme.example", "olga@operator.example");
    assert_eq!(end(&owner, address).await, StatusCode::CONFLICT);
    assert!(owner.is_signed_in().await, "nothing ended");
    let (_, html) = page(&owner, PAGE).await;
    assert!(
        html.contains("Acme")
            && html.contains("/w/acme/admin/members")
            && html.contains("/w/acme/admin/settings")
    );
    assert!(!html.contains("/fn/delete_account"));
    house.iam.platform().appoint_operator(olga).await.unwrap();
    let operator = house.sign_in(olga).await;
    assert_eq!(end(&operator, olga).await, StatusCode::CONFLICT);
    assert!(
        page(&operator, PAGE)
            .await
            .1
            .contains("/w/platform/admin/members")
    );

    let ada = joined(&house, &owner, ADA, "member").await;
    assert_eq!(set_role(&house, &owner, ADA, "owner").await, StatusCode::OK);
    assert_eq!(end(&owner, address).await, StatusCode::OK);
    assert_eq!(
        end(&ada, ADA).await,
        StatusCode::CONFLICT,
        "who is about to go does not count"
    );
    assert_eq!(set_role(&house, &ada, ADA, "member").await, StatusCode::CONFLICT);
    let back = call(&ada, "leave_workspace", &[("slug", "acme")]).await;
    assert_eq!(back, StatusCode::CONFLICT);
    // A workspace that an operator has shut keeps nobody.
    let shut = [("slug", "acme"), ("reason", "Unpaid")];
    assert_eq!(call(&operator, "suspend_workspace", &shut).await, StatusCode::OK);
    assert_eq!(end(&ada, ADA).await, StatusCode::OK);
    house.clock.advance(GRACE);
    assert_eq!(house.iam.account().delete_due().await.unwrap(), 2);
}

#[actix_web::test]
async fn of_two_owners_who_go_at_once_on_two_nodes_one_stays() {
    let house = Harness::start().await;
    let there = house.another_node().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    assert_eq!(set_role(&house, &owner, ADA, "owner").await, StatusCode::OK);
    let at = |browser: &Browser, node: &str, address: &str| {
        let post = browser.client.post(format!("{node}/fn/delete_account"));
        let post = post
            .header(reqwest::header::ACCEPT, "application/json")
            .header(reqwest::header::ORIGIN, &house.origin);
        post.form(&[("confirmation", address)]).send()
    };
    let (one, two) = tokio::join!(
        at(&owner, &house.origin, "owner@acme.example"),
        at(&ada, &there, ADA)
    );
    let mut statuses = [one.unwrap().status(), two.unwrap().status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
}

#[actix_web::test]
async fn who_finds_a_session_ends_no_account_and_nobody_that_of_somebody_else() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let eve = house.sign_in("eve@example.com").await;
    assert_eq!(end(&eve, ADA).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(end(&house.browser(), ADA).await, StatusCode::UNAUTHORIZED);
    house.clock.advance(RECENT);
    assert_eq!(end(&ada, ADA).await, StatusCode::UNAUTHORIZED);
    let (_, html) = page(&ada, PAGE).await;
    assert!(html.contains("/login?again=1") && !html.contains("/fn/delete_account"));
    assert!(ada.is_signed_in().await && eve.is_signed_in().await);
    assert_eq!(house.told(["user.ending"]).await, [0]);
}
