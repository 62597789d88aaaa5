//! Sign-in mails: nobody is flooded, and nobody is locked out by somebody else.

use super::{browser_from, count, wait};
use crate::harness::{Browser, Harness, location, token};
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, COOKIE, ORIGIN, SET_COOKIE},
};

const VICTIM: &str = "victim@example.com";

async fn ask(browser: &Browser, email: &str) -> Response {
    let form = [("email", email), ("slug", ""), ("request", "")];
    browser
        .client
        .post(format!("{}/fn/request_magic_link", browser.origin))
        .header(ACCEPT, "application/json")
        .header(ORIGIN, &browser.origin)
        .form(&form)
        .send()
        .await
        .unwrap()
}

async fn asks(browser: &Browser, email: &str) -> bool {
    let answer = ask(browser, email).await;
    if answer.status() == StatusCode::TOO_MANY_REQUESTS {
        wait(&answer);
        return false;
    }
    location(&answer).starts_with("/login/sent?")
}

/// Mails that one request each from these networks causes.
async fn flood(house: &Harness, networks: impl Iterator<Item = String>) -> usize {
    let mut sent = 0;
    for network in networks {
        sent += usize::from(asks(&browser_from(house, &network), VICTIM).await);
    }
    sent
}

/// Signs in from a browser that asked just now, past the mails that others asked for.
async fn follows(house: &Harness, browser: &Browser, others: usize) -> bool {
    let mut mails = Vec::new();
    for _ in 0..=others {
        mails.push(house.mails.take().await);
    }
    // The last, or one of those that left with it.
    for mail in mails.iter().rev().take(3) {
        browser
            .post("/fn/redeem_magic_link", &[("token", token(mail))])
            .await;
        if browser.is_signed_in().await {
            return true;
        }
    }
    false
}

#[actix_web::test]
async fn strangers_at_many_networks_keep_nobody_out_who_comes_from_elsewhere() {
    let house = Harness::start().await;
    house.sign_in(VICTIM).await;
    // A minute of somebody who does nothing else, from a hundred places.
    let mut sent = flood(&house, (0..5).map(|n| format!("10.0.{n}.1"))).await;
    assert_eq!(sent, 5);
    sent += flood(&house, (0..60).map(|n| format!("10.1.{n}.1"))).await;
    sent += flood(&house, (0..60).map(|n| format!("10.1.{n}.2"))).await;
    let fresh = browser_from(&house, "203.0.113.9");
    assert!(asks(&fresh, VICTIM).await, "a fresh browser at a fresh network");
    assert!(follows(&house, &fresh, sent).await);
}

#[actix_web::test]
async fn a_browser_that_signed_in_before_has_mails_that_nobody_else_can_spend() {
    let house = Harness::start().await;
    let known = browser_from(&house, "10.9.9.9");
    assert!(asks(&known, VICTIM).await);
    assert!(follows(&house, &known, 0).await);
    known.post("/fn/sign_out", &[]).await;
    // From the very network where the owner sits, everything that this network may have.
    let neighbour = browser_from(&house, "10.9.9.9");
    for n in 0..100 {
        asks(
            &browser_from(&house, "10.9.9.9"),
            &format!("other-{n}@example.com"),
        )
        .await;
    }
    while asks(&neighbour, VICTIM).await {}
    flood(&house, (0..30).map(|n| format!("10.3.{n}.1"))).await;
    for _ in 0..5 {
        assert!(asks(&known, VICTIM).await);
    }
    assert!(!asks(&known, VICTIM).await, "it has no more than anybody");
    // However long all this took: the network gets one more in ten seconds.
    let mut more = 0;
    for _ in 0..10 {
        more += usize::from(asks(&neighbour, VICTIM).await);
    }
    assert!(more < 5, "{more} mails for the neighbour");
}

#[actix_web::test]
async fn a_network_where_somebody_is_signed_in_is_no_stranger_to_their_address() {
    let house = Harness::start().await;
    let home = browser_from(&house, "10.9.9.9");
    assert!(asks(&home, VICTIM).await);
    assert!(follows(&house, &home, 0).await);
    flood(&house, (0..30).map(|n| format!("10.3.{n}.1"))).await;
    let beside = browser_from(&house, "10.9.9.8");
    let beside = [
        asks(&beside, VICTIM).await,
        asks(&beside, VICTIM).await,
        asks(&beside, VICTIM).await,
    ];
    assert_eq!(beside, [true, true, false]);
    let phone = browser_from(&house, "10.9.9.9");
    for _ in 0..4 {
        assert!(asks(&phone, VICTIM).await);
    }
}

#[actix_web::test]
async fn a_mailbox_gets_a_bounded_flood_however_many_networks_ask() {
    let house = Harness::start().await;
    let one_place = flood(&house, (0..100).map(|n| format!("10.0.0.{n}"))).await;
    assert!(one_place <= 22, "one neighbourhood caused {one_place} mails");
    let everywhere = flood(&house, (0..300).map(|n| format!("10.{}.{n}.1", 1 + n / 250))).await;
    assert!(everywhere <= 205, "{everywhere} mails");
    let all = count(&house, "SELECT count(*) FROM outbox_mails").await;
    assert_eq!(all, (one_place + everywhere) as i64);
}

#[actix_web::test]
async fn the_cookie_of_a_known_browser_is_worth_nothing_for_another_address_and_cannot_be_made_up() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, "eve@example.com", "", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let set = answer.headers().get_all(SET_COOKIE);
    let cookies: Vec<_> = set.iter().filter_map(|value| value.to_str().ok()).collect();
    let known = cookies
        .iter()
        .find(|cookie| cookie.starts_with("dev_rooiam_known="))
        .unwrap();
    assert!(known.contains("HttpOnly") && !known.contains("eve"), "{known}");
    let value = known.split(';').next().unwrap().to_owned();
    flood(&house, (0..30).map(|n| format!("10.3.{n}.1"))).await;
    let bent = value
        .replace("roo_kb_A", "roo_kb_B")
        .replace("roo_kb_C", "roo_kb_A");
    let mut sent = 0;
    for cookie in [value, bent, "dev_rooiam_known=roo_kb_".to_owned()] {
        for _ in 0..4 {
            let form = [("email", VICTIM), ("slug", ""), ("request", "")];
            let answer = browser_from(&house, "10.7.7.7")
                .client
                .post(format!("{}/fn/request_magic_link", house.origin))
                .header(ACCEPT, "application/json")
                .header(ORIGIN, &house.origin)
                .header(COOKIE, &cookie)
                .form(&form)
                .send()
                .await
                .unwrap();
            sent += usize::from(location(&answer).starts_with("/login/sent?"));
        }
    }
    assert_eq!(sent, 2, "what its neighbourhood has");
}

#[actix_web::test]
async fn noise_from_the_same_network_never_spends_the_tries_of_the_browser_that_waits() {
    let house = Harness::start().await;
    let browser = house.browser();
    let mail = house.ask(&browser, VICTIM, "", "").await;
    for _ in 0..60 {
        house
            .browser()
            .post("/fn/redeem_code", &[("code", "000000")])
            .await;
        house
            .browser()
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await;
    }
    browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn beyond_what_people_mistype_one_wrong_code_spends_its_mail_and_right_ones_go_on() {
    let house = Harness::start().await;
    let wrong = |code: &str| if code == "000000" { "111111" } else { "000000" };
    for n in 0..13 {
        let browser = browser_from(&house, &format!("203.0.113.{n}"));
        let mail = house.ask(&browser, &format!("p{n}@example.com"), "", "").await;
        for _ in 0..4 {
            browser
                .post("/fn/redeem_code", &[("code", wrong(&mail.code))])
                .await;
        }
    }
    let guesser = browser_from(&house, "203.0.113.77");
    let mail = house.ask(&guesser, VICTIM, "", "").await;
    for code in [wrong(&mail.code), &mail.code] {
        guesser.post("/fn/redeem_code", &[("code", code)]).await;
    }
    assert!(!guesser.is_signed_in().await, "one guess for each mail");
    let neighbour = browser_from(&house, "203.0.113.78");
    let mail = house.ask(&neighbour, "neighbour@example.com", "", "").await;
    neighbour.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(neighbour.is_signed_in().await, "a right code notices nothing");
}
