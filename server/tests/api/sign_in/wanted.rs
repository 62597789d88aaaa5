//! Pages that are opened before signing in.

use crate::{
    harness::{Browser, Harness, location, request, token},
    members::invite,
};
use reqwest::{StatusCode, header::ACCEPT};

const MEMBERS: &str = "/w/acme/admin/members?search=a%20b";

/// Signs in from the login page of `slug` for the request `request`, and says where that led.
async fn sign_in(house: &Harness, browser: &Browser, slug: &str, request: &str) -> String {
    let mail = house.ask(browser, "owner@acme.example", slug, request).await;
    location(
        &browser
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await,
    )
}

#[actix_web::test]
async fn whoever_opens_a_page_first_gets_there_once_they_are_signed_in() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let browser = house.browser();
    for page in ["/account", MEMBERS] {
        assert_eq!(location(&browser.get(page).await), "/login", "{page}");
    }
    assert_eq!(sign_in(&house, &browser, "", "").await, MEMBERS);
    let again = house.browser();
    assert_eq!(
        sign_in(&house, &again, "", "").await,
        "/workspaces",
        "another browser"
    );
    browser.post("/fn/sign_out", &[]).await;
    assert_eq!(
        sign_in(&house, &browser, "", "").await,
        "/workspaces",
        "it is forgotten"
    );
}

#[actix_web::test]
async fn what_an_app_waits_for_and_the_workspace_that_was_chosen_come_first() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let browser = house.browser();
    browser.get("/account").await;
    assert_eq!(sign_in(&house, &browser, "acme", "").await, "/w/acme/admin");
    let browser = house.browser();
    browser.get(MEMBERS).await;
    let step = location(
        &browser
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    let id = step.split_once("request=").unwrap().1;
    assert!(
        sign_in(&house, &browser, "acme", id)
            .await
            .starts_with("/w/acme/continue?")
    );
}

#[actix_web::test]
async fn a_form_that_somebody_sent_too_late_is_no_page() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let browser = house.browser();
    browser.post("/fn/leave_workspace", &[("slug", "acme")]).await;
    assert_eq!(sign_in(&house, &browser, "", "").await, "/workspaces");
}

#[actix_web::test]
async fn whoever_accepts_anything_is_sent_on_too() {
    let house = Harness::start().await;
    let answer = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
        .get(format!("{}/account", house.origin))
        .header(ACCEPT, "*/*")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status(), location(&answer)),
        (StatusCode::FOUND, "/login".to_owned())
    );
}

#[actix_web::test]
async fn whoever_is_invited_comes_back_to_the_invitation() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    invite(&owner, "mia@acme.example", "member").await;
    let link = house.mails.take_invitation().await.url;
    let link = link.strip_prefix(&house.origin).unwrap();
    let browser = house.browser();
    assert_eq!(browser.get(link).await.status(), StatusCode::OK);
    let mail = house.ask(&browser, "mia@acme.example", "acme", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(location(&answer), link);
}
