//! The only doors to the database, and the one place that sets the tenant context.

use crate::StoreError;
use iam_types::{UserId, WorkspaceId};
use sqlx::{
    PgConnection, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// A pool of connections as the runtime role. Reaches global tables directly, workspace tables through [`WorkspaceTx`].
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
}

/// A transaction inside one workspace. Dropped without [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub struct WorkspaceTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) workspace_id: WorkspaceId,
}

/// A read-only look at one person's own memberships, across workspaces.
#[derive(Debug)]
pub struct PersonTx {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) user_id: UserId,
}

impl Store {
    /// Connects and refuses a login that row level security would not bind.
    ///
    /// # Errors
    /// [`StoreError::UnsafeLogin`] for superusers, `BYPASSRLS` roles and table owners; [`StoreError::Database`].
    pub async fn connect(options: PgConnectOptions, max_connections: u32) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await?;
        let login = sqlx::query!(
            r#"SELECT r.rolsuper AS "superuser!", r.rolbypassrls AS "bypass!",
                      EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r') AS "owner!"
               FROM pg_roles r
               WHERE r.rolname = current_user"#
        )
        .fetch_one(&pool)
        .await?;
        match (login.superuser, login.bypass, login.owner) {
            (true, _, _) => Err(StoreError::UnsafeLogin("is a superuser")),
            (_, true, _) => Err(StoreError::UnsafeLogin("has BYPASSRLS")),
            (_, _, true) => Err(StoreError::UnsafeLogin("owns tables")),
            _ => Ok(Self { pool }),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query!(r#"SELECT 1 AS "one!""#)
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// Begins a transaction in `workspace_id`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn in_workspace(&self, workspace_id: WorkspaceId) -> Result<WorkspaceTx, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "SELECT set_config('rooiam.workspace_id', $1, true)",
            workspace_id.uuid().to_string()
        )
        .fetch_one(&mut *tx)
        .await?;
        Ok(WorkspaceTx { tx, workspace_id })
    }

    /// Begins a look at what belongs to `user_id`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn as_person(&self, user_id: UserId) -> Result<PersonTx, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "SELECT set_config('rooiam.user_id', $1, true)",
            user_id.uuid().to_string()
        )
        .fetch_one(&mut *tx)
        .await?;
        Ok(PersonTx { tx, user_id })
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl WorkspaceTx {
    /// The workspace of this transaction.
    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id
    }

    /// Makes everything done here last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}
