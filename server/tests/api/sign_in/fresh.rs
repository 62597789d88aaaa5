//! How old a sign-in may be: for a workspace that wants fresh ones, and for what only owners may.

use crate::{
    domains::proof::proved,
    harness::{location, param, request, token},
    members::{ALL_METHODS, asks, call, id_of, joined, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const NAME: &str = "login.acme.example";

#[actix_web::test]
async fn where_owners_sign_in_is_decided_by_an_owner_who_has_just_signed_in() {
    let (house, owner, _) = ready("ES256").await;
    let admin = joined(&house, &owner, "adam@example.com", "admin").await;
    // An admin who holds a domain proves it, and that is all.
    proved(&house, &admin, "acme", NAME).await;
    let host = |name: &'static str| [("slug", "acme"), ("domain", name)];
    let refused = call(&admin, "set_workspace_host", &host(NAME)).await;
    assert_eq!(refused, StatusCode::FORBIDDEN);
    let (_, html) = page(&admin, "/w/acme/admin/domains").await;
    assert!(!html.contains("set_workspace_host"));
    house.clock.advance(TimeDelta::minutes(15));
    let stale = call(&owner, "set_workspace_host", &host(NAME)).await;
    assert_eq!(stale, StatusCode::UNAUTHORIZED);
    let (_, html) = page(&owner, "/w/acme/admin/domains").await;
    assert!(html.contains("href=\"/w/acme/login?again=1\"") && !html.contains("set_workspace_host"));
    let mail = house.ask(&owner, "owner@acme.example", "acme", "").await;
    owner
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let done = call(&owner, "set_workspace_host", &host(NAME)).await;
    assert_eq!(done, StatusCode::OK);
    assert!(house.iam.domains().custom_domain(NAME).await.unwrap().is_some());
    // The host goes with its domain: that takes the same.
    for verb in ["remove_domain", "set_workspace_host"] {
        let name = if verb == "remove_domain" { NAME } else { "" };
        assert_eq!(
            call(&admin, verb, &host(name)).await,
            StatusCode::FORBIDDEN,
            "{verb}"
        );
    }
    house.clock.advance(TimeDelta::minutes(15));
    let stale = call(&owner, "remove_domain", &host(NAME)).await;
    assert_eq!(stale, StatusCode::UNAUTHORIZED);
    assert!(house.iam.domains().custom_domain(NAME).await.unwrap().is_some());
    // Other domains are still an admin's.
    proved(&house, &admin, "acme", "other.example").await;
    let gone = call(&admin, "remove_domain", &host("other.example")).await;
    assert_eq!(gone, StatusCode::OK);
    let roles: Vec<_> = iam_types::Role::ALL
        .iter()
        .filter(|role| role.allows(iam_types::Permission::DomainHost))
        .collect();
    assert_eq!(roles, [&iam_types::Role::Owner]);
}

#[actix_web::test]
async fn a_sign_in_that_is_too_old_for_a_workspace_opens_none_of_its_doors() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, "ada@example.com", "member").await;
    let second = joined(&house, &owner, "second@acme.example", "owner").await;
    let eve = house.sign_in("eve@example.com").await;
    let ben = house.sign_in("ben@example.com").await;
    let from = id_of(&house, "owner@acme.example").await;
    let settings = |admission: &'static str| [("slug", "acme"), ("name", "Acme"), ("admission", admission)];
    let ok = StatusCode::OK;
    assert_eq!(call(&owner, "update_workspace", &settings("requests")).await, ok);
    assert_eq!(asks(&owner, "3600", false, &ALL_METHODS).await, ok);
    let offer = [("slug", "acme"), ("address", "ada@example.com")];
    assert_eq!(call(&owner, "offer_ownership", &offer).await, ok);
    let invite = [
        ("slug", "acme"),
        ("addresses", "eve@example.com"),
        ("role", "admin"),
    ];
    assert_eq!(call(&owner, "invite", &invite).await, ok);
    let invitation = param(&house.mails.take_invitation().await.url, "invitation").unwrap();
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let first = tokens["refresh_token"].as_str().unwrap().to_owned();
    // Just before the hour tokens are still renewed; what they gave ends with the sign-in too.
    house.clock.advance(TimeDelta::seconds(3599));
    assert_eq!(
        userinfo(&house, "acme", &tokens).await,
        StatusCode::UNAUTHORIZED,
        "expired by itself"
    );
    let (status, tokens) = refresh(&house, &app, &first).await;
    assert_eq!(status, ok);
    assert_eq!(userinfo(&house, "acme", &tokens).await, ok);
    let late = code(&ada, &app).await;
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let next = tokens["refresh_token"].as_str().unwrap();
    let (status, answer) = refresh(&house, &app, next).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
    let (status, _) = redeem(&house, "acme", &app, &late).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let own = [("slug", "acme")];
    let offered = [("slug", "acme"), ("id", from.as_str())];
    let invited = [("slug", "acme"), ("id", invitation.as_str())];
    let join_or_request = [("slug", "acme"), ("request", "")];
    let end = [("slug", "acme"), ("confirmation", "acme")];
    let doors = [
        (&ada, "accept_ownership", &offered[..]),
        (&ada, "decline_ownership", &offered[..]),
        (&ada, "leave_workspace", &own[..]),
        (&eve, "accept_invitation", &invited[..]),
        (&eve, "decline_invitation", &invited[..]),
        (&ben, "join_or_request", &join_or_request[..]),
        (&owner, "end_workspace", &end[..]),
        (&owner, "offer_ownership", &offer[..]),
    ];
    for (browser, door, form) in doors {
        assert_eq!(
            call(browser, door, form).await,
            StatusCode::UNAUTHORIZED,
            "{door}"
        );
    }
    // Where nothing waits for them, people learn nothing of the rule.
    assert_eq!(
        call(&ben, "accept_ownership", &offered).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(call(&eve, "leave_workspace", &own).await, StatusCode::NOT_FOUND);
    let again = house.sign_in("owner@acme.example").await;
    assert_eq!(call(&again, "end_workspace", &end).await, ok);
    for browser in [&owner, &second] {
        let restored = call(browser, "restore_workspace", &own).await;
        assert_eq!(restored, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(call(&again, "restore_workspace", &own).await, ok);
    // With a fresh sign-in each of them is open.
    for (email, door, form) in [
        ("ada@example.com", "accept_ownership", &offered[..]),
        ("eve@example.com", "accept_invitation", &invited[..]),
        ("ben@example.com", "join_or_request", &join_or_request[..]),
    ] {
        let browser = house.sign_in(email).await;
        assert_eq!(call(&browser, door, form).await, ok, "{door}");
    }
    let ada = house.sign_in("ada@example.com").await;
    let (status, _) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    assert_eq!(status, ok);
}

#[actix_web::test]
async fn a_workspace_that_wants_fresh_sign_ins_asks_on_entry_and_others_do_not() {
    let (house, owner, app) = ready("ES256").await;
    let made = call(
        &owner,
        "create_workspace",
        &[("name", "Second"), ("slug", "second")],
    )
    .await;
    assert_eq!(made, StatusCode::OK);
    assert_eq!(
        asks(&owner, "17", false, &ALL_METHODS).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(asks(&owner, "3600", false, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(page(&owner, "/w/acme/admin/apps").await.0, StatusCode::OK);
    house.clock.advance(TimeDelta::seconds(3601));
    let (status, html) = page(&owner, "/w/acme/admin/apps").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(html.contains("/w/acme/login"));
    assert_eq!(
        asks(&owner, "", false, &ALL_METHODS).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        page(&owner, "/w/second/admin/apps").await.0,
        StatusCode::OK,
        "the session goes on elsewhere"
    );
    let step = location(
        &owner
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    assert!(location(&owner.get(&step).await).starts_with("/w/acme/login?request="));
    let silent = location(
        &owner
            .get(&format!(
                "/w/acme/oauth/authorize?{}",
                request(&app, "&prompt=none")
            ))
            .await,
    );
    assert_eq!(param(&silent, "error").as_deref(), Some("login_required"));
    let mail = house.ask(&owner, "owner@acme.example", "acme", "").await;
    let answer = owner
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(
        location(&answer),
        "/w/acme/admin/apps",
        "the page that asked for it"
    );
    assert_eq!(page(&owner, "/w/acme/admin/apps").await.0, StatusCode::OK);
}
