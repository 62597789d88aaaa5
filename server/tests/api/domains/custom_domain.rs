//! A workspace's own host: everything of that workspace, and nothing else.

use crate::{
    domains::proof::proved,
    harness::{Browser, CALLBACK, Harness, VERIFIER, location, param, request, token},
    members::{call, page},
    provider::ready,
};
use chrono::TimeDelta;
use reqwest::{
    Client, StatusCode,
    header::{ACCEPT, COOKIE, HOST, ORIGIN},
};
use serde_json::Value;

const NAME: &str = "login.acme.example";

pub async fn with_host(house: &Harness, owner: &Browser) -> Browser {
    proved(house, owner, "acme", NAME).await;
    let form = [("slug", "acme"), ("domain", NAME)];
    assert_eq!(call(owner, "set_workspace_host", &form).await, StatusCode::OK);
    house.browser_at(NAME)
}

/// Signs in at the workspace's own host.
async fn sign_in(house: &Harness, guest: &Browser, email: &str) {
    let mail = house.ask(guest, email, "", "").await;
    assert!(mail.url.starts_with(&guest.origin), "{}", mail.url);
    assert_eq!(mail.workspace.as_deref(), Some("Acme"));
    let answer = guest
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(location(&answer), "/w/acme/admin");
}

#[actix_web::test]
async fn an_app_signs_somebody_in_at_the_own_host_with_an_issuer_of_that_host() {
    let (house, owner, app) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let issuer = format!("{}/w/acme", guest.origin);
    let discovery: Value = guest
        .get("/w/acme/.well-known/openid-configuration")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(discovery["issuer"], issuer.as_str());
    assert_eq!(discovery["token_endpoint"], format!("{issuer}/oauth/token"));
    sign_in(&house, &guest, "owner@acme.example").await;
    let answer = guest.authorize("acme", &request(&app, "")).await;
    assert_eq!(param(&answer, "iss").as_deref(), Some(issuer.as_str()));
    let code = param(&answer, "code").unwrap();
    let tokens: Value = guest
        .client
        .post(format!("{issuer}/oauth/token"))
        .basic_auth(&app.id, Some(&app.secret))
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let access = tokens["access_token"].as_str().unwrap();
    let userinfo = |client: Client, origin: String| async move {
        let request = client
            .get(format!("{origin}/w/acme/oauth/userinfo"))
            .bearer_auth(access);
        request.send().await.unwrap().status()
    };
    assert_eq!(
        userinfo(guest.client.clone(), guest.origin.clone()).await,
        StatusCode::OK
    );
    // The platform's issuer did not issue it.
    assert_eq!(
        userinfo(Client::new(), house.origin.clone()).await,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn whoever_signs_in_at_a_workspace_comes_to_it_to_its_door_or_to_their_own() {
    let (house, owner, _) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let arrives = |browser: Browser, slug: &'static str| {
        let house = &house;
        async move {
            let mail = house.ask(&browser, "ada@example.com", slug, "").await;
            let form = [("token", token(&mail))];
            location(&browser.post("/fn/redeem_magic_link", &form).await)
        }
    };
    assert_eq!(arrives(guest, "").await, "/w/acme/ask");
    assert_eq!(arrives(house.browser(), "acme").await, "/workspaces");
    assert_eq!(arrives(house.browser(), "").await, "/workspaces");
    crate::members::joined(&house, &owner, "ada@example.com", "member").await;
    assert_eq!(arrives(house.browser(), "acme").await, "/w/acme/admin");
}

#[actix_web::test]
async fn nothing_of_another_workspace_or_of_the_person_is_reached_through_an_own_host() {
    let (house, owner, _) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let other = house.sign_in("owner@acme.example").await;
    let made = call(
        &other,
        "create_workspace",
        &[("name", "Second"), ("slug", "second")],
    )
    .await;
    assert_eq!(made, StatusCode::OK);
    house
        .iam
        .platform()
        .appoint_operator("owner@acme.example")
        .await
        .unwrap();
    sign_in(&house, &guest, "owner@acme.example").await;
    assert_eq!(page(&guest, "/w/acme/admin/members").await.0, StatusCode::OK);
    for path in [
        "/account",
        "/account/sessions",
        "/account/apps",
        "/account/activity",
        "/account/data",
        "/platform",
        "/platform/settings",
        "/workspaces/new",
        "/w/second/admin",
        "/w/second/login",
        "/w/second/oauth/jwks",
        "/w/platform/admin",
        "/dev/mailbox",
        "/.well-known/oauth-authorization-server/w/second",
    ] {
        assert_eq!(page(&guest, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for (path, target) in [
        ("/", "/w/acme/admin"),
        ("/workspaces", "/w/acme/admin"),
        ("/login", "/w/acme/login"),
    ] {
        assert_eq!(location(&guest.get(path).await), target);
    }
    // The server functions have one address for all.
    for (name, form) in [
        ("list_places", &[][..]),
        ("create_workspace", &[("name", "Third"), ("slug", "third")]),
        (
            "update_workspace",
            &[("slug", "second"), ("name", "Taken"), ("admission", "open")],
        ),
        ("end_workspace", &[("slug", "second"), ("confirmation", "second")]),
        ("leave_workspace", &[("slug", "second")]),
        ("join_or_request", &[("slug", "second"), ("request", "")]),
    ] {
        let status = call(&guest, name, form).await;
        assert!(
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND),
            "{name}: {status}"
        );
    }
    assert_eq!(call(&guest, "sign_out", &[]).await, StatusCode::OK);
    assert_eq!(page(&guest, "/w/acme/admin/members").await.0, StatusCode::FOUND);
}

#[actix_web::test]
async fn a_session_counts_only_at_the_host_where_it_began() {
    let (house, owner, _) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let cookie = |answer: &reqwest::Response| {
        let set = answer.headers().get_all("set-cookie").iter();
        set.filter_map(|value| value.to_str().ok())
            .find(|value| value.contains("session="))
            .and_then(|value| value.split(';').next())
            .unwrap()
            .to_owned()
    };
    let mail = house.ask(&guest, "owner@acme.example", "", "").await;
    let confined = cookie(
        &guest
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await,
    );
    let browser = house.browser();
    let mail = house.ask(&browser, "owner@acme.example", "", "").await;
    let free = cookie(
        &browser
            .post("/fn/redeem_magic_link", &[("token", token(&mail))])
            .await,
    );
    let port = house.origin.rsplit(':').next().unwrap().to_owned();
    let ask = |cookie: String, host: &str| {
        let request = house
            .browser()
            .client
            .get(format!("{}/w/acme/admin/members", house.origin))
            .header(ACCEPT, "text/html")
            .header(HOST, format!("{host}:{port}"))
            .header(COOKIE, cookie);
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(ask(confined.clone(), NAME).await, StatusCode::OK);
    assert_eq!(ask(free.clone(), "127.0.0.1").await, StatusCode::OK);
    assert_eq!(
        ask(confined, "127.0.0.1").await,
        StatusCode::FOUND,
        "to the login page"
    );
    assert_eq!(ask(free, NAME).await, StatusCode::FOUND);
}

#[actix_web::test]
async fn a_link_that_was_asked_for_elsewhere_does_not_sign_in_at_the_own_host() {
    let (house, owner, _) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let browser = house.browser();
    let mail = house.ask(&browser, "owner@acme.example", "", "").await;
    let asked = browser
        .post(
            "/fn/request_magic_link",
            &[("email", "owner@acme.example"), ("slug", ""), ("request", "")],
        )
        .await;
    let cookie = asked.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let newest = house.mails.take().await;
    for mail in [&mail, &newest] {
        let request = guest
            .client
            .post(format!("{}/fn/redeem_magic_link", guest.origin))
            .header("accept", "application/json")
            .header(ORIGIN, &guest.origin)
            .header(COOKIE, &cookie)
            .form(&[("token", token(mail))]);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::GONE);
    }
}

#[actix_web::test]
async fn hosts_that_nobody_proved_are_served_nothing_and_forged_headers_change_nothing() {
    let (house, owner, _) = ready("ES256").await;
    let guest = with_host(&house, &owner).await;
    let stranger = house.browser_at("login.evil.example");
    let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
    for origin in [&house.origin, &stranger.origin] {
        let answer = stranger
            .post_from("/fn/request_magic_link", &form, Some(origin))
            .await;
        assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST);
    }
    let forged = Client::new()
        .get(format!(
            "{}/w/acme/.well-known/openid-configuration",
            house.origin
        ))
        .header("x-forwarded-host", NAME)
        .header("forwarded", format!("host={NAME}"))
        .send()
        .await
        .unwrap();
    let discovery: Value = forged.json().await.unwrap();
    assert_eq!(discovery["issuer"], format!("{}/w/acme", house.origin));
    // A form of the platform's own pages is another site's here, and the other way round.
    for (browser, from) in [(&guest, &house.origin), (&house.browser(), &guest.origin)] {
        let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
        let answer = browser
            .post_from("/fn/request_magic_link", &form, Some(from))
            .await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    // A host that is given up, or whose proof is lost, is nobody's and served nothing.
    assert_eq!(
        call(&owner, "remove_domain", &[("slug", "acme"), ("domain", NAME)]).await,
        StatusCode::OK
    );
    for path in [
        "/w/acme/oauth/jwks",
        "/w/acme/.well-known/openid-configuration",
        "/login",
    ] {
        assert_eq!(
            guest.get(path).await.status(),
            StatusCode::MISDIRECTED_REQUEST,
            "{path}"
        );
    }
}

#[actix_web::test]
async fn every_page_of_an_own_host_wears_the_workspaces_look_also_those_that_fail() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let guest = with_host(&house, &owner).await;
    let mail = house.ask(&guest, "ada@example.com", "", "").await;
    for path in [
        "/login/sent",
        "/login/verify?token=junk",
        &format!("/login/verify?token={}", token(&mail)),
        "/nowhere",
        "/account",
        "/w/acme/nowhere",
    ] {
        let (_, html) = page(&guest, path).await;
        assert!(html.contains("<p class=\"brand\">Acme"), "{path}: {html}");
    }
    let (_, html) = page(&guest, "/w/evil/login").await;
    assert!(html.contains("<p class=\"brand\">Acme"), "{html}");
}

#[actix_web::test]
async fn a_host_goes_with_its_proof() {
    let (house, owner, _) = ready("ES256").await;
    with_host(&house, &owner).await;
    house.resolver.publish(&format!("_rooiam-challenge.{NAME}"), &[]);
    let id = house.iam.workspaces().id(&"acme".parse().unwrap()).await.unwrap();
    for _ in 0..5 {
        house.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
        house.iam.domains().recheck(id).await.unwrap();
    }
    assert!(house.iam.domains().custom_domain(NAME).await.unwrap().is_none());
}
