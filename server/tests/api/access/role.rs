//! Roles of a workspace's own making, groups, and what an app is told of them.

use crate::{
    harness::{Browser, Harness, RegisteredApp, param, request},
    members::{call, id_of, joined, page},
    provider::{ready, redeem, refresh},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

/// Makes a role and returns its identifier.
pub async fn role(house: &Harness, browser: &Browser, name: &str, permissions: &[&str]) -> String {
    let made = call(browser, "create_role", &[("slug", "acme"), ("name", name)]).await;
    assert_eq!(made, StatusCode::OK, "{name}");
    let id = named(house, "roles", "rol", name).await;
    if !permissions.is_empty() {
        assert_eq!(fill(browser, &id, 1, permissions).await, StatusCode::OK, "{name}");
    }
    id
}

pub async fn group(house: &Harness, browser: &Browser, name: &str, roles: &[&str]) -> String {
    let made = call(browser, "create_group", &[("slug", "acme"), ("name", name)]).await;
    assert_eq!(made, StatusCode::OK, "{name}");
    let id = named(house, "groups", "grp", name).await;
    assert_eq!(carry(browser, &id, roles).await, StatusCode::OK, "{name}");
    id
}

pub async fn named(house: &Harness, table: &str, prefix: &str, name: &str) -> String {
    let all = house.database.all_seeing().await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT id FROM {table} WHERE name = $1"
    )))
    .bind(name)
    .fetch_one(&all)
    .await
    .unwrap();
    format!("{prefix}_{}", id.simple())
}

/// Saves the matrix for one role.
pub async fn fill(browser: &Browser, role: &str, version: i32, permissions: &[&str]) -> StatusCode {
    let version = format!("{role} {version}");
    let grants: Vec<_> = permissions.iter().map(|one| format!("{role} {one}")).collect();
    let mut form = vec![("slug", "acme"), ("versions[]", version.as_str())];
    form.extend(grants.iter().map(|grant| ("grants[]", grant.as_str())));
    call(browser, "save_roles", &form).await
}

pub async fn give(house: &Harness, browser: &Browser, email: &str, roles: &[&str]) -> StatusCode {
    let id = id_of(house, email).await;
    let mut form = vec![("slug", "acme"), ("id", id.as_str())];
    form.extend(roles.iter().map(|role| ("roles[]", *role)));
    call(browser, "set_member_roles", &form).await
}

pub async fn carry(browser: &Browser, group: &str, roles: &[&str]) -> StatusCode {
    let mut form = vec![("slug", "acme"), ("id", group)];
    form.extend(roles.iter().map(|role| ("roles[]", *role)));
    call(browser, "set_group_roles", &form).await
}

pub async fn add(browser: &Browser, group: &str, email: &str) -> StatusCode {
    let form = [("slug", "acme"), ("id", group), ("addresses", email)];
    call(browser, "add_to_group", &form).await
}

async fn sees(browser: &Browser, path: &str) -> StatusCode {
    page(browser, path).await.0
}

#[actix_web::test]
async fn a_role_counts_from_the_next_request_on_by_itself_and_through_a_group() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let apps = "/w/acme/admin/apps";
    assert_eq!(sees(&ada, apps).await, StatusCode::FORBIDDEN);

    let reader = role(&house, &owner, "Reader", &["app:read"]).await;
    assert_eq!(give(&house, &owner, ADA, &[&reader]).await, StatusCode::OK);
    assert_eq!(sees(&ada, apps).await, StatusCode::OK);
    assert_eq!(sees(&ada, "/w/acme/admin/members").await, StatusCode::FORBIDDEN);
    assert_eq!(fill(&owner, &reader, 2, &["member:read"]).await, StatusCode::OK);
    assert_eq!(sees(&ada, apps).await, StatusCode::FORBIDDEN);
    assert_eq!(sees(&ada, "/w/acme/admin/members").await, StatusCode::OK);
    assert_eq!(give(&house, &owner, ADA, &[]).await, StatusCode::OK);
    assert_eq!(sees(&ada, "/w/acme/admin/members").await, StatusCode::FORBIDDEN);

    let desk = role(&house, &owner, "Desk", &["app:read"]).await;
    let berlin = group(&house, &owner, "Berlin", &[&desk]).await;
    assert_eq!(add(&owner, &berlin, ADA).await, StatusCode::OK);
    assert_eq!(sees(&ada, apps).await, StatusCode::OK);
    let member = format!("/w/acme/admin/members/{}", id_of(&house, ADA).await);
    let (_, html) = page(&owner, &member).await;
    assert!(html.contains("Group Berlin: Desk"), "why they may");
    let id = id_of(&house, ADA).await;
    let form = [("slug", "acme"), ("id", berlin.as_str()), ("member", id.as_str())];
    assert_eq!(call(&owner, "remove_from_group", &form).await, StatusCode::OK);
    assert_eq!(sees(&ada, apps).await, StatusCode::FORBIDDEN);
    assert_eq!(add(&owner, &berlin, ADA).await, StatusCode::OK);
    let form = [("slug", "acme"), ("id", berlin.as_str())];
    assert_eq!(call(&owner, "delete_group", &form).await, StatusCode::OK);
    assert_eq!(sees(&ada, apps).await, StatusCode::FORBIDDEN);
    let of_roles = house.told(["role.created", "role.updated", "member.role_changed"]);
    assert_eq!(of_roles.await, [2, 3, 2]);
    let of_groups = house.told(["group.created", "group.updated", "group.deleted"]);
    assert_eq!(of_groups.await, [1, 1, 1]);
    let of_their_members = house.told(["group.member_added", "group.member_removed"]);
    assert_eq!(of_their_members.await, [2, 1]);
}

/// A member who may change roles, groups and members, and reads apps: a foothold.
pub const FOOTHOLD: &[&str] = &[
    "app:read",
    "member:read",
    "member:update",
    "role:read",
    "role:update",
    "group:update",
];

#[actix_web::test]
async fn nobody_gives_takes_or_makes_a_role_that_holds_what_they_do_not() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    joined(&house, &owner, BEN, "member").await;
    let foothold = role(&house, &owner, "Foothold", FOOTHOLD).await;
    let mighty = role(&house, &owner, "Mighty", &["member:remove"]).await;
    let both = group(&house, &owner, "Mighty ones", &[&mighty]).await;
    assert_eq!(give(&house, &owner, ADA, &[&foothold]).await, StatusCode::OK);

    // What they hold, they can hand on, to themselves too.
    let lesser = role(&house, &ada, "Lesser", &["app:read"]).await;
    assert_eq!(give(&house, &ada, BEN, &[&lesser]).await, StatusCode::OK);

    let forbidden = StatusCode::FORBIDDEN;
    assert_eq!(give(&house, &ada, ADA, &[&foothold, &mighty]).await, forbidden);
    assert_eq!(give(&house, &ada, BEN, &[&mighty]).await, forbidden);
    assert_eq!(
        fill(&ada, &lesser, 2, &["app:read", "member:remove"]).await,
        forbidden
    );
    assert_eq!(fill(&ada, &mighty, 2, &[]).await, forbidden);
    for (verb, id) in [("delete_role", &mighty), ("delete_group", &both)] {
        let form = [("slug", "acme"), ("id", id.as_str())];
        assert_eq!(call(&ada, verb, &form).await, forbidden, "{verb}");
    }
    let rename = [("slug", "acme"), ("id", mighty.as_str()), ("name", "Harmless")];
    assert_eq!(call(&ada, "rename_role", &rename).await, forbidden);
    assert_eq!(add(&ada, &both, ADA).await, forbidden);
    assert_eq!(carry(&ada, &both, &[]).await, forbidden);
    let own = group(&house, &ada, "Own", &[&lesser]).await;
    assert_eq!(carry(&ada, &own, &[&mighty]).await, forbidden);
    // Whoever holds more is not theirs to put anywhere.
    assert_eq!(add(&ada, &own, "owner@acme.example").await, forbidden);
    assert_eq!(give(&house, &ada, "owner@acme.example", &[]).await, forbidden);
    for built_in in ["admin", "owner", "auditor"] {
        let id = id_of(&house, BEN).await;
        let form = [("slug", "acme"), ("id", id.as_str()), ("role", built_in)];
        assert_eq!(call(&ada, "change_role", &form).await, forbidden, "{built_in}");
    }
    // With the role goes the right, in the same request.
    assert_eq!(give(&house, &owner, ADA, &[]).await, StatusCode::OK);
    assert_eq!(give(&house, &ada, BEN, &[]).await, forbidden);
}

#[actix_web::test]
async fn no_role_makes_owners_and_the_slower_of_two_editors_is_told() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let own = role(&house, &owner, "Own", &["app:read"]).await;
    assert_eq!(
        fill(&owner, &own, 2, &["workspace:transfer"]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(fill(&owner, &own, 1, &["audit:read"]).await, StatusCode::CONFLICT);
    let (_, html) = page(&owner, &format!("/w/acme/admin/roles/{own}")).await;
    assert!(html.contains(">app:read<") && !html.contains(">audit:read<"));
    for (name, expected) in [
        ("OWN", StatusCode::CONFLICT),
        ("", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let form = [("slug", "acme"), ("name", name)];
        assert_eq!(call(&owner, "create_role", &form).await, expected, "{name:?}");
    }
    let twin = || call(&owner, "create_role", &[("slug", "acme"), ("name", "Twin")]);
    let made = tokio::join!(twin(), twin(), twin());
    let made = [made.0, made.1, made.2];
    assert_eq!(made.iter().filter(|status| **status == StatusCode::OK).count(), 1);
}

pub async fn tokens(house: &Harness, browser: &Browser, app: &RegisteredApp, scope: &str) -> Value {
    let query = request(app, "").replace("openid%20email", &format!("openid{scope}"));
    let answer = browser.authorize("acme", &query).await;
    let (status, tokens) = redeem(house, "acme", app, &param(&answer, "code").unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

pub fn claims(tokens: &Value, name: &str) -> Value {
    let token = tokens[name].as_str().unwrap();
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

async fn told(house: &Harness, tokens: &Value) -> Value {
    let answer = Client::new()
        .get(format!("{}/w/acme/oauth/userinfo", house.origin))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    answer.json().await.unwrap()
}

#[actix_web::test]
async fn an_app_is_told_its_own_roles_when_it_asks_and_at_once_when_they_change() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    for (app, name) in [(&app, "editor"), (&app, "billing:read"), (&other, "root")] {
        let form = [("slug", "acme"), ("id", app.id.as_str()), ("name", name)];
        assert_eq!(call(&owner, "create_app_role", &form).await, StatusCode::OK);
    }
    let bad = [("slug", "acme"), ("id", app.id.as_str()), ("name", "two words")];
    assert_eq!(
        call(&owner, "create_app_role", &bad).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mut ids = Vec::new();
    for name in ["editor", "billing:read", "root"] {
        ids.push(named(&house, "roles", "rol", name).await);
    }
    assert_eq!(
        give(&house, &owner, ADA, &[&ids[0], &ids[2]]).await,
        StatusCode::OK
    );
    let payers = group(&house, &owner, "Payers", &[&ids[1]]).await;
    assert_eq!(add(&owner, &payers, ADA).await, StatusCode::OK);

    let without = tokens(&house, &ada, &app, "%20email").await;
    assert!(claims(&without, "id_token").get("roles").is_none());
    assert!(claims(&without, "access_token").get("roles").is_none());
    assert!(told(&house, &without).await.get("roles").is_none());

    let with = tokens(&house, &ada, &app, "%20roles").await;
    let expected = json!(["billing:read", "editor"]);
    assert_eq!(claims(&with, "id_token")["roles"], expected);
    assert_eq!(claims(&with, "access_token")["roles"], expected);
    assert_eq!(told(&house, &with).await["roles"], expected);

    let form = [("slug", "acme"), ("id", ids[0].as_str())];
    assert_eq!(call(&owner, "delete_role", &form).await, StatusCode::OK);
    assert_eq!(told(&house, &with).await["roles"], json!(["billing:read"]));
    let (_, fresh) = refresh(&house, &app, with["refresh_token"].as_str().unwrap()).await;
    assert_eq!(claims(&fresh, "access_token")["roles"], json!(["billing:read"]));
    let nobody = tokens(&house, &owner, &app, "%20roles").await;
    assert_eq!(claims(&nobody, "id_token")["roles"], json!([]));
    assert_eq!(house.told(["role.deleted"]).await, [1]);
}
