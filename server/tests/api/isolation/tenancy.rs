//! The database keeps tenants apart, whatever the code above it forgets.

use crate::harness::Harness;
use iam::store::Store;
use iam_testkit::Database;
use sqlx::{AssertSqlSafe, PgPool};

#[actix_web::test]
async fn without_a_context_every_workspace_table_is_empty() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    house.register(&owner, "acme", "RS256").await;
    let all = house.database.all_seeing().await.unwrap();
    let runtime = PgPool::connect_with(house.database.runtime.clone())
        .await
        .unwrap();
    let tables: Vec<(String, bool, bool)> = sqlx::query_as(
        "SELECT c.relname::text, c.relrowsecurity, c.relforcerowsecurity
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'workspace_id'
           AND c.relname NOT IN ('workspace_directory', 'magic_links', 'passkey_challenges', 'pending_sign_ins', 'sign_in_domains', 'recoveries')",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    assert!(tables.len() >= 11, "{tables:?}");
    let mut filled = 0;
    for (table, enabled, forced) in tables {
        assert!(enabled && forced, "{table} is not under row level security");
        let count = format!("SELECT count(*) FROM {table}");
        let seen: i64 = sqlx::query_scalar(AssertSqlSafe(count.clone()))
            .fetch_one(&runtime)
            .await
            .unwrap();
        assert_eq!(seen, 0, "{table}");
        let there: i64 = sqlx::query_scalar(AssertSqlSafe(count))
            .fetch_one(&all)
            .await
            .unwrap();
        filled += usize::from(there > 0);
    }
    assert!(filled >= 5, "the test needs rows that could leak");
}

#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
#[actix_web::test]
async fn the_log_cannot_be_changed_by_anybody() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    for login in [
        &house.database.runtime,
        &house.database.owner,
        &house.database.superuser,
    ] {
        let pool = PgPool::connect_with(login.clone()).await.unwrap();
        for change in [
            "UPDATE audit_events SET action = 'x'",
            "DELETE FROM audit_events",
            "TRUNCATE audit_events",
        ] {
            let mut tx = pool.begin().await.unwrap();
            let enter = "SELECT set_config('rooiam.workspace_id', (SELECT workspace_id::text FROM workspace_directory WHERE slug = 'acme'), true)";
            sqlx::query(enter).execute(&mut *tx).await.unwrap();
            assert!(
                sqlx::query(change).execute(&mut *tx).await.is_err(),
                "{change} as {}",
                login.get_username()
            );
        }
    }
}

#[actix_web::test]
async fn a_login_that_row_level_security_does_not_bind_is_refused() {
    let database = Database::create().await.unwrap();
    assert!(Store::connect(database.superuser.clone(), 1).await.is_err());
    assert!(Store::connect(database.owner.clone(), 1).await.is_err());
    assert!(Store::connect(database.runtime.clone(), 1).await.is_ok());
}

#[actix_web::test]
async fn strangers_cannot_see_or_change_a_workspace() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "RS256").await;
    let eve = house.owner_of("evil").await;
    for page in [
        "/w/acme/admin/apps",
        "/w/acme/admin/settings",
        &format!("/w/acme/admin/apps/{}", app.id),
    ] {
        let answer = eve.get(page).await;
        assert!(answer.status().is_client_error(), "{page}: {}", answer.status());
    }
    let through_own = eve.get(&format!("/w/evil/admin/apps/{}", app.id)).await;
    assert_eq!(through_own.status(), 404);
    eve.post("/fn/rotate_app_secret", &[("slug", "evil"), ("id", &app.id)])
        .await;
    eve.post(
        "/fn/update_workspace",
        &[("slug", "acme"), ("name", "Pwned"), ("admission", "open")],
    )
    .await;
    let settings = owner.get("/w/acme/admin/settings").await.text().await.unwrap();
    assert!(!settings.contains("Pwned"));
}
