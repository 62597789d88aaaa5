//! Somebody is told of a sign-in in a new browser, and takes it back when it was not theirs.

use crate::{
    harness::{Browser, Harness, location, token},
    members::call,
    sign_in::{
        passkeys::{ADA, add, sign_in},
        two_step::{turn_on, waits},
    },
};
use chrono::TimeDelta;
use iam::{domain::sign_in::session::DISOWNED_WITHIN, port::SecurityChange};
use iam_testkit::{Authenticator, Says};
use reqwest::StatusCode;

async fn come_again(house: &Harness, browser: &Browser) {
    let mail = house.ask(browser, ADA, "", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(location(&answer), "/workspaces");
}

/// The form that the page behind a mail's link sends.
fn form(link: &str) -> Vec<(&str, &str)> {
    let (_, query) = link.split_once('?').unwrap();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .collect()
}

#[actix_web::test]
async fn somebody_is_told_of_a_new_browser_and_signs_a_stranger_out_of_everything() {
    let house = Harness::start_named().await;
    let ada = house.sign_in(ADA).await;
    let mut own = Authenticator::default();
    assert_eq!(add(&ada, &mut own, &Says::default()).await, None);
    assert_eq!(
        house.mails.take_warning().await.change,
        SecurityChange::PasskeyAdded
    );
    // Neither the first browser of all nor one that came before is news.
    come_again(&house, &ada).await;
    house.clock.advance(TimeDelta::hours(1));

    let thief = house.browser();
    come_again(&house, &thief).await;
    let warning = house.mails.take_warning().await;
    assert_eq!(
        (warning.to.as_str(), warning.change),
        (ADA, SecurityChange::NewBrowser)
    );
    let mut theirs = Authenticator::default();
    assert_eq!(add(&thief, &mut theirs, &Says::default()).await, None);
    let added = house.mails.take_warning().await;
    assert_eq!(added.change, SecurityChange::PasskeyAdded);

    let (_, path) = warning.url.split_once(&house.origin).unwrap();
    let reader = house.browser();
    for _ in 0..2 {
        let page = reader.get(path).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(
            page.text()
                .await
                .unwrap()
                .contains("passkeys, authenticator apps")
        );
        assert!(thief.is_signed_in().await && ada.is_signed_in().await);
    }
    for _ in 0..2 {
        let answer = reader.post("/fn/disown_session", &form(path)).await;
        assert_eq!(location(&answer), "/login/not-me?done=1");
    }
    assert!(!thief.is_signed_in().await && !ada.is_signed_in().await);
    let refused = sign_in(&house.browser(), &mut theirs, &Says::default()).await;
    assert_eq!(refused.as_deref(), Some("passkey_refused"));
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(sign_in(&ada, &mut own, &Says::default()).await, None);
    assert_eq!(house.told(["passkey.removed"]).await, [1]);
}

#[actix_web::test]
async fn only_the_mail_takes_a_sign_in_back_and_only_for_a_week() {
    let house = Harness::start_named().await;
    let ada = house.sign_in(ADA).await;
    let eve = house.sign_in("eve@example.com").await;
    come_again(&house, &house.browser()).await;
    let link = house.mails.take_warning().await.url;
    let good = form(&link);
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM users ORDER BY id")
        .fetch_all(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    let people: Vec<String> = ids.iter().map(|id| format!("usr_{}", id.simple())).collect();
    let other = people.iter().find(|id| good[0].1 != id.as_str()).unwrap();
    let junk = "roo_no_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let forged = [
        [("person", other.as_str()), good[1], good[2]],
        [
            good[0],
            ("session", "ses_01920000000070008000000000000042"),
            good[2],
        ],
        [good[0], good[1], ("key", junk)],
        [good[0], good[1], ("key", "")],
        [("person", "x"), ("session", "x"), ("key", "x")],
    ];
    for form in &forged {
        let answer = eve.call_json("disown_session", form).await;
        assert_eq!(answer.status(), StatusCode::GONE, "{form:?}");
    }
    house.clock.advance(TimeDelta::days(2));
    assert!(ada.is_signed_in().await && eve.is_signed_in().await);
    house.clock.advance(DISOWNED_WITHIN - TimeDelta::days(2));
    let late = eve.call_json("disown_session", &good).await;
    assert_eq!(late.status(), StatusCode::GONE);
    let (_, path) = link.split_once(&house.origin).unwrap();
    assert_eq!(eve.get(path).await.status(), StatusCode::GONE);
}

/// The link of the mail about a sign-in in a new browser, and that browser.
async fn told_of(house: &Harness) -> (String, Browser) {
    let browser = house.browser();
    come_again(house, &browser).await;
    let warning = house.mails.take_warning().await;
    assert_eq!(warning.change, SecurityChange::NewBrowser);
    let (_, path) = warning.url.split_once(&house.origin).unwrap();
    (path.to_owned(), browser)
}

#[actix_web::test]
async fn a_mail_alone_takes_no_second_factor_away() {
    let house = Harness::start().await;
    let _first = house.sign_in(ADA).await;
    house.clock.advance(TimeDelta::hours(1));
    let (link, ada) = told_of(&house).await;
    let (_, codes) = turn_on(&house, &ada).await;
    // Somebody reads her mails, and presses the link of before.
    let thief = house.browser();
    let page = thief.get(&link).await.text().await.unwrap();
    assert!(page.contains("stay as they are"), "{page}");
    let pressed = thief.post("/fn/disown_session", &form(&link)).await;
    assert_eq!(location(&pressed), "/login/not-me?done=1");
    assert!(!ada.is_signed_in().await, "sessions end");
    let waiting = waits(&thief, &house.ask(&thief, ADA, "", "").await).await;
    assert!(!thief.is_signed_in().await);
    assert_eq!(house.told(["totp.removed"]).await, [0]);
    assert_eq!(super::two_step::prove(&thief, &waiting, &codes[0]).await, None);
}

#[actix_web::test]
async fn a_link_is_worth_nothing_once_its_person_signed_out_everywhere() {
    let house = Harness::start_named().await;
    let _first = house.sign_in(ADA).await;
    house.clock.advance(TimeDelta::hours(1));
    let (link, ada) = told_of(&house).await;
    assert_eq!(call(&ada, "sign_out_everywhere", &[]).await, StatusCode::OK);
    house.clock.advance(TimeDelta::minutes(1));
    let ada = house.sign_in(ADA).await;
    let mut own = Authenticator::default();
    assert_eq!(add(&ada, &mut own, &Says::default()).await, None);
    assert_eq!(house.browser().get(&link).await.status(), StatusCode::GONE);
    house.browser().post("/fn/disown_session", &form(&link)).await;
    assert!(ada.is_signed_in().await);
    assert_eq!(house.told(["passkey.removed"]).await, [0]);
}
