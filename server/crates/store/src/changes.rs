//! What the database tells this node of changes, so that it may keep something in memory.

use crate::{Store, StoreError};
use iam_types::WorkspaceId;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::time::Duration;

/// The channel on which the database names workspaces whose issuer changed.
const ISSUER: &str = "rooiam_issuer";

/// For how long it is waited that a connection closes.
const CLOSING: Duration = Duration::from_secs(1);

/// A connection that listens.
pub struct Changes(Option<PgListener>);

impl Drop for Changes {
    fn drop(&mut self) {
        // sqlx spawns a task that closes it, which panics where the runtime has gone, as at the end of a process.
        if tokio::runtime::Handle::try_current().is_err()
            && let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
        {
            runtime.block_on(async {
                drop(self.0.take());
                let closing = async {
                    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
                        tokio::task::yield_now().await;
                    }
                };
                let _closed = tokio::time::timeout(CLOSING, closing).await;
            });
        }
    }
}

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The issuer of this workspace is another: its state, its host or its keys.
    Issuer(WorkspaceId),
    /// Something may have been missed.
    Missed,
}

impl Store {
    /// Begins to listen, on a connection of its own.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn listen(&self) -> Result<Changes, StoreError> {
        let one = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(self.pool.options())
            .await?;
        let mut listener = PgListener::connect_with(&one).await?;
        listener.ignore_pool_close_event(true);
        listener.listen(ISSUER).await?;
        Ok(Changes(Some(listener)))
    }
}

impl Changes {
    /// Waits for the next change.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the connection is gone and no other is to be had.
    pub async fn next(&mut self) -> Result<Change, StoreError> {
        let Some(listener) = &mut self.0 else {
            return Err(sqlx::Error::PoolClosed.into());
        };
        let told = listener.try_recv().await?;
        let workspace = told.and_then(|told| told.payload().parse().ok());
        Ok(workspace.map_or(Change::Missed, |id| Change::Issuer(WorkspaceId::from_uuid(id))))
    }
}
