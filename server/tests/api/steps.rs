//! Steps of a sign-in as impatient people take them: twice, in two tabs, late, and with somebody else's session.

use super::{
    house::{Browser, House, hidden, leads_to, location, param, request, token},
    members::{call, invited, joined},
    oidc::{ready, redeem},
};
use chrono::TimeDelta;
use iam::domain::sign_in::magic_link::REPEAT_WINDOW;
use reqwest::{Response, StatusCode};

const ADA: &str = "ada@example.com";

/// The next step of a request as our own pages name it.
fn without_app(step: &str) -> String {
    format!(
        "/w/acme/continue?request={}",
        step.split('=').next_back().unwrap()
    )
}

fn challenge(answer: &Response) -> String {
    location(answer)
        .strip_prefix("/login/sent?challenge=")
        .unwrap()
        .to_owned()
}

async fn ask(house: &House, browser: &Browser, email: &str, slug: &str, request: &str) -> (String, String) {
    let form = [("email", email), ("slug", slug), ("request", request)];
    let answer = browser.post("/fn/request_magic_link", &form).await;
    (challenge(&answer), house.mails.take().await.code)
}

async fn type_code(browser: &Browser, challenge: &str, code: &str) -> StatusCode {
    let form = [("challenge", challenge), ("code", code)];
    call(browser, "redeem_code", &form).await
}

async fn sessions(house: &House) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_second_click_comes_to_the_same_session_for_a_minute_and_only_in_that_browser() {
    let house = House::start().await;
    let (browser, thief) = (house.browser(), house.browser());
    let mail = house.ask(&browser, ADA, "", "").await;
    house.ask(&thief, "eve@example.com", "", "").await;
    let form = [("token", token(&mail))];
    for _ in 0..3 {
        let answer = browser.post("/fn/redeem_magic_link", &form).await;
        assert_eq!(location(&answer), "/workspaces");
    }
    assert_eq!(sessions(&house).await, 1);
    thief.post("/fn/redeem_magic_link", &form).await;
    assert!(!thief.is_signed_in().await);
    // Opened again much later, the link leads on whoever used it.
    house.clock.advance(REPEAT_WINDOW);
    let path = format!("/login/verify?token={}", token(&mail));
    assert_eq!(location(&browser.get(&path).await), "/workspaces");
    assert_eq!(call(&browser, "redeem_magic_link", &form).await, StatusCode::GONE);
}

#[actix_web::test]
async fn a_repeated_step_does_not_bring_an_ended_session_back() {
    let house = House::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, ADA, "", "").await;
    let form = [("token", token(&mail))];
    browser.post("/fn/redeem_magic_link", &form).await;
    browser.post("/fn/sign_out", &[]).await;
    assert_eq!(call(&browser, "redeem_magic_link", &form).await, StatusCode::GONE);
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn each_tab_has_its_own_challenge() {
    let (house, owner, app) = ready("ES256").await;
    let step = location(
        &house
            .browser()
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    let id = step.split('=').next_back().unwrap();
    joined(&house, &owner, ADA, "member").await;
    let browser = house.browser();
    let (to_app, code_to_app) = ask(&house, &browser, ADA, "acme", id).await;
    let (plain, plain_code) = ask(&house, &browser, ADA, "", "").await;
    if code_to_app != plain_code {
        let status = type_code(&browser, &to_app, &plain_code).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "a code of the other tab"
        );
    }
    let form = [("challenge", to_app.as_str()), ("code", &code_to_app)];
    let answer = browser.post("/fn/redeem_code", &form).await;
    assert_eq!(location(&answer), format!("/w/acme/continue?request={id}"));
    let form = [("challenge", plain.as_str()), ("code", &plain_code)];
    let answer = browser.post("/fn/redeem_code", &form).await;
    assert_eq!(location(&answer), "/workspaces", "the other tab goes on too");
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn whoever_asks_twice_is_told_which_mail_counts() {
    let house = House::start().await;
    let browser = house.browser();
    let first_mail = house.ask(&browser, ADA, "", "").await;
    let (second, code) = ask(&house, &browser, ADA, "", "").await;
    if first_mail.code != code {
        let form = [("challenge", second.as_str()), ("code", &first_mail.code)];
        let answer = browser
            .client
            .post(format!("{}/fn/redeem_code", house.origin))
            .header("origin", &house.origin)
            .form(&form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), r#"{"code":"code_replaced"}"#);
    }
    let answer = browser
        .client
        .post(format!("{}/fn/redeem_magic_link", house.origin))
        .header("origin", &house.origin)
        .form(&[("token", token(&first_mail))])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"{"code":"link_replaced"}"#);
    assert_eq!(type_code(&browser, &second, &code).await, StatusCode::OK);
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn asking_again_keeps_the_way_to_the_app() {
    let (house, _, app) = ready("ES256").await;
    let browser = house.browser();
    let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let step = location(&browser.get(&path).await);
    let login = location(&browser.get(&step).await);
    let id = login.split('=').next_back().unwrap();
    let form = [("email", ADA), ("slug", "acme"), ("request", id)];
    let sent = location(&browser.post("/fn/request_magic_link", &form).await);
    let mail = house.mails.take().await;
    let back = format!("href=\"{login}\"");
    let html = browser.get(&sent).await.text().await.unwrap();
    assert!(html.contains(&back), "{html}");
    let other = house.browser();
    let verify = format!("/login/verify?token={}", token(&mail));
    let html = other.get(&verify).await.text().await.unwrap();
    assert!(html.contains(&back), "in another browser too");
}

#[actix_web::test]
async fn a_signed_in_person_is_not_asked_again() {
    let (house, owner, app) = ready("ES256").await;
    assert_eq!(location(&owner.get("/login").await), "/workspaces");
    assert_eq!(location(&owner.get("/w/acme/login").await), "/w/acme/admin");
    let authorize = |more: &str| format!("/w/acme/oauth/authorize?{}", request(&app, more));
    let step = location(&owner.get(&authorize("")).await);
    let id = step.split('=').next_back().unwrap().to_owned();
    let login = format!("/w/acme/login?request={id}");
    assert_eq!(location(&owner.get(&login).await), without_app(&step));
    // Unless they want to sign in anew.
    for again in ["/login?again=1", "/w/acme/login?again=1"] {
        let html = owner.get(again).await.text().await.unwrap();
        assert!(html.contains("name=\"email\""), "{again}");
    }
    // Or the app wants a new sign-in, or another account.
    for more in ["&prompt=login", "&prompt=select_account"] {
        house.clock.advance(TimeDelta::seconds(1));
        let step = location(&owner.get(&authorize(more)).await);
        let login = location(&owner.get(&step).await);
        assert!(login.starts_with("/w/acme/login?request="), "{login}");
        assert_eq!(owner.get(&login).await.status(), StatusCode::OK);
    }
}

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
async fn an_invitation_that_was_accepted_goes_on_leading_in() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let id = invited(&house, &owner, ADA, "member").await;
    let ada = house.sign_in(ADA).await;
    let form = [("slug", "acme"), ("id", id.as_str())];
    for _ in 0..2 {
        assert_eq!(call(&ada, "accept_invitation", &form).await, StatusCode::OK);
    }
    let path = format!("/w/acme/join?invitation={id}");
    assert_eq!(location(&ada.get(&path).await), "/w/acme/admin");
    assert_eq!(location(&house.browser().get(&path).await), "/w/acme/login");
    let eve = house.sign_in("eve@example.com").await;
    assert_eq!(eve.get(&path).await.status(), StatusCode::GONE);
    assert_eq!(
        call(&ada, "leave_workspace", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert_eq!(ada.get(&path).await.status(), StatusCode::GONE);
    assert_eq!(call(&ada, "accept_invitation", &form).await, StatusCode::GONE);
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

#[actix_web::test]
async fn a_right_code_may_be_sent_again_after_wrong_ones() {
    let house = House::start().await;
    let browser = house.browser();
    let (id, code) = ask(&house, &browser, ADA, "", "").await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 1..iam::domain::sign_in::magic_link::CODE_ATTEMPTS {
        assert_eq!(
            type_code(&browser, &id, wrong).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    for _ in 0..6 {
        assert_eq!(type_code(&browser, &id, &code).await, StatusCode::OK);
    }
    assert!(browser.is_signed_in().await);
}
