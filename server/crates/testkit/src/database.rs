//! A database for each test, in the PostgreSQL that the test run started.

use anyhow::Context;
use iam_store::{Store, migrate::migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use std::str::FromStr;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The name of the database that others are copied from. Nobody is connected to it any more.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A migrated database with its three logins.
pub struct Database {
    /// The superuser's, to look behind row level security.
    pub superuser: PgConnectOptions,
    /// The owner role's.
    pub owner: PgConnectOptions,
    /// The runtime role's.
    pub runtime: PgConnectOptions,
}

impl Database {
    /// Makes one in the server of `TEST_POSTGRES_URL`: a copy of the first that this process has migrated.
    ///
    /// # Errors
    /// The variable is not set, or the server refuses.
    pub async fn create() -> anyhow::Result<Self> {
        let template = TEMPLATE.get_or_try_init(Self::migrated).await?;
        Self::named(Some(template)).await
    }

    async fn migrated() -> anyhow::Result<String> {
        let database = Self::create_empty().await?;
        migrate(&database.owner, "rooiam_app").await?;
        let name = database.owner.get_database().context("a database has a name")?;
        // Nobody may be connected to what is copied, and the migration's connection takes a moment to end.
        let mut server = PgConnection::connect_with(&server()?).await?;
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(name)
            .execute(&mut server)
            .await?;
        server.close().await?;
        Ok(name.to_owned())
    }

    /// As [`create`](Self::create), before the first migration.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_empty() -> anyhow::Result<Self> {
        Self::named(None).await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "names of databases are chance, and decide nothing"
    )]
    fn unused_name() -> String {
        format!("test_{}", Uuid::new_v4().simple())
    }

    async fn named(template: Option<&String>) -> anyhow::Result<Self> {
        let server = server()?;
        let name = Self::unused_name();
        let mut connection = PgConnection::connect_with(&server).await?;
        let copied = template
            .map(|name| format!(" TEMPLATE {name}"))
            .unwrap_or_default();
        sqlx::query(AssertSqlSafe(format!(
            "CREATE DATABASE {name} OWNER rooiam_owner{copied}"
        )))
        .execute(&mut connection)
        .await?;
        if template.is_some() {
            // What may be done with a database as a whole is not copied (migration 28).
            sqlx::query(AssertSqlSafe(format!(
                "REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, rooiam_runtime"
            )))
            .execute(&mut connection)
            .await?;
        }
        connection.close().await?;
        let superuser = server.database(&name);
        Ok(Self {
            owner: superuser.clone().username("rooiam_owner"),
            runtime: superuser.clone().username("rooiam_app"),
            superuser,
        })
    }

    /// The store, as the server opens it.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::connect(self.runtime.clone(), 5).await?)
    }

    /// A pool that sees everything.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn all_seeing(&self) -> anyhow::Result<PgPool> {
        Ok(PgPool::connect_with(self.superuser.clone()).await?)
    }
}

fn server() -> anyhow::Result<PgConnectOptions> {
    let url = std::env::var("TEST_POSTGRES_URL")
        .context("TEST_POSTGRES_URL is not set: run the tests with make test")?;
    Ok(PgConnectOptions::from_str(&url)?)
}
