//! A link on another site changes nothing: every address that can be followed is, by people who are signed in.

use super::{
    fixtures::{Names, furnished, names},
    pages::{SCOPED_PAGES, UNSCOPED_PAGES},
    plain::plain_gets,
};
use crate::{
    harness::{Browser, Harness},
    members::call,
};
use reqwest::{StatusCode, header::ACCEPT};
use sqlx::PgPool;
use std::collections::BTreeMap;

/// What is left out of the comparison, and why.
const ELSE: &[(&str, &str)] = &[
    // Reading is seen.
    ("sessions", "to_jsonb(t) - 'last_seen_at'"),
    // The worker goes on with mail that was caused before.
    ("outbox_mails", "to_jsonb(t.id)"),
    // Whoever follows a link to what they may not see is told of in the log, folded when it is much.
    (
        "audit_events",
        "CASE WHEN t.action <> 'access.denied' THEN to_jsonb(t) END",
    ),
    ("folded_events", "NULL::jsonb"),
    // OAuth has apps ask by GET (RFC 6749 4.1.1); what they ask is kept for half an hour and means nothing.
    ("authorizations", "NULL::jsonb"),
];

/// Every table of the database, as it stands.
pub async fn everything(pool: &PgPool) -> BTreeMap<String, Vec<String>> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let row = ELSE
            .iter()
            .find(|(name, _)| *name == table)
            .map_or("to_jsonb(t)", |(_, row)| row);
        let sql = format!("SELECT ({row})::text FROM {table} t WHERE ({row}) IS NOT NULL ORDER BY 1");
        let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await;
        all.insert(table, rows.unwrap());
    }
    all
}

async fn follow(browser: &Browser, path: &str) -> StatusCode {
    let request = browser
        .client
        .get(format!("{}{path}", browser.origin))
        .header(ACCEPT, "text/html")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("referer", "https://evil.example/");
    request.send().await.unwrap().status()
}

async fn walk(pool: &PgPool, browser: &Browser, names: &Names) {
    let pages = SCOPED_PAGES.iter().map(|(_, path)| (*path).to_owned());
    let rest = UNSCOPED_PAGES
        .iter()
        .map(|route| route.replace(":slug", "{slug}"))
        .chain(["/w/{slug}/join?invitation={invitation}".to_owned()]);
    let mut before = everything(pool).await;
    for path in pages.chain(rest).chain(plain_gets()) {
        follow(browser, &names.fill(&path)).await;
        let after = everything(pool).await;
        assert_eq!(before, after, "GET {path} changed something");
        before = after;
    }
}

#[actix_web::test]
async fn no_address_that_can_be_followed_changes_anything() {
    let house = Harness::start().await;
    let (owner, objects) = furnished(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let names = names("acme", &objects);
    walk(&pool, &owner, &names).await;
    // A stranger whom the workspace would let in.
    let open = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &open).await, StatusCode::OK);
    let ada = house.sign_in("ada@example.com").await;
    walk(&pool, &ada, &names).await;
    walk(&pool, &house.browser(), &names).await;
}
