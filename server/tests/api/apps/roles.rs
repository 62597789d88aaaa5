//! Roles of apps are given by those who may give those, whatever else they may do.

use crate::{
    access::role::{FOOTHOLD, add, carry, claims, fill, give, group, named, role, tokens},
    harness::{Browser, Harness, RegisteredApp},
    members::{call, id_of, joined, page},
    provider::ready,
};
use reqwest::StatusCode;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const ADA: &str = "ada@example.com";
const BEN: &str = "ben@example.com";

/// An app's role, by its word.
async fn app_role(house: &Harness, browser: &Browser, app: &RegisteredApp, name: &str) -> String {
    let form = [("slug", "acme"), ("id", app.id.as_str()), ("name", name)];
    assert_eq!(call(browser, "create_app_role", &form).await, StatusCode::OK);
    named(house, "roles", "rol", name).await
}

#[actix_web::test]
async fn nobody_gets_an_apps_role_from_somebody_who_may_not_give_those() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    joined(&house, &owner, BEN, "member").await;
    let (doctor, nurse) = (
        app_role(&house, &owner, &app, "doctor").await,
        app_role(&house, &owner, &app, "nurse").await,
    );
    // All of a foothold, and all about the app itself, but not the right to give its roles.
    let mut held = FOOTHOLD.to_vec();
    held.extend(["app:create", "app:update", "member:invite", "member:remove"]);
    let foothold = role(&house, &owner, "Foothold", &held).await;
    let doctors = group(&house, &owner, "Doctors", &[&doctor]).await;
    let ward = group(&house, &owner, "Ward", &[]).await;
    assert_eq!(
        give(&house, &owner, ADA, &[&foothold, &nurse]).await,
        StatusCode::OK
    );
    let forbidden = StatusCode::FORBIDDEN;

    // By herself, to herself and to others; what she has she cannot take either.
    assert_eq!(
        give(&house, &ada, ADA, &[&foothold, &nurse, &doctor]).await,
        forbidden
    );
    assert_eq!(give(&house, &ada, ADA, &[&foothold]).await, forbidden);
    assert_eq!(give(&house, &ada, BEN, &[&doctor]).await, forbidden);
    // Through a group: being put into it, one by one and many at once, and letting it carry more.
    assert_eq!(add(&ada, &doctors, ADA).await, forbidden);
    let id = id_of(&house, ADA).await;
    let picked = [
        ("slug", "acme"),
        ("change", "group"),
        ("value", doctors.as_str()),
        ("ids[]", id.as_str()),
    ];
    assert_eq!(call(&ada, "change_members", &picked).await, forbidden);
    assert_eq!(carry(&ada, &ward, &[&doctor]).await, forbidden);
    assert_eq!(carry(&ada, &doctors, &[]).await, forbidden);
    for (verb, more) in [
        ("delete_group", None),
        ("rename_group", Some(("name", "Guests"))),
        ("remove_from_group", Some(("member", id.as_str()))),
    ] {
        let mut form = vec![("slug", "acme"), ("id", doctors.as_str())];
        form.extend(more);
        assert_eq!(call(&ada, verb, &form).await, forbidden, "{verb}");
    }
    // By calling what she has something else, once the word is free.
    let free = [("slug", "acme"), ("id", doctor.as_str()), ("name", "physician")];
    assert_eq!(call(&ada, "rename_role", &free).await, forbidden);
    assert_eq!(call(&owner, "rename_role", &free).await, StatusCode::OK);
    let word = [("slug", "acme"), ("id", nurse.as_str()), ("name", "doctor")];
    assert_eq!(call(&ada, "rename_role", &word).await, forbidden);
    let end = [("slug", "acme"), ("id", nurse.as_str())];
    assert_eq!(call(&ada, "delete_role", &end).await, forbidden);
    // By a role that holds the right, which she does not.
    assert_eq!(fill(&ada, &foothold, 2, &["app:assign"]).await, forbidden);
    let with = tokens(&house, &ada, &app, "%20roles").await;
    assert_eq!(claims(&with, "id_token")["roles"], json!(["nurse"]));
    let (_, html) = page(&ada, &format!("/w/acme/admin/members/{id}")).await;
    let tick = html.split(&format!("value=\"{doctor}\"")).nth(1).unwrap();
    assert!(
        tick.split('>').next().unwrap().contains("disabled"),
        "the page offers nothing that is refused: {tick}"
    );

    // With the right, and with nothing else about apps, it is hers to give.
    let giver = role(
        &house,
        &owner,
        "Giver",
        &["member:read", "member:update", "role:read", "app:assign"],
    )
    .await;
    assert_eq!(give(&house, &owner, ADA, &[&giver]).await, StatusCode::OK);
    assert_eq!(give(&house, &ada, ADA, &[&giver, &doctor]).await, StatusCode::OK);
    let with = tokens(&house, &ada, &app, "%20roles").await;
    assert_eq!(claims(&with, "id_token")["roles"], json!(["physician"]));
}

#[actix_web::test]
async fn of_roles_made_before_only_those_about_apps_and_people_give_roles_of_apps() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let cases: [(&str, &[&str], bool); 5] = [
        ("Both", &["app:update", "member:update"], true),
        ("Groups", &["app:update", "group:update"], true),
        ("People", &["member:update", "group:update"], false),
        ("Apps", &["app:update", "app:read"], false),
        ("None", &["audit:read"], false),
    ];
    for (name, permissions, _) in cases {
        role(&house, &owner, name, permissions).await;
    }
    let all = house.database.all_seeing().await.unwrap();
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../migrations/0027_end_what_lets_in_and_split_rights.sql"
    ))
    .unwrap();
    let block = text[text.find("DO $$").unwrap()..].to_owned();
    sqlx::raw_sql(sqlx::AssertSqlSafe(block))
        .execute(&all)
        .await
        .unwrap();
    for (name, _, gives) in cases {
        let (permissions, version): (Vec<String>, i32) =
            sqlx::query_as("SELECT permissions, version FROM roles WHERE name = $1")
                .bind(name)
                .fetch_one(&all)
                .await
                .unwrap();
        let given = permissions.iter().any(|permission| permission == "app:assign");
        assert_eq!(given, gives, "{name}");
        // Whoever has the matrix open is told, instead of taking the right away unseen.
        assert_eq!(version, if gives { 3 } else { 2 }, "{name}");
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a>(&mut self, from: &'a [String]) -> &'a str {
        &from[self.below(from.len())]
    }

    fn some<'a>(&mut self, from: &'a [String]) -> Vec<&'a str> {
        from.iter()
            .filter(|_| self.below(3) == 0)
            .map(String::as_str)
            .collect()
    }
}

/// What members hold, and are to apps: by address, the names of permissions and of roles of apps.
async fn holdings(house: &Harness) -> BTreeMap<String, BTreeSet<String>> {
    let all = house.database.all_seeing().await.unwrap();
    let rows: Vec<(String, Vec<String>)> = sqlx::query_as(
        "SELECT m.address, ARRAY(
             SELECT unnest(r.permissions || CASE WHEN r.app_id IS NULL THEN '{}' ELSE ARRAY['app role ' || r.name] END)
             FROM roles r WHERE r.workspace_id = m.workspace_id AND r.id IN (
                 SELECT mr.role_id FROM member_roles mr WHERE mr.user_id = m.user_id AND mr.workspace_id = m.workspace_id
                 UNION SELECT gr.role_id FROM group_members gm JOIN group_roles gr USING (workspace_id, group_id)
                 WHERE gm.user_id = m.user_id AND gm.workspace_id = m.workspace_id))
             || m.role
         FROM memberships m JOIN workspace_directory d USING (workspace_id) WHERE d.slug = 'acme'",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    rows.into_iter()
        .map(|(address, held)| (address, held.into_iter().collect()))
        .collect()
}

async fn listed(house: &Harness, table: &str, prefix: &str) -> Vec<String> {
    let all = house.database.all_seeing().await.unwrap();
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT id FROM {table} ORDER BY id")))
            .fetch_all(&all)
            .await
            .unwrap();
    ids.iter().map(|id| format!("{prefix}_{}", id.simple())).collect()
}

#[actix_web::test]
async fn no_way_through_all_that_she_may_do_gives_anybody_what_a_member_does_not_hold() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    joined(&house, &owner, BEN, "member").await;
    let doctor = app_role(&house, &owner, &app, "doctor").await;
    let nurse = app_role(&house, &owner, &app, "nurse").await;
    let mut held = FOOTHOLD.to_vec();
    held.push("app:update");
    let foothold = role(&house, &owner, "Foothold", &held).await;
    role(&house, &owner, "Mighty", &["member:remove", "app:assign"]).await;
    group(&house, &owner, "Doctors", &[&doctor]).await;
    group(&house, &owner, "Ward", &[]).await;
    assert_eq!(
        give(&house, &owner, ADA, &[&foothold, &nurse]).await,
        StatusCode::OK
    );
    let before = holdings(&house).await;
    let hers = before[ADA].clone();
    let permissions: Vec<String> = iam_types::Permission::ALL
        .iter()
        .map(|permission| permission.as_str().to_owned())
        .collect();
    let people = [ADA, BEN].map(str::to_owned);
    let ids = [id_of(&house, ADA).await, id_of(&house, BEN).await];
    let built_in = ["member", "auditor", "admin", "owner"].map(str::to_owned);
    let mut dice = Dice(7);
    let mut done = 0;
    for step in 0..220 {
        let (roles, groups) = (
            listed(&house, "roles", "rol").await,
            listed(&house, "groups", "grp").await,
        );
        let name = format!("n{step}");
        let status = match dice.below(10) {
            0 => call(&ada, "create_role", &[("slug", "acme"), ("name", &name)]).await,
            1 => {
                let form = [("slug", "acme"), ("id", app.id.as_str()), ("name", name.as_str())];
                call(&ada, "create_app_role", &form).await
            }
            2 => fill(&ada, dice.pick(&roles), 1, &dice.some(&permissions)).await,
            3 => give(&house, &ada, dice.pick(&people), &dice.some(&roles)).await,
            4 => carry(&ada, dice.pick(&groups), &dice.some(&roles)).await,
            5 => add(&ada, dice.pick(&groups), dice.pick(&people)).await,
            6 => {
                let word = if dice.below(2) == 0 {
                    "doctor"
                } else {
                    name.as_str()
                };
                let form = [("slug", "acme"), ("id", dice.pick(&roles)), ("name", word)];
                call(&ada, "rename_role", &form).await
            }
            7 => {
                let form = [
                    ("slug", "acme"),
                    ("change", "group"),
                    ("value", dice.pick(&groups)),
                    ("ids[]", dice.pick(&ids)),
                ];
                call(&ada, "change_members", &form).await
            }
            8 => {
                let form = [
                    ("slug", "acme"),
                    ("id", dice.pick(&ids)),
                    ("role", dice.pick(&built_in)),
                ];
                call(&ada, "change_role", &form).await
            }
            _ => call(&ada, "create_group", &[("slug", "acme"), ("name", &name)]).await,
        };
        done += usize::from(status == StatusCode::OK);
        let now = holdings(&house).await;
        assert!(now[ADA].is_subset(&hers), "step {step}: {:?}", now[ADA]);
        assert!(
            now[BEN].is_subset(&hers) && !now[BEN].iter().any(|held| held.starts_with("app role")),
            "step {step}: {:?}",
            now[BEN]
        );
    }
    assert!(done > 60, "only {done} steps did anything");
}
