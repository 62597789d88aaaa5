//! Brings the schema up to date, as the owner role.

use crate::{Store, StoreError};
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
    // Readiness reads it. Not checked when compiled, as the table is sqlx's own.
    sqlx::query("GRANT SELECT ON _sqlx_migrations TO rooiam_runtime")
        .execute(&mut connection)
        .await?;
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

impl Store {
    /// The versions that this binary brings and the database does not have. Further ones of a newer binary do no harm: a
    /// schema also serves the version before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn missing_migrations(&self) -> Result<Vec<i64>, StoreError> {
        let applied = sqlx::query_scalar::<_, i64>("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(&self.pool)
            .await;
        let applied = match applied {
            Ok(versions) => versions,
            // No such table before the first migration, and none that may be read before those of this binary.
            Err(sqlx::Error::Database(error))
                if matches!(error.code().as_deref(), Some("42P01" | "42501")) =>
            {
                Vec::new()
            }
            Err(error) => return Err(error.into()),
        };
        Ok(MIGRATIONS
            .iter()
            .map(|migration| migration.version)
            .filter(|version| !applied.contains(version))
            .collect())
    }
}
