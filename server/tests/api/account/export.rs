//! Everything that is kept of a person, to take along.

use crate::{
    harness::{Browser, Harness, location},
    members::{call, id_of, joined, page},
    provider::{code, ready, redeem},
};
use chrono::TimeDelta;
use iam::domain::sign_in::session::RECENT;
use reqwest::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ORIGIN},
};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const EXPORT: &str = "/account/data/export";

async fn data(browser: &Browser) -> Value {
    let answer = browser.post(EXPORT, &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

#[actix_web::test]
async fn a_person_takes_out_all_that_is_kept_of_them_and_nothing_of_anybody_else() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let (ada_id, owner_id) = (
        id_of(&house, ADA).await,
        id_of(&house, "owner@acme.example").await,
    );
    for (name, people) in [("Nurses", [ADA]), ("Doctors", ["owner@acme.example"])] {
        let form = [("slug", "acme"), ("name", name)];
        let made = location(&owner.post("/fn/create_group", &form).await);
        let id = made.rsplit('/').next().unwrap();
        for person in people {
            let form = [("slug", "acme"), ("id", id), ("addresses", person)];
            assert_eq!(call(&owner, "add_to_group", &form).await, StatusCode::OK);
        }
    }
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    house.owner_of("evil").await;
    let (_, html) = page(&ada, "/account/data").await;
    assert!(html.contains("action=\"/account/data/export\"") && html.contains("Download my data"));
    house.clock.advance(TimeDelta::seconds(1));
    let data = data(&ada).await;
    assert_eq!(data["profile"]["id"], json!(ada_id));
    let addresses = data["profile"]["email_addresses"].as_array().unwrap();
    assert_eq!(
        (addresses.len(), &addresses[0]["address"]),
        (1, &json!("ada@example.com"))
    );
    assert_eq!(data["profile"]["sessions"][0]["methods"], json!(["email"]));
    let workspaces = data["workspaces"].as_array().unwrap();
    assert_eq!(
        (workspaces.len(), &workspaces[0]["workspace"]),
        (1, &json!("acme"))
    );
    assert_eq!(workspaces[0]["role"], "member");
    assert_eq!(workspaces[0]["groups"], json!(["Nurses"]));
    assert_eq!(workspaces[0]["consents"][0]["app"], "Orders");
    assert_eq!(workspaces[0]["app_access"].as_array().unwrap().len(), 1);
    let events = data["events"].as_array().unwrap();
    assert_eq!(events[0]["action"], "user.exported", "{data}");
    for action in [
        "user.created",
        "session.created",
        "member.joined",
        "consent.granted",
    ] {
        assert!(events.iter().any(|event| event["action"] == action), "{action}");
    }
    let by_others: Vec<_> = events.iter().filter(|event| event["by_you"] == false).collect();
    assert_eq!(by_others.len(), 1);
    assert_eq!(by_others[0]["group"], "Nurses");
    assert_eq!(by_others[0].get("client_ip"), None);
    let text = data.to_string();
    let access = tokens["access_token"].as_str().unwrap();
    for strange in [
        "owner@", &owner_id, "Doctors", "evil", "hash", "secret", "roo_", "\\\\x", access,
    ] {
        assert!(!text.contains(strange), "{strange}: {text}");
    }
    assert_eq!(house.told(["user.exported"]).await, [1]);
}

#[actix_web::test]
async fn the_file_is_for_its_person_alone_and_not_for_caches_links_or_loops() {
    let (house, owner, _) = ready("ES256").await;
    let nobody = house.browser().post(EXPORT, &[]).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        owner.get(EXPORT).await.status(),
        StatusCode::METHOD_NOT_ALLOWED,
        "no link takes it"
    );
    let elsewhere = owner.client.post(format!("{}{EXPORT}", house.origin));
    let elsewhere = elsewhere
        .header(ORIGIN, "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
    house.clock.advance(RECENT);
    let late = owner.post(EXPORT, &[]).await.status();
    assert_eq!(
        late,
        StatusCode::UNAUTHORIZED,
        "whoever finds a session takes nothing along"
    );
    let page = owner.get("/account/data").await.text().await.unwrap();
    assert!(page.contains("/login?again=1"), "{page}");
    let owner = house.sign_in("owner@acme.example").await;
    let answer = owner.post(EXPORT, &[]).await;
    let header = |name| answer.headers()[name].to_str().unwrap();
    assert_eq!(header(CONTENT_TYPE), "application/json");
    assert_eq!(
        header(CONTENT_DISPOSITION),
        "attachment; filename=\"account.json\""
    );
    assert_eq!(header(CACHE_CONTROL), "no-store");
    let mut last = StatusCode::OK;
    for _ in 0..5 {
        last = owner.post(EXPORT, &[]).await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// What hangs on people for moments, or says who did something to somebody else.
const NOT_KEPT_OF_THEM: &[&str] = &["password_sign_ins", "pending_sign_ins", "support_visits"];

#[actix_web::test]
async fn the_file_knows_of_every_table_that_tells_of_a_person() {
    let house = Harness::start().await;
    let all = house.database.all_seeing().await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name = 'user_id' ORDER BY 1",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/store/src/account/export.rs");
    let export = std::fs::read_to_string(path).unwrap();
    let untold: Vec<_> = tables
        .iter()
        .filter(|table| !export.contains(&format!(" {table} ")))
        .filter(|table| !NOT_KEPT_OF_THEM.contains(&table.as_str()))
        .collect();
    assert!(tables.len() > 20, "{tables:?}");
    assert!(untold.is_empty(), "tell of these, or say why not: {untold:?}");
}
