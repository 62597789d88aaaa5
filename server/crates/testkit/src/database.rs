//! A database for each test, in the PostgreSQL that the test run started.

use anyhow::Context;
use iam_store::{Store, migrate::migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use std::str::FromStr;
use uuid::Uuid;

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
    /// Makes one in the server of `TEST_POSTGRES_URL`.
    ///
    /// # Errors
    /// The variable is not set, or the server refuses.
    pub async fn create() -> anyhow::Result<Self> {
        let database = Self::create_empty().await?;
        migrate(&database.owner, "rooiam_app").await?;
        Ok(database)
    }

    /// As [`create`](Self::create), before the first migration.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_empty() -> anyhow::Result<Self> {
        let url = std::env::var("TEST_POSTGRES_URL")
            .context("TEST_POSTGRES_URL is not set: run the tests with make test")?;
        let server = PgConnectOptions::from_str(&url)?;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect_with(&server).await?;
        sqlx::query(AssertSqlSafe(format!(
            "CREATE DATABASE {name} OWNER rooiam_owner"
        )))
        .execute(&mut connection)
        .await?;
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
