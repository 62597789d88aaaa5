//! The database goes away under load, and comes back.

use crate::{
    harness::{Harness, location},
    provider::{code, ready, redeem, userinfo},
};
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Throws every connection out and lets nobody in, or lets them in again.
async fn let_in(house: &Harness, allowed: bool) {
    let name = house.database.superuser.get_database().unwrap();
    let elsewhere = house.database.superuser.clone().database("postgres");
    let mut connection = PgConnection::connect_with(&elsewhere).await.unwrap();
    let change = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
    sqlx::query(AssertSqlSafe(change))
        .execute(&mut connection)
        .await
        .unwrap();
    if !allowed {
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(name)
            .execute(&mut connection)
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn without_a_database_every_door_stays_shut_and_says_so_and_nobody_is_signed_out() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let unused = code(&owner, &app).await;
    let_in(&house, false).await;

    for path in [
        "/account",
        "/workspaces",
        "/w/acme/admin/apps",
        "/w/acme/oauth/jwks",
        "/readyz",
    ] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.headers().get("set-cookie").is_none(), "{path} signs out");
        let text = answer.text().await.unwrap();
        assert!(
            !text.contains("sqlx") && !text.contains("connections"),
            "{path}: {text}"
        );
    }
    let ask = [("email", "new@example.com"), ("slug", ""), ("request", "")];
    let asked = location(&owner.post("/fn/request_magic_link", &ask).await);
    assert!(!asked.starts_with("/login/sent"), "{asked}");
    let (status, error) = redeem(&house, "acme", &app, &unused).await;
    assert_eq!(
        (status, error["error"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("temporarily_unavailable"))
    );
    assert_eq!(
        userinfo(&house, "acme", &tokens).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    // Probes come by any name; a page at a name that could be a workspace's own fails closed.
    let elsewhere = house.browser_at("10.0.0.7.nip.example");
    for browser in [&owner, &elsewhere] {
        assert_eq!(browser.get("/healthz").await.status(), StatusCode::OK);
        assert_eq!(
            browser.get("/readyz").await.status(),
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
    assert_eq!(
        elsewhere.get("/login").await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );

    let_in(&house, true).await;
    assert!(owner.is_signed_in().await);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    assert_eq!(redeem(&house, "acme", &app, &unused).await.0, StatusCode::OK);
}
