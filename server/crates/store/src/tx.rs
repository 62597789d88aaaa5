//! The only doors to the database, and the one place that sets the tenant context.

use crate::{
    StoreError,
    pool::{Lent, Pool},
};
use iam_domain::workspaces::workspace::State;
use iam_types::{Slug, UserId, WorkspaceId};
use sqlx::{PgConnection, Row as _, postgres::PgConnectOptions};

/// A pool of connections as the runtime role. Reaches global tables directly, workspace tables through [`WorkspaceTx`].
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: Pool,
}

/// A transaction inside one workspace. Dropped without [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub struct WorkspaceTx {
    lent: Lent,
    pub(crate) workspace_id: WorkspaceId,
}

/// A read-only look at one person's own memberships, across workspaces.
#[derive(Debug)]
pub struct UserTx {
    lent: Lent,
    pub(crate) user_id: UserId,
}

impl Store {
    /// Connects and refuses a login that row level security would not bind.
    ///
    /// # Errors
    /// [`StoreError::UnsafeLogin`] for superusers, `BYPASSRLS` roles and table owners; [`StoreError::Database`].
    pub async fn connect(options: PgConnectOptions, max_connections: u32) -> Result<Self, StoreError> {
        let pool = Pool::new(options, max_connections)?;
        let login = sqlx::query!(
            r#"SELECT r.rolsuper AS "superuser!", r.rolbypassrls AS "bypass!",
                      EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r') AS "owner!",
                      has_database_privilege(current_database(), 'TEMPORARY') AS "temporary!"
               FROM pg_roles r
               WHERE r.rolname = current_user"#
        )
        .fetch_one(&pool)
        .await?;
        if login.temporary && !login.superuser {
            tracing::warn!(
                "the runtime login may create temporary tables; as the database's owner: REVOKE TEMPORARY ON DATABASE ... FROM PUBLIC"
            );
        }
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
        let (lent, _) = self.pool.begin(&set_workspace(workspace_id)).await?;
        Ok(WorkspaceTx { lent, workspace_id })
    }

    /// Begins a transaction in the workspace behind `slug`, and tells its state, all in one trip.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn enter(&self, slug: &Slug) -> Result<Option<(WorkspaceTx, State)>, StoreError> {
        // A slug has no other characters than these, so it needs no quoting.
        if !slug
            .as_str()
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Ok(None);
        }
        let (lent, rows) = self
            .pool
            .begin(&format!("SELECT * FROM rooiam_enter('{slug}')"))
            .await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let workspace_id = WorkspaceId::from_uuid(row.try_get("workspace_id")?);
        let state = State::of(
            row.try_get("suspended")?,
            row.try_get("ending")?,
            row.try_get("deleted")?,
        );
        Ok(Some((WorkspaceTx { lent, workspace_id }, state)))
    }

    /// Begins a look at what belongs to `user_id`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn as_user(&self, user_id: UserId) -> Result<UserTx, StoreError> {
        let (lent, _) = self.pool.begin(&set_user(user_id)).await?;
        Ok(UserTx { lent, user_id })
    }

    /// Begins a look at all workspaces, which row level security grants to those who operate the platform.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn as_operator(&self, user_id: UserId) -> Result<UserTx, StoreError> {
        let both = format!("{}; {}", set_user(user_id), set_workspace(WorkspaceId::PLATFORM));
        let (lent, _) = self.pool.begin(&both).await?;
        Ok(UserTx { lent, user_id })
    }

    /// Closes all connections.
    pub fn close(&self) {
        self.pool.close();
    }
}

impl WorkspaceTx {
    /// The workspace of this transaction.
    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id
    }

    /// Goes on in another workspace, in the same transaction: for a change that two logs tell of.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn switch_workspace(mut self, workspace_id: WorkspaceId) -> Result<Self, StoreError> {
        if self.workspace_id == workspace_id {
            return Ok(self);
        }
        sqlx::query!(
            "SELECT set_config('rooiam.workspace_id', $1, true)",
            workspace_id.uuid().to_string()
        )
        .fetch_one(self.conn())
        .await?;
        self.workspace_id = workspace_id;
        Ok(self)
    }

    /// Ends the transaction; everybody else goes through [`commit`](Self::commit).
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        Ok(self.lent.commit("").await?)
    }

    /// As [`finish`](Self::finish), after a last statement, in the same trip.
    pub(crate) async fn finish_after(self, last: &str) -> Result<(), StoreError> {
        Ok(self.lent.commit(last).await?)
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        self.lent.connection()
    }
}

impl UserTx {
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        self.lent.connection()
    }
}

/// Sets the tenant context for the rest of the transaction. An identifier prints as nothing but hexadecimal digits.
fn set_workspace(id: WorkspaceId) -> String {
    format!("SELECT set_config('rooiam.workspace_id', '{}', true)", id.uuid())
}

fn set_user(id: UserId) -> String {
    format!("SELECT set_config('rooiam.user_id', '{}', true)", id.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::event::Unlogged;
    use iam_testkit::Database;
    use std::{future::Future, pin::pin, task::Poll};
    use uuid::Uuid;

    async fn leaked(store: &Store) -> Option<String> {
        sqlx::query_scalar("SELECT nullif(current_setting('rooiam.workspace_id', true), '')")
            .fetch_one(&store.pool)
            .await
            .unwrap()
    }

    /// Polls a few times, then drops: a request whose browser went away.
    async fn cancelled<T>(work: impl Future<Output = T>, polls: usize) {
        let mut work = pin!(work);
        let mut left = polls;
        std::future::poll_fn(|context| {
            left = left.saturating_sub(1);
            if left == 0 || work.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    }

    #[tokio::test]
    async fn a_connection_never_carries_a_context_over() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 2).await.unwrap();
        let workspaces: Vec<_> = (0..8)
            .map(|n| WorkspaceId::from_uuid(Uuid::from_u128(n + 1)))
            .collect();
        for round in 0..40 {
            let work = workspaces.iter().map(|id| async {
                let mut tx = store.in_workspace(*id).await.unwrap();
                match round % 4 {
                    0 => tx.finish().await.unwrap(),
                    1 => {
                        let failed = sqlx::query("SELECT 1/0").execute(tx.conn()).await;
                        assert!(failed.is_err());
                    }
                    _ => {
                        let own: Option<Uuid> = sqlx::query_scalar("SELECT rooiam_workspace()")
                            .fetch_one(tx.conn())
                            .await
                            .unwrap();
                        assert_eq!(own, Some(id.uuid()));
                    }
                }
            });
            for work in work {
                if round % 4 == 3 {
                    cancelled(work, 1 + round / 4).await;
                } else {
                    work.await;
                }
            }
            let (one, two) = tokio::join!(leaked(&store), leaked(&store));
            assert_eq!((one, two), (None, None), "round {round}");
        }
    }

    #[tokio::test]
    async fn requests_at_once_on_few_connections_each_see_their_own_workspace() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 3).await.unwrap();
        let tasks: Vec<_> = (1..=60)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let id = Uuid::from_u128(n);
                    let mut tx = store.in_workspace(WorkspaceId::from_uuid(id)).await.unwrap();
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                        let own: Option<Uuid> = sqlx::query_scalar("SELECT rooiam_workspace()")
                            .fetch_one(tx.conn())
                            .await
                            .unwrap();
                        assert_eq!(own, Some(id));
                    }
                    if n % 2 == 0 {
                        tx.finish().await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(leaked(&store).await, None);
    }

    #[tokio::test]
    async fn a_job_without_a_context_sees_and_writes_nothing() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 1).await.unwrap();
        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM workspaces")
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(seen, 0, "the platform's own row is hidden too");
        let written = sqlx::query(
            "INSERT INTO workspaces (id, name, created_at) VALUES (gen_random_uuid(), 'x', now())",
        )
        .execute(&store.pool)
        .await;
        assert!(written.is_err());
    }

    /// Breaks every connection of `store`, while nobody uses one.
    async fn break_all(database: &Database) {
        let all = database.all_seeing().await.unwrap();
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'rooiam_app'")
            .execute(&all)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_broke_is_replaced_and_what_reads_or_begins_is_asked_again() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 3).await.unwrap();
        for _ in 0..2 {
            let several = futures_util::future::join_all((0..3).map(|_| store.ping())).await;
            assert!(several.into_iter().all(|answer| answer.is_ok()));
            break_all(&database).await;
            let tx = store.in_workspace(WorkspaceId::PLATFORM).await.unwrap();
            break_all(&database).await;
            assert!(
                tx.commit_unlogged(Unlogged::Seed).await.is_err(),
                "nobody knows what became of it"
            );
            store.ping().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_given_back_in_a_transaction_is_in_none() {
        let database = Database::create().await.unwrap();
        let store = Store::connect(database.runtime.clone(), 1).await.unwrap();
        for _ in 0..3 {
            drop(store.in_workspace(WorkspaceId::PLATFORM).await.unwrap());
            let context: Option<String> =
                sqlx::query_scalar("SELECT nullif(current_setting('rooiam.workspace_id', true), '')")
                    .fetch_one(&store.pool)
                    .await
                    .unwrap();
            assert_eq!(context, None);
        }
    }
}
