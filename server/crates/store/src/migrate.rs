//! Brings the schema up to date, as the owner role.

use crate::StoreError;
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations");

/// Applies the migrations that are missing and lets `runtime_login` use the tables.
///
/// # Errors
/// [`StoreError::Database`] or [`StoreError::Migrate`].
pub async fn migrate(owner: &PgConnectOptions, runtime_login: &str) -> Result<(), StoreError> {
    let mut connection = PgConnection::connect_with(owner).await?;
    // Managed services often give the owner no right to make roles; then the operator made it, and this changes nothing.
    sqlx::query!(
        "DO $$ BEGIN
             IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'rooiam_runtime') THEN
                 CREATE ROLE rooiam_runtime NOLOGIN;
             END IF;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
         END $$"
    )
    .execute(&mut connection)
    .await?;
    MIGRATIONS.run(&mut connection).await?;
    let member = sqlx::query_scalar!(
        r#"SELECT pg_has_role(r.oid, 'rooiam_runtime', 'MEMBER') AS "member!" FROM pg_roles r WHERE r.rolname = $1"#,
        runtime_login
    )
    .fetch_optional(&mut connection)
    .await?;
    connection.close().await?;
    match member {
        Some(true) => Ok(()),
        _ => Err(StoreError::UnsafeLogin(
            "does not exist or is no member of rooiam_runtime",
        )),
    }
}
