//! When a node may be given requests.

use crate::harness::{Harness, Ways};
use iam_testkit::Database;
use reqwest::StatusCode;
use serde_json::Value;

async fn ready(house: &Harness) -> (StatusCode, Value) {
    let answer = house.browser().get("/readyz").await;
    (answer.status(), answer.json().await.unwrap())
}

#[actix_web::test]
async fn a_node_is_ready_when_the_schema_has_all_that_its_binary_brings() {
    let house = Harness::start_on(Database::create_empty().await.unwrap(), Ways::default()).await;
    let (status, body) = ready(&house).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["database"], "ok", "it answers, but has nothing: {body}");
    let reason = body["schema"].as_str().unwrap();
    assert!(
        reason.contains("0001") && reason.contains("rooiam migrate"),
        "{reason}"
    );
    assert_eq!(house.browser().get("/healthz").await.status(), StatusCode::OK);

    // No restart is needed.
    iam::store::migrate::migrate(&house.database.owner, "rooiam_app")
        .await
        .unwrap();
    let (status, body) = ready(&house).await;
    assert_eq!((status, body["schema"].as_str()), (StatusCode::OK, Some("ok")));

    // An older schema, or one whose last change failed half way.
    let pool = house.database.all_seeing().await.unwrap();
    let newest: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&pool)
        .await
        .unwrap();
    for (spoil, mend) in [
        (
            "UPDATE _sqlx_migrations SET success = false WHERE version = $1",
            "UPDATE _sqlx_migrations SET success = true WHERE version = $1",
        ),
        (
            "UPDATE _sqlx_migrations SET version = version + 9000 WHERE version = $1",
            "UPDATE _sqlx_migrations SET version = version - 9000 WHERE version = $1 + 9000",
        ),
    ] {
        sqlx::query(spoil).bind(newest).execute(&pool).await.unwrap();
        let (status, body) = ready(&house).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        let reason = body["schema"].as_str().unwrap();
        assert!(reason.contains(&format!("{newest:04}")), "{reason}");
        sqlx::query(mend).bind(newest).execute(&pool).await.unwrap();
        assert_eq!(ready(&house).await.0, StatusCode::OK);
    }

    // A newer binary has migrated: this one goes on beside it.
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', true, '', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(ready(&house).await.0, StatusCode::OK);
}
