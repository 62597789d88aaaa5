//! Magic links and sessions, as attackers and scanners use them.

use crate::harness::{Harness, location, token};
use iam::domain::sign_in::{email_challenge, session};
use reqwest::StatusCode;

#[actix_web::test]
async fn a_scanner_that_opens_the_link_burns_nothing_and_the_link_works_once() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "", "").await;
    let path = mail.url.strip_prefix(&house.origin).unwrap();
    for _ in 0..3 {
        assert_eq!(house.browser().get(path).await.status(), StatusCode::OK);
        assert_eq!(browser.get(path).await.status(), StatusCode::OK);
    }
    let form = [("token", token(&mail))];
    assert_eq!(
        location(&browser.post("/fn/redeem_magic_link", &form).await),
        "/workspaces"
    );
    assert!(browser.is_signed_in().await);
    let thief = house.browser();
    thief.post("/fn/redeem_magic_link", &form).await;
    assert!(!thief.is_signed_in().await);
    let told = house.told(["magic_link.requested", "user.created", "session.created"]);
    assert_eq!(told.await, [1, 1, 1]);
}

#[actix_web::test]
async fn a_link_works_only_in_the_browser_that_asked() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "", "").await;
    let other = house.browser();
    house.ask(&other, "eve@example.com", "", "").await;
    other
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    other.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(!other.is_signed_in().await);
    browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn the_newest_link_wins_and_an_old_one_expires() {
    let house = Harness::start().await;
    let browser = house.browser();
    let first = house.ask(&browser, "ada@example.com", "", "").await;
    let second = house.ask(&browser, "ada@example.com", "", "").await;
    browser
        .post("/fn/redeem_magic_link", &[("token", token(&first))])
        .await;
    assert!(!browser.is_signed_in().await);
    house.clock.advance(email_challenge::LIFETIME);
    browser
        .post("/fn/redeem_magic_link", &[("token", token(&second))])
        .await;
    browser.post("/fn/redeem_code", &[("code", &second.code)]).await;
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn five_wrong_codes_spend_the_mail() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "", "").await;
    let wrong = if mail.code == "000000" { "111111" } else { "000000" };
    for _ in 0..email_challenge::CODE_ATTEMPTS {
        browser.post("/fn/redeem_code", &[("code", wrong)]).await;
    }
    browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn two_clicks_at_once_make_one_session() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "", "").await;
    let form = [("token", token(&mail))];
    let clicks = [browser.clone(), browser.clone(), browser.clone()];
    let answers = [
        clicks[0].post("/fn/redeem_magic_link", &form),
        clicks[1].post("/fn/redeem_magic_link", &form),
        clicks[2].post("/fn/redeem_magic_link", &form),
    ];
    let [one, two, three] = answers;
    let (one, two, three) = tokio::join!(one, two, three);
    let won = [one, two, three]
        .iter()
        .filter(|answer| location(answer) == "/workspaces")
        .count();
    assert_eq!(won, 3, "nobody is punished for a second click");
    assert!(browser.is_signed_in().await);
    let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(sessions, 1);
}

#[actix_web::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let house = Harness::start().await;
    house.sign_in("ada@example.com").await;
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com"] {
        let browser = house.browser();
        let answer = browser
            .post(
                "/fn/request_magic_link",
                &[("email", email), ("slug", ""), ("request", "")],
            )
            .await;
        let target = location(&answer);
        let (page, challenge) = target.split_once("=mlk_").unwrap();
        answers.push((
            answer.status(),
            page.to_owned(),
            challenge.len(),
            answer.text().await.unwrap(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn an_address_gets_only_so_many_mails() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mut sent = 0;
    for _ in 0..8 {
        let form = [("email", "Ada@Example.com"), ("slug", ""), ("request", "")];
        sent += usize::from(
            location(&browser.post("/fn/request_magic_link", &form).await).starts_with("/login/sent?"),
        );
    }
    assert_eq!(sent, 5);
}

#[actix_web::test]
async fn another_sites_form_changes_nothing() {
    let house = Harness::start().await;
    let ada = house.sign_in("ada@example.com").await;
    for origin in [None, Some("https://evil.example"), Some("null")] {
        for path in [
            "/fn/sign_out",
            "/fn/create_workspace",
            "/language",
            "/w/acme/decide",
        ] {
            let answer = ada
                .post_from(
                    path,
                    &[("name", "x"), ("slug", "evil"), ("language", "de")],
                    origin,
                )
                .await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} from {origin:?}");
        }
    }
    assert!(ada.is_signed_in().await);
}

#[actix_web::test]
async fn a_session_ends_by_sign_out_by_rest_and_by_age() {
    let house = Harness::start().await;
    let ada = house.sign_in("ada@example.com").await;
    assert_eq!(location(&ada.post("/fn/sign_out", &[]).await), "/login");
    assert!(!ada.is_signed_in().await);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(house.told(["session.ended"]).await, [1]);

    let grace = house.sign_in("grace@example.com").await;
    house.clock.advance(session::IDLE);
    assert!(!grace.is_signed_in().await);

    let joan = house.sign_in("joan@example.com").await;
    let mut passed = chrono::TimeDelta::zero();
    let step = chrono::TimeDelta::days(2);
    while passed + step < session::ABSOLUTE {
        house.clock.advance(step);
        passed += step;
        assert!(joan.is_signed_in().await);
    }
    house.clock.advance(step);
    assert!(!joan.is_signed_in().await);
}

#[actix_web::test]
async fn one_person_cannot_end_anothers_session() {
    let house = Harness::start().await;
    let ada = house.sign_in("ada@example.com").await;
    let eve = house.sign_in("eve@example.com").await;
    let id: uuid::Uuid = sqlx::query_scalar(
        "SELECT s.id FROM sessions s JOIN user_emails e USING (user_id) WHERE e.address = 'ada@example.com'",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    eve.post("/fn/end_session", &[("session", &format!("ses_{}", id.simple()))])
        .await;
    assert!(ada.is_signed_in().await);
}

#[actix_web::test]
async fn a_forged_host_does_not_get_into_the_link() {
    let house = Harness::start().await;
    let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
    let ask = || {
        let request = house
            .browser()
            .client
            .post(format!("{}/fn/request_magic_link", house.origin));
        request.header("origin", &house.origin).form(&form)
    };
    let forged = ask().header("host", "evil.example").send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::MISDIRECTED_REQUEST);
    let answer = ask()
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example;proto=https")
        .send()
        .await
        .unwrap();
    let (status, target) = (answer.status(), location(&answer));
    let body = answer.text().await.unwrap();
    assert!(
        status == StatusCode::OK && target.starts_with("/login/sent?"),
        "{body}"
    );
    let mail = house.mails.take().await;
    assert!(
        mail.url.starts_with(&format!("{}/", house.origin)),
        "{}",
        mail.url
    );
}

#[actix_web::test]
async fn a_call_from_a_script_gets_the_failures_own_status() {
    let house = Harness::start().await;
    let call = |email: &'static str| {
        let form = [("email", email), ("slug", ""), ("request", "")];
        house
            .browser()
            .client
            .post(format!("{}/fn/request_magic_link", house.origin))
            .header("origin", &house.origin)
            .form(&form)
            .send()
    };
    let answer = call("not an address").await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.text().await.unwrap(), r#"{"code":"invalid_email"}"#);
    assert_eq!(call("ada@example.com").await.unwrap().status(), StatusCode::OK);
}
