//! What the database tells this node of changes, so that it may keep something in memory.

use crate::{Store, StoreError};
use iam_types::WorkspaceId;
use sqlx::postgres::{PgListener, PgPoolOptions};

/// The channel on which the database names workspaces whose issuer changed.
const ISSUER: &str = "rooiam_issuer";

/// A connection that listens. It is let go inside a runtime: sqlx spawns a task that closes it.
pub struct Changes(PgListener);

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
        Ok(Changes(listener))
    }
}

impl Changes {
    /// Waits for the next change.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the connection is gone and no other is to be had.
    pub async fn next(&mut self) -> Result<Change, StoreError> {
        let told = self.0.try_recv().await?;
        let workspace = told.and_then(|told| told.payload().parse().ok());
        Ok(workspace.map_or(Change::Missed, |id| Change::Issuer(WorkspaceId::from_uuid(id))))
    }
}
