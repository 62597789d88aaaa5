//! At which own hosts passkeys work: who decides it, and how many there can be.

use crate::{
    domains::related::{LIST, NAME, operator, set, with_host},
    harness::{Harness, param},
    members::{call, page},
};
use iam::domain::sign_in::session::RECENT;
use reqwest::StatusCode;
use serde_json::Value;

#[actix_web::test]
async fn operators_alone_decide_it_after_a_recent_sign_in_and_for_the_host_that_they_saw() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    with_host(&house, &owner, "acme", NAME).await;
    let operator = operator(&house).await;
    let auditor = {
        let form = [
            ("slug", "platform"),
            ("addresses", "audit@example.com"),
            ("role", "auditor"),
        ];
        assert_eq!(call(&operator, "invite", &form).await, StatusCode::OK);
        let mail = house.mails.take_invitation().await;
        let id = param(&mail.url, "invitation").unwrap();
        let auditor = house.sign_in("audit@example.com").await;
        let form = [("slug", "platform"), ("id", id.as_str())];
        assert_eq!(call(&auditor, "accept_invitation", &form).await, StatusCode::OK);
        auditor
    };
    assert_eq!(set(&owner, "acme", NAME, true).await, StatusCode::NOT_FOUND);
    assert_eq!(set(&auditor, "acme", NAME, true).await, StatusCode::FORBIDDEN);
    for (slug, host, expected) in [
        ("acme", "evil.example", StatusCode::CONFLICT),
        ("acme", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("platform", NAME, StatusCode::NOT_FOUND),
        ("nowhere", NAME, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(set(&operator, slug, host, true).await, expected, "{slug} {host}");
    }
    assert_eq!(house.browser().get(LIST).await.status(), StatusCode::NOT_FOUND);
    let shown = page(&owner, "/w/acme/admin/domains").await.1;
    assert!(shown.contains("Passkeys don’t work at this domain."), "{shown}");
    for _ in 0..2 {
        assert_eq!(set(&operator, "acme", NAME, true).await, StatusCode::OK);
    }
    house.clock.advance(RECENT);
    assert_eq!(set(&operator, "acme", NAME, true).await, StatusCode::UNAUTHORIZED);
    // Stopping is never in the way of anybody.
    assert_eq!(set(&operator, "acme", NAME, false).await, StatusCode::OK);
    assert_eq!(
        house
            .told(["host_passkeys.allowed", "host_passkeys.stopped"])
            .await,
        [2, 2]
    );
}

#[actix_web::test]
async fn no_more_names_are_let_than_browsers_honour_and_hosts_of_one_name_share_it() {
    let house = Harness::start_named().await;
    let operator = operator(&house).await;
    for (n, host) in [
        "a.example",
        "b.example",
        "c.example",
        "d.example",
        "e.example",
        "f.example",
        "x.a.example",
    ]
    .into_iter()
    .enumerate()
    {
        let slug = format!("many{n}");
        let owner = house.owner_of(&slug).await;
        with_host(&house, &owner, &slug, host).await;
        let expected = if host == "f.example" {
            StatusCode::CONFLICT
        } else {
            StatusCode::OK
        };
        assert_eq!(set(&operator, &slug, host, true).await, expected, "{host}");
    }
    let list: Value = house.browser().get(LIST).await.json().await.unwrap();
    assert_eq!(list["origins"].as_array().map(Vec::len), Some(6));
    let full = page(&operator, "/platform/workspaces/many5").await.1;
    assert!(
        full.contains("5 of 5 domain names") && !full.contains("Allow passkeys"),
        "{full}"
    );
    // A suspended workspace keeps its place, since it may come back.
    let form = [("slug", "many0"), ("reason", "x")];
    assert_eq!(call(&operator, "suspend_workspace", &form).await, StatusCode::OK);
    assert_eq!(
        set(&operator, "many5", "f.example", true).await,
        StatusCode::CONFLICT
    );
    assert_eq!(set(&operator, "many1", "b.example", false).await, StatusCode::OK);
    assert_eq!(set(&operator, "many5", "f.example", true).await, StatusCode::OK);
}
