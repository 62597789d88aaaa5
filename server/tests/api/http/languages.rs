//! The language of pages and mails.

use crate::{
    harness::{Browser, Harness, location, param, request, token},
    provider::{ready, requests::step},
};
use chrono::TimeDelta;
use reqwest::header::{ACCEPT_LANGUAGE, ORIGIN, REFERER, SET_COOKIE};

#[actix_web::test]
async fn choosing_a_language_never_leads_to_another_host() {
    let house = Harness::start().await;
    let referer = format!("{}//evil.example/x", house.origin);
    let answer = house
        .browser()
        .client
        .post(format!("{}/language", house.origin))
        .header(ORIGIN, &house.origin)
        .header(REFERER, referer)
        .form(&[("language", "de")])
        .send()
        .await
        .unwrap();
    assert_eq!(location(&answer), "/evil.example/x");
}

async fn language_of(browser: &Browser, path: &str) -> String {
    let html = browser.get(path).await.text().await.unwrap();
    let tag = html.split_once("<html lang=\"").unwrap().1;
    tag.split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn pages_and_mails_speak_the_language_that_the_app_asked_for_until_it_has_its_answer() {
    let (house, owner, app) = ready("ES256").await;
    let guest = house.browser();
    let login = step(&guest, &request(&app, "&ui_locales=fr%20de-CH%20en")).await;
    assert_eq!(language_of(&guest, &login).await, "de");
    let id = login.split_once("request=").unwrap().1;
    let mail = house.ask(&guest, "owner@acme.example", "acme", id).await;
    assert_eq!(mail.locale, "de");
    assert_eq!(language_of(&guest, "/login/sent").await, "de");
    let verify = format!("/login/verify?token={}", token(&mail));
    assert_eq!(language_of(&guest, &verify).await, "de");
    let answer = guest
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let consent = location(&guest.get(&location(&answer)).await);
    assert_eq!(language_of(&guest, &consent).await, "de");
    let target = guest.decide("acme", &consent, "allow").await;
    assert!(param(&target, "code").is_some());
    assert_eq!(
        language_of(&guest, "/login").await,
        "en",
        "the app has its answer"
    );

    house.clock.advance(TimeDelta::seconds(1));
    guest.post("/language", &[("language", "en")]).await;
    let login = step(&guest, &request(&app, "&ui_locales=de&prompt=login")).await;
    assert_eq!(language_of(&guest, &login).await, "en", "the person has chosen");
    let begun = owner
        .get(&format!(
            "/w/acme/oauth/authorize?{}",
            request(&app, "&ui_locales=fr")
        ))
        .await;
    assert!(begun.headers().get(SET_COOKIE).is_none() && location(&begun).starts_with("/w/acme/continue"));
}

#[actix_web::test]
async fn a_browser_gets_the_language_it_weighs_most_in_pages_and_mails() {
    let house = Harness::start().await;
    let browser = house.browser();
    let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
    let answer = browser
        .client
        .post(format!("{}/fn/request_magic_link", house.origin))
        .header(ORIGIN, &house.origin)
        .header(ACCEPT_LANGUAGE, "en;q=0.5,de;q=0.9")
        .form(&form)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success() || answer.status().is_redirection());
    assert_eq!(house.mails.take().await.locale, "de");
}

#[actix_web::test]
async fn every_page_offers_all_languages_and_is_written_in_the_direction_of_its_own() {
    let house = Harness::start().await;
    for (tag, dir) in [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")] {
        let browser = house.browser();
        browser.post("/language", &[("language", tag)]).await;
        // A page of ours, one that is not there, and one that is no Leptos page.
        for path in ["/login", "/nowhere", "/w/nobody/oauth/authorize"] {
            let html = browser.get(path).await.text().await.unwrap();
            let written = format!("<html lang=\"{tag}\" dir=\"{dir}\"");
            assert!(html.contains(&written), "{path}: {html}");
        }
        let html = browser.get("/login").await.text().await.unwrap();
        for (offered, name) in [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")] {
            let button = html
                .split("<button")
                .find(|button| button.contains(&format!("value=\"{offered}\"")))
                .unwrap();
            assert!(button.contains(name), "{button}");
            assert_eq!(
                button.contains("aria-current=\"true\""),
                offered == tag,
                "{button}"
            );
        }
    }
}

#[actix_web::test]
async fn apps_learn_which_languages_there_are_and_can_ask_for_each() {
    let (house, _, app) = ready("ES256").await;
    let browser = house.browser();
    let discovery = browser.get("/w/acme/.well-known/openid-configuration").await;
    let discovery: serde_json::Value = discovery.json().await.unwrap();
    assert_eq!(
        discovery["ui_locales_supported"],
        serde_json::json!(["en", "de", "ar"])
    );
    let login = step(&browser, &request(&app, "&ui_locales=ar-EG")).await;
    assert_eq!(language_of(&browser, &login).await, "ar");
    let id = login.split_once("request=").unwrap().1;
    let mail = house.ask(&browser, "owner@acme.example", "acme", id).await;
    assert_eq!(mail.locale, "ar");
}
