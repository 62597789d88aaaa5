//! Who may connect a provider, and what is written of it.

use super::{House, begin};
use crate::{
    harness::{Harness, location},
    members::{call, joined, page},
};
use chrono::TimeDelta;
use iam_testkit::Person;
use reqwest::StatusCode;

fn form<'a>(preset: &'a str, issuer: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("slug", "acme"),
        ("preset", preset),
        ("issuer", issuer),
        ("name", "Somebody"),
        ("client_id", "x"),
        ("client_secret", "y"),
        ("provisioning", "members"),
    ]
}

#[actix_web::test]
async fn providers_are_an_owners_matter_who_has_just_signed_in_and_others_may_look() {
    let house = House::new("members").await;
    let admin = joined(&house.house, &house.owner, "adam@example.com", "admin").await;
    let member = joined(&house.house, &house.owner, "mia@example.com", "member").await;
    let list = "/w/acme/admin/connections";
    let one = format!("{list}/{}", house.id);
    let (status, html) = page(&admin, &one).await;
    assert!(
        status == StatusCode::OK && !html.contains("client_secret"),
        "{html}"
    );
    assert_eq!(page(&member, list).await.0, StatusCode::FORBIDDEN);
    let new = form("google", "");
    assert_eq!(
        call(&admin, "create_connection", &new).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        super::set_state(&admin, &house.id, "disabled").await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        call(&house.owner, "create_connection", &new).await,
        StatusCode::OK
    );
    assert_eq!(
        call(&house.owner, "create_connection", &new).await,
        StatusCode::CONFLICT,
        "a name is one provider's"
    );
    house.house.clock.advance(TimeDelta::minutes(15));
    assert_eq!(
        super::set_state(&house.owner, &house.id, "disabled").await,
        StatusCode::UNAUTHORIZED
    );
    let (_, html) = page(&house.owner, &one).await;
    assert!(html.contains("/w/acme/login?again=1") && !html.contains("client_secret"));
}

#[actix_web::test]
async fn an_owner_whom_a_provider_vouches_for_decides_nothing_about_providers() {
    let house = House::new("members").await;
    let owner = Person::new("sub-owner", "owner@acme.example");
    let browser = house.house.browser();
    house.arrives_at(&browser, &owner).await;
    super::prove(&house, &browser).await;
    let browser = house.house.browser();
    assert_eq!(house.arrives_at(&browser, &owner).await, "/w/acme/admin");
    assert_eq!(
        super::set_state(&browser, &house.id, "disabled").await,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn what_is_typed_is_checked_and_what_cannot_be_is_said_where_it_was_typed() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    for (preset, issuer) in [
        ("oidc", ""),
        ("oidc", "javascript:alert(1)"),
        ("entra", "common"),
        ("nonsense", "https://id.example.com"),
    ] {
        let refused = call(&owner, "create_connection", &form(preset, issuer)).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{preset} {issuer}");
    }
    let new = "/w/acme/admin/connections/new?preset=oidc";
    let answer = owner
        .post_on(new, "/fn/create_connection", &form("oidc", "not an address"))
        .await;
    assert_eq!(location(&answer), new);
    let html = owner.get(new).await.text().await.unwrap();
    assert!(
        html.contains("not an address") && html.contains("Enter the issuer URL"),
        "{html}"
    );
    assert!(
        html.contains("/w/acme/login/callback"),
        "what is to be registered there"
    );
    // What is not public is asked by nobody, wherever its name leads.
    for issuer in ["https://169.254.169.254", "http://10.0.0.1", "https://[::1]:1"] {
        let mut form = form("oidc", issuer);
        form[3].1 = "Inside";
        let id = location(&owner.post("/fn/create_connection", &form).await);
        let id = id.rsplit('/').next().unwrap().to_owned();
        let begun = owner
            .post("/w/acme/login/connection", &[("connection", id.as_str())])
            .await;
        assert_eq!(location(&begun), "/w/acme/login", "{issuer}");
        let delete = [("slug", "acme"), ("id", id.as_str()), ("confirmation", "Inside")];
        assert_eq!(call(&owner, "delete_connection", &delete).await, StatusCode::OK);
    }
    assert_eq!(house.told(["connection.refused"]).await, [3]);
}

#[actix_web::test]
async fn settings_change_without_the_secret_and_the_log_tells_all_but_that() {
    let house = House::new("members").await;
    let change = [
        ("slug", "acme"),
        ("id", house.id.as_str()),
        ("name", "Quay ID"),
        ("client_id", "rooiam"),
        ("scopes", "groups"),
        ("provisioning", "joining"),
        ("trusts_addresses", "yes"),
    ];
    assert_eq!(
        call(&house.owner, "update_connection", &change).await,
        StatusCode::OK
    );
    let address = begin(&house.house.browser(), "acme", &house.id, "").await;
    assert_eq!(
        crate::harness::param(&address, "scope").unwrap(),
        "openid email profile groups"
    );
    // The secret that there was still works.
    let browser = house.house.browser();
    let sent = house
        .arrives_at(&browser, &Person::new("s", "new@example.com"))
        .await;
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    let all = house.house.database.all_seeing().await.unwrap();
    let told: Vec<(String, serde_json::Value)> = sqlx::query_as(
        "SELECT action, detail FROM audit_events WHERE action IN ('connection.created', 'connection.updated') ORDER BY action",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].1["issuer"], house.upstream.issuer);
    assert_eq!(told[1].1["name"], "Quay ID");
    assert_eq!(told[1].1["secret"], false);
}
