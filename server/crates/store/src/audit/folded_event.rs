//! Events that are counted instead of written, until their hour is over.

use crate::{StoreError, WorkspaceTx};
use chrono::{DateTime, Utc};
use iam_domain::audit::Action;

/// What is counted together.
#[derive(Debug)]
pub struct Fold<'a> {
    /// The beginning of its hour.
    pub window: DateTime<Utc>,
    /// What.
    pub action: Action,
    /// A person's printed identifier, a network, or nothing for all others.
    pub source: &'a str,
    /// On what: a printed identifier.
    pub target: &'a str,
    /// Why, in one word.
    pub reason: &'a str,
}

/// What was counted.
#[derive(Debug)]
pub struct FoldedEvent {
    /// The stored name of what.
    pub action: String,
    /// As [`Fold::source`].
    pub source: String,
    /// As [`Fold::target`].
    pub target: String,
    /// As [`Fold::reason`].
    pub reason: String,
    /// How often.
    pub times: i64,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl WorkspaceTx {
    /// Counts an event.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn fold_event(&mut self, fold: &Fold<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let workspace_id = self.workspace_id.uuid();
        sqlx::query!(
            "INSERT INTO folded_events (workspace_id, window_start, action, source, target, reason, times, first_at, last_at)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)
             ON CONFLICT (workspace_id, window_start, action, source, target, reason)
             DO UPDATE SET times = folded_events.times + 1, last_at = excluded.last_at",
            workspace_id,
            fold.window,
            fold.action.as_str(),
            fold.source,
            fold.target,
            fold.reason,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Counts an event of which there is a count already. False when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn fold_again(&mut self, fold: &Fold<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        let done = sqlx::query!(
            "UPDATE folded_events SET times = times + 1, last_at = $7
             WHERE workspace_id = $1 AND window_start = $2 AND action = $3 AND source = $4 AND target = $5 AND reason = $6",
            workspace_id,
            fold.window,
            fold.action.as_str(),
            fold.source,
            fold.target,
            fold.reason,
            now
        )
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes what was counted in hours that began before or at `until`. It is gone when this transaction commits.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_folded_events(&mut self, until: DateTime<Utc>) -> Result<Vec<FoldedEvent>, StoreError> {
        let workspace_id = self.workspace_id.uuid();
        Ok(sqlx::query_as!(
            FoldedEvent,
            "DELETE FROM folded_events
             WHERE workspace_id = $1 AND window_start <= $2
             RETURNING action, source, target, reason, times, first_at, last_at",
            workspace_id,
            until
        )
        .fetch_all(self.conn())
        .await?)
    }
}
