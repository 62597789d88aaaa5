//! Steps on the way to an app as impatient people take them: twice, in two tabs, late, and with somebody else's session.

use crate::sign_in::steps::{ADA, without_app};
use crate::{
    harness::{hidden, leads_to, location, param, request, token},
    members::{call, joined},
    provider::{ready, redeem},
};
use reqwest::StatusCode;

#[actix_web::test]
async fn a_second_click_on_allow_gives_the_app_the_same_code_until_it_redeems_it() {
    let (house, owner, app) = ready("ES256").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&owner.get(&path).await);
    let consent = location(&owner.get(&step).await);
    let html = owner.get(&consent).await.text().await.unwrap();
    let form = [
        ("request", hidden(&html, "request")),
        ("shown_to", hidden(&html, "shown_to")),
        ("decision", "allow"),
    ];
    let clicks = tokio::join!(
        owner.post("/w/acme/decide", &form),
        owner.post("/w/acme/decide", &form),
    );
    let first = leads_to(clicks.0).await;
    assert!(param(&first, "code").is_some(), "{first}");
    assert_eq!(first, leads_to(clicks.1).await);
    assert_eq!(
        location(&owner.get(&step).await),
        first,
        "and going back does too"
    );
    let grants: i64 = sqlx::query_scalar("SELECT count(*) FROM token_grants")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(grants, 1);
    let code = param(&first, "code").unwrap();
    assert_eq!(redeem(&house, "acme", &app, &code).await.0, StatusCode::OK);
    let late = owner.post("/w/acme/decide", &form).await;
    assert_eq!(
        late.status(),
        StatusCode::GONE,
        "a redeemed code is not sent again"
    );
    let page = late.text().await.unwrap();
    assert!(
        page.contains("href=\"https://orders.example.com/\"") && page.contains("Orders"),
        "the page leads to the app: {page}"
    );
    let back = owner.get(&consent).await;
    assert_eq!(
        location(&back),
        without_app(&step),
        "the way back leads there as well"
    );
}

#[actix_web::test]
async fn only_the_session_that_answered_may_repeat_the_answer() {
    let (house, owner, app) = ready("ES256").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&owner.get(&path).await);
    let consent = location(&owner.get(&step).await);
    let target = owner.decide("acme", &consent, "allow").await;
    assert!(param(&target, "code").is_some());
    let other = house.sign_in("owner@acme.example").await;
    assert_eq!(other.get(&step).await.status(), StatusCode::GONE);
    assert_eq!(location(&owner.get(&step).await), target);
}

#[actix_web::test]
async fn consent_that_was_shown_to_one_person_is_not_given_by_another() {
    let (house, owner, app) = ready("ES256").await;
    joined(&house, &owner, ADA, "member").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&owner.get(&path).await);
    let consent = location(&owner.get(&step).await);
    let html = owner.get(&consent).await.text().await.unwrap();
    let shown_to = hidden(&html, "shown_to");
    // Ada signs in meanwhile, in another tab of the same browser.
    let mail = house.ask(&owner, ADA, "", "").await;
    owner
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    for decision in ["allow", "deny"] {
        let form = [
            ("request", hidden(&html, "request")),
            ("shown_to", shown_to),
            ("decision", decision),
        ];
        let answer = owner.post("/w/acme/decide", &form).await;
        assert_eq!(location(&answer), without_app(&step), "it starts over");
    }
    let consents: i64 = sqlx::query_scalar("SELECT count(*) FROM consents")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(consents, 0);
    let html = owner.get(&consent).await.text().await.unwrap();
    assert!(html.contains(ADA) && hidden(&html, "shown_to") != shown_to);
}

#[actix_web::test]
async fn visiting_an_app_makes_nobody_a_member_and_refusing_leaves_nothing() {
    let (house, owner, app) = ready("ES256").await;
    let open = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &open).await, StatusCode::OK);
    let eve = house.sign_in("eve@example.com").await;
    let pool = house.database.all_seeing().await.unwrap();
    let members = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM memberships WHERE role = 'member'")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let mut consent = String::new();
    for decision in [None, Some("deny"), Some("allow")] {
        let step = location(&eve.get(&path).await);
        consent = location(&eve.get(&step).await);
        let html = eve.get(&consent).await.text().await.unwrap();
        assert!(html.contains("become a member of Acme"), "{html}");
        assert_eq!(members().await, 0);
        if let Some(decision) = decision {
            eve.decide("acme", &consent, decision).await;
        }
        assert_eq!(
            members().await,
            i64::from(decision == Some("allow")),
            "{decision:?}"
        );
    }
    assert!(consent.starts_with("/w/acme/consent"));
    assert_eq!(house.told(["consent.denied", "consent.granted"]).await, [1, 1]);
}

#[actix_web::test]
async fn a_redirect_uri_that_was_removed_meanwhile_gets_no_code_and_redeems_none() {
    let (house, owner, app) = ready("ES256").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let waiting = location(&owner.get(&path).await);
    let consent = location(&owner.get(&waiting).await);
    let issued = owner.authorize("acme", &request(&app, "")).await;
    let code = param(&issued, "code").unwrap();
    let changed = [
        ("slug", "acme"),
        ("id", app.id.as_str()),
        ("app", app.id.as_str()),
        ("name", "Orders"),
        ("redirect_uris", "https://orders.example.com/other"),
        ("id_token_alg", "ES256"),
    ];
    assert_eq!(call(&owner, "update_app", &changed).await, StatusCode::OK);
    assert_eq!(house.told(["app.updated"]).await, [1]);
    assert_eq!(
        redeem(&house, "acme", &app, &code).await.0,
        StatusCode::BAD_REQUEST
    );
    let answer = owner.get(&waiting).await;
    assert_eq!(
        (answer.status(), location(&answer)),
        (StatusCode::BAD_REQUEST, String::new())
    );
    assert_eq!(owner.decide("acme", &consent, "allow").await, "");
}

#[actix_web::test]
async fn a_request_that_is_too_late_leads_to_the_app_whoever_comes_back_to_it() {
    let (house, owner, app) = ready("ES256").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let nobody = house.browser();
    let expired = location(&nobody.get(&path).await);
    let answered = location(&owner.get(&path).await);
    let consent = location(&owner.get(&answered).await);
    owner.decide("acme", &consent, "deny").await;
    owner.post("/fn/sign_out", &[]).await;
    house
        .clock
        .advance(iam::domain::provider::authorization::LIFETIME);
    for (browser, step) in [(&nobody, &expired), (&owner, &answered)] {
        let login = format!("/w/acme/login?request={}", step.split('=').next_back().unwrap());
        assert_eq!(location(&browser.get(&login).await), without_app(step));
        let page = browser.get(step).await;
        assert_eq!(page.status(), StatusCode::GONE);
        assert!(
            page.text()
                .await
                .unwrap()
                .contains("href=\"https://orders.example.com/\"")
        );
    }
}

#[actix_web::test]
async fn nobody_becomes_a_member_by_a_page_that_did_not_say_so() {
    let (house, owner, app) = ready("ES256").await;
    let open = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &open).await, StatusCode::OK);
    let ada = joined(&house, &owner, ADA, "member").await;
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&ada.get(&path).await);
    let consent = location(&ada.get(&step).await);
    let html = ada.get(&consent).await.text().await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("SELECT user_id FROM user_emails WHERE address = $1")
        .bind(ADA)
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    let member = format!("usr_{}", id.simple());
    let removal = [("slug", "acme"), ("id", member.as_str()), ("member", &member)];
    assert_eq!(call(&owner, "remove_member", &removal).await, StatusCode::OK);
    let form = [
        ("request", hidden(&html, "request")),
        ("shown_to", hidden(&html, "shown_to")),
        ("decision", "allow"),
    ];
    let answer = ada.post("/w/acme/decide", &form).await;
    assert_eq!(location(&answer), without_app(&step), "it starts over");
    let html = ada.get(&consent).await.text().await.unwrap();
    assert!(html.contains("become a member of Acme"));
}
