//! Where the domain of an address leads, and what providers are told of the address.

use super::{House, set_state};
use crate::{
    domains::proof::proved,
    harness::{Browser, leads_to, location, param, request},
    members::{call, joined, page},
};
use iam_testkit::Upstream;
use reqwest::{Response, StatusCode};

const LOGIN: &str = "/w/acme/login";

/// Types an address on a login page.
async fn types(browser: &Browser, page: &str, slug: &str, email: &str, by_mail: bool) -> Response {
    let form = [
        ("slug", slug),
        ("request", ""),
        ("email", email),
        ("by_mail", if by_mail { "1" } else { "" }),
    ];
    browser.post_on(page, "/fn/request_magic_link", &form).await
}

async fn saves(house: &House, domains: &str, everywhere: &str) -> StatusCode {
    let form = [
        ("slug", "acme"),
        ("id", house.id.as_str()),
        ("name", "Harbour ID"),
        ("client_id", "rooiam"),
        ("provisioning", "members"),
        ("domains", domains),
        ("everywhere", everywhere),
    ];
    call(&house.owner, "update_connection", &form).await
}

/// Where what was typed leads: to the provider's button, or to a mail.
async fn leads_home(browser: &Browser, at: &str, slug: &str, email: &str) -> bool {
    let next = location(&types(browser, at, slug, email, false).await);
    if next.starts_with("/login/sent?") {
        return false;
    }
    assert_eq!(next, at);
    let (_, html) = page(browser, at).await;
    // A workspace's word for its provider stands on its own page alone.
    let (says, other) = match slug {
        "" => ("Continue with Acme<", "Harbour ID"),
        _ => ("Continue with Harbour ID<", "Continue with Acme"),
    };
    assert!(
        html.contains(says) && !html.contains(other) && html.contains("name=\"by_mail\""),
        "{html}"
    );
    assert!(
        html.contains(&format!("name=\"hint\" value=\"{email}\"")),
        "{html}"
    );
    true
}

async fn at_domain() -> House {
    let house = House::new("members").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    assert_eq!(saves(&house, "acme.example", "").await, StatusCode::OK);
    house
}

#[actix_web::test]
async fn known_and_unknown_people_of_a_domain_are_led_alike_and_others_get_their_mail() {
    let house = at_domain().await;
    joined(&house.house, &house.owner, "ada@acme.example", "member").await;
    for email in ["ada@acme.example", "nobody@acme.example", "owner@acme.example"] {
        let browser = house.house.browser();
        assert!(leads_home(&browser, LOGIN, "acme", email).await, "{email}");
        // Told once: whoever comes back later starts anew.
        let (_, html) = page(&browser, LOGIN).await;
        assert!(!html.contains("name=\"by_mail\""), "{html}");
    }
    for email in [
        "ada@elsewhere.example",
        "ada@sub.acme.example",
        "ada@notacme.example",
    ] {
        assert!(
            !leads_home(&house.house.browser(), LOGIN, "acme", email).await,
            "{email}"
        );
        assert_eq!(house.house.mails.take().await.to, email);
    }
    // Nobody is locked out: who wants a mail gets one.
    let browser = house.house.browser();
    let sent = types(&browser, LOGIN, "acme", "ada@acme.example", true).await;
    assert!(location(&sent).starts_with("/login/sent?"));
    assert_eq!(house.house.mails.take().await.to, "ada@acme.example");
}

#[actix_web::test]
async fn the_platforms_login_page_leads_where_the_workspace_wants_that_and_no_other_workspaces_does() {
    let house = at_domain().await;
    house.house.owner_of("other").await;
    assert!(!leads_home(&house.house.browser(), "/login", "", "x@acme.example").await);
    assert!(
        !leads_home(
            &house.house.browser(),
            "/w/other/login",
            "other",
            "x@acme.example"
        )
        .await
    );
    assert_eq!(saves(&house, "acme.example", "yes").await, StatusCode::OK);
    assert!(leads_home(&house.house.browser(), "/login", "", "x@acme.example").await);
    assert!(
        !leads_home(
            &house.house.browser(),
            "/w/other/login",
            "other",
            "x@acme.example"
        )
        .await
    );
}

#[actix_web::test]
async fn a_workspace_speaks_for_no_domain_but_what_it_has_proved_and_as_long_as_it_has() {
    let house = at_domain().await;
    for foreign in ["gmail.com", "acme.example gmail.com", "com", "x@acme.example"] {
        assert_ne!(saves(&house, foreign, "yes").await, StatusCode::OK, "{foreign}");
    }
    let evil = house.house.owner_of("evil").await;
    let upstream = Upstream::start(house.house.clock.clone());
    let id = super::connect(&evil, "evil", "Evil ID", &upstream, "joining").await;
    let form = [
        ("slug", "evil"),
        ("id", id.as_str()),
        ("name", "Evil ID"),
        ("client_id", "rooiam"),
        ("provisioning", "joining"),
        ("domains", "acme.example"),
        ("everywhere", "yes"),
    ];
    assert_eq!(
        call(&evil, "update_connection", &form).await,
        StatusCode::CONFLICT
    );
    assert!(leads_home(&house.house.browser(), LOGIN, "acme", "x@acme.example").await);
    // A provider that is shut leads nobody anywhere, nor does a domain that was given up.
    assert_eq!(
        set_state(&house.owner, &house.id, "disabled").await,
        StatusCode::OK
    );
    assert!(!leads_home(&house.house.browser(), LOGIN, "acme", "x@acme.example").await);
    assert_eq!(
        set_state(&house.owner, &house.id, "enabled").await,
        StatusCode::OK
    );
    assert!(leads_home(&house.house.browser(), LOGIN, "acme", "x@acme.example").await);
    let all = house.house.database.all_seeing().await.unwrap();
    let lost = "UPDATE workspace_domains SET verified_at = NULL, joining = 'nobody'";
    sqlx::query(lost).execute(&all).await.unwrap();
    assert!(!leads_home(&house.house.browser(), LOGIN, "acme", "x@acme.example").await);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_in_domains")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[actix_web::test]
async fn the_address_goes_along_as_a_hint_and_nothing_else_does() {
    let house = at_domain().await;
    let app = house.house.register(&house.owner, "acme", "ES256").await;
    let begin = async |hint: &str| {
        let form = [("connection", house.id.as_str()), ("hint", hint)];
        let browser = house.house.browser();
        leads_to(browser.post("/w/acme/login/connection", &form).await).await
    };
    let address = begin("ada@acme.example").await;
    assert_eq!(param(&address, "login_hint").as_deref(), Some("ada@acme.example"));
    for bad in ["", "ada", "ada@x&prompt=none", "x\r\ny@acme.example"] {
        let address = begin(bad).await;
        assert!(
            !address.contains("login_hint") && !address.contains("prompt"),
            "{address}"
        );
    }
    // What an app suggests stands in the form.
    let browser = house.house.browser();
    let asked = format!(
        "/w/acme/oauth/authorize?{}&login_hint=ben%40acme.example",
        request(&app, "")
    );
    let step = location(&browser.get(&location(&browser.get(&asked).await)).await);
    let (_, html) = page(&browser, &step).await;
    assert!(
        html.contains("name=\"hint\" value=\"ben@acme.example\""),
        "{html}"
    );
}

#[actix_web::test]
async fn a_provider_stands_first_where_a_mail_does_not_count() {
    let house = House::new("members").await;
    let (_, html) = page(&house.house.browser(), LOGIN).await;
    let place = |html: &str, words: &str| html.find(words).unwrap();
    assert!(place(&html, "Continue with email") < place(&html, "Continue with Harbour ID"));
    let all = house.house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE workspaces SET refused_methods = '{email}' WHERE name = 'Acme'")
        .execute(&all)
        .await
        .unwrap();
    let (_, html) = page(&house.house.browser(), LOGIN).await;
    assert!(!html.contains("Continue with email"));
    assert!(place(&html, "Continue with Harbour ID") < place(&html, "class=\"hint\""));
}

#[actix_web::test]
async fn whoever_is_led_to_a_provider_can_ask_for_a_mail_wherever_they_were() {
    let house = at_domain().await;
    assert_eq!(saves(&house, "acme.example", "yes").await, StatusCode::OK);
    for (slug, login) in [("", "/login"), ("acme", LOGIN)] {
        let browser = house.house.browser();
        let form = [("slug", slug), ("request", ""), ("email", "x@acme.example")];
        // No page says where the form was.
        let led = browser.post("/fn/request_magic_link", &form).await;
        assert_eq!(location(&led), login);
        let (_, html) = page(&browser, login).await;
        assert!(
            html.contains("Continue with email") && html.contains("name=\"by_mail\""),
            "{html}"
        );
        assert!(html.contains("value=\"x@acme.example\""), "{html}");
    }
    // Who is signed in already is asked there too.
    let led = types(&house.owner, "/account", "", "x@acme.example", false).await;
    assert_eq!(location(&led), "/login?again=1");
    let (_, html) = page(&house.owner, "/login?again=1").await;
    assert!(html.contains("name=\"by_mail\""), "{html}");
}
