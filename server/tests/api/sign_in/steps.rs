//! Steps of a sign-in as impatient people take them: twice, in two tabs, late, and with somebody else's session.

use crate::{
    harness::{Browser, Harness, location, request, token},
    members::{call, invited, joined},
    provider::ready,
};
use chrono::TimeDelta;
use iam::domain::sign_in::email_challenge::REPEAT_WINDOW;
use reqwest::{Response, StatusCode};

pub const ADA: &str = "ada@example.com";

/// The next step of a request as our own pages name it.
pub fn without_app(step: &str) -> String {
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

pub async fn ask(
    house: &Harness,
    browser: &Browser,
    email: &str,
    slug: &str,
    request: &str,
) -> (String, String) {
    let form = [("email", email), ("slug", slug), ("request", request)];
    let answer = browser.post("/fn/request_magic_link", &form).await;
    (challenge(&answer), house.mails.take().await.code)
}

async fn type_code(browser: &Browser, challenge: &str, code: &str) -> StatusCode {
    let form = [("challenge", challenge), ("code", code)];
    call(browser, "redeem_code", &form).await
}

async fn sessions(house: &Harness) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_second_click_comes_to_the_same_session_for_a_minute_and_only_in_that_browser() {
    let house = Harness::start().await;
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
    let house = Harness::start().await;
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
    let house = Harness::start().await;
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
async fn an_invitation_that_was_accepted_goes_on_leading_in() {
    let house = Harness::start().await;
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
async fn a_right_code_may_be_sent_again_after_wrong_ones() {
    let house = Harness::start().await;
    let browser = house.browser();
    let (id, code) = ask(&house, &browser, ADA, "", "").await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 1..iam::domain::sign_in::email_challenge::CODE_ATTEMPTS {
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
