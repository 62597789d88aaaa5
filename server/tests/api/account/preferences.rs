//! In which language and by which clock people are spoken to.

use crate::{
    harness::{Browser, Harness, location},
    members::{call, joined, page},
};
use iam::port::SecurityChange;
use reqwest::{
    StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE},
};

const ADA: &str = "ada@example.com";

async fn prefer(browser: &Browser, language: &str, zone: &str) -> StatusCode {
    let form = [("language", language), ("time_zone", zone)];
    call(browser, "set_preferences", &form).await
}

async fn language_of(browser: &Browser, path: &str) -> String {
    let get = browser.client.get(format!("{}{path}", browser.origin));
    let get = get.header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, "en");
    let html = get.send().await.unwrap().text().await.unwrap();
    let tag = html.split_once("<html lang=\"").unwrap().1;
    tag.split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn the_language_that_somebody_chose_is_theirs_in_every_browser_and_mail_and_nobody_elses() {
    let house = Harness::start().await;
    let there = house.another_node().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    assert_eq!(language_of(&ada, "/account").await, "en");
    let form = [("language", "de"), ("time_zone", "")];
    for _ in 0..2 {
        let answer = ada.post("/fn/set_preferences", &form).await;
        assert_eq!(location(&answer), "/account");
    }
    assert_eq!(house.told(["user.updated"]).await, [1]);
    let phone = house.sign_in(ADA).await;
    for browser in [&ada, &phone] {
        assert_eq!(language_of(browser, "/account").await, "de");
    }
    let elsewhere = Browser {
        origin: there,
        ..phone.clone()
    };
    assert_eq!(language_of(&elsewhere, "/account").await, "de", "on every node");
    assert_eq!(language_of(&owner, "/account").await, "en");
    assert_eq!(language_of(&house.browser(), "/login").await, "en");
    let mail = house.ask(&house.browser(), ADA, "", "").await;
    assert_eq!(mail.locale, "de", "whoever's browser asks");
    let mail = house.ask(&house.browser(), "owner@acme.example", "", "").await;
    assert_eq!(mail.locale, "en");
    // The switch at the foot of the pages chooses for whoever is signed in.
    phone.post("/language", &[("language", "ar")]).await;
    assert_eq!(language_of(&ada, "/account").await, "ar");
    assert!(page(&ada, "/account").await.1.contains("dir=\"rtl\""));
    assert_eq!(prefer(&ada, "", "").await, StatusCode::OK);
    assert_eq!(language_of(&ada, "/account").await, "en");
}

#[actix_web::test]
async fn the_clock_that_somebody_chose_tells_their_pages_and_mails_what_time_it_is() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let eve = house.sign_in("eve@example.com").await;
    assert!(page(&ada, "/account/sessions").await.1.contains(" UTC\""));
    assert_eq!(prefer(&ada, "", "Asia/Tokyo").await, StatusCode::OK);
    let (_, html) = page(&ada, "/account/sessions").await;
    assert!(
        html.contains(" JST\"") && !html.contains(" UTC\"") && html.contains("Z\" title"),
        "{html}"
    );
    assert!(page(&eve, "/account/sessions").await.1.contains(" UTC\""));
    house.sign_in(ADA).await;
    let mail = house.mails.take_warning().await;
    assert_eq!(
        (mail.change, mail.time_zone.as_str()),
        (SecurityChange::NewBrowser, "Asia/Tokyo")
    );
    assert!(
        page(&ada, "/account")
            .await
            .1
            .contains("value=\"Asia/Tokyo\" selected")
    );
}

#[actix_web::test]
async fn what_is_no_language_and_no_zone_is_not_kept() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    for (language, zone) in [
        ("xx", ""),
        ("de", "Europe/Atlantis"),
        ("", "../../etc"),
        ("", "Mars"),
    ] {
        let refused = prefer(&ada, language, zone).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{language} {zone}");
    }
    assert_eq!(language_of(&ada, "/account").await, "en");
    assert_eq!(prefer(&house.browser(), "de", "").await, StatusCode::UNAUTHORIZED);
    let mut last = StatusCode::OK;
    for round in 0..11 {
        last = prefer(&ada, ["de", "ar"][round % 2], "").await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn the_profile_leads_out_of_each_workspace() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let (_, html) = page(&ada, "/account").await;
    assert!(html.contains("href=\"/w/acme/leave\""), "{html}");
    assert_eq!(
        call(&ada, "leave_workspace", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert!(!page(&ada, "/account").await.1.contains("/w/acme/leave"));
}
