//! Issuers that this node remembers: whose a slug is, that the workspace is open, and its public keys. A key never changes once
//! made, so what is remembered of keys can be less than there is, never something else.
//!
//! What is remembered counts as current only while the database tells this node of every change, and then for [`FRESH`] at
//! most, should it tell less than it seems. Else it is read anew.

use super::{Core, keys::read_key_set};
use crate::IamError;
use chrono::{DateTime, TimeDelta, Utc};
use iam_protocol::jose::KeySet;
use iam_store::changes::Change;
use iam_types::{Slug, WorkspaceId};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// For how long an issuer counts as current without being read.
const FRESH: TimeDelta = TimeDelta::seconds(30);
/// How many are remembered; beyond them it begins anew.
const MOST: usize = 16_384;
/// How long a node that is told nothing waits until it tries to listen again.
const PAUSE: Duration = Duration::from_secs(1);

/// An issuer as it was read.
#[derive(Clone)]
pub(crate) struct Issuer {
    /// Whose.
    pub(crate) workspace: WorkspaceId,
    /// What verifies its tokens.
    pub(crate) keys: Arc<KeySet>,
    read_at: DateTime<Utc>,
}

#[derive(Default)]
struct Remembered {
    issuers: HashMap<Slug, Issuer>,
    /// Counts what was forgotten: what was read before is not remembered after.
    forgotten: u64,
    is_told: bool,
}

impl Remembered {
    fn forget(&mut self, change: Change) {
        self.forgotten += 1;
        match change {
            Change::Issuer(workspace) => self.issuers.retain(|_, issuer| issuer.workspace != workspace),
            Change::Missed => self.issuers.clear(),
        }
    }
}

/// The issuers of this node.
#[derive(Clone, Default)]
pub(crate) struct Issuers(Arc<RwLock<Remembered>>);

impl Issuers {
    fn look<T>(&self, look: impl FnOnce(&Remembered) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Remembered) -> T) -> T {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Core {
    /// The issuer behind a slug, as it is now.
    ///
    /// # Errors
    /// As [`in_workspace_behind`](Self::in_workspace_behind).
    pub(crate) async fn issuer_behind(&self, slug: &Slug) -> Result<Issuer, IamError> {
        let now = self.now();
        let known = self.issuers.look(|remembered| {
            let issuer = remembered.issuers.get(slug).filter(|_| remembered.is_told);
            issuer.filter(|issuer| now - issuer.read_at < FRESH).cloned()
        });
        match known {
            Some(issuer) => Ok(issuer),
            None => self.read_issuer(slug).await,
        }
    }

    /// The issuer behind a slug that has the key which `token` names, as it was when it was read last. Says nothing about
    /// whether the workspace is open.
    ///
    /// # Errors
    /// As [`in_workspace_behind`](Self::in_workspace_behind).
    pub(crate) async fn issuer_of(&self, slug: &Slug, token: &str) -> Result<Issuer, IamError> {
        let known = self
            .issuers
            .look(|remembered| remembered.issuers.get(slug).cloned());
        match known.filter(|issuer| issuer.keys.names_key_of(token)) {
            Some(issuer) => Ok(issuer),
            None => self.read_issuer(slug).await,
        }
    }

    async fn read_issuer(&self, slug: &Slug) -> Result<Issuer, IamError> {
        let forgotten = self.issuers.look(|remembered| remembered.forgotten);
        let read_at = self.now();
        let mut tx = self.in_workspace_behind(slug).await?;
        let issuer = Issuer {
            workspace: tx.workspace_id(),
            keys: Arc::new(read_key_set(&mut tx).await?),
            read_at,
        };
        self.issuers.change(|remembered| {
            if remembered.forgotten == forgotten {
                if remembered.issuers.len() >= MOST {
                    remembered.issuers.clear();
                }
                remembered.issuers.insert(slug.clone(), issuer.clone());
            }
        });
        Ok(issuer)
    }

    /// Listens to what the database tells of changes, for ever.
    pub(crate) async fn follow_changes(&self) {
        loop {
            match self.deps.store.listen().await {
                Ok(mut changes) => {
                    self.issuers.change(|remembered| {
                        remembered.forget(Change::Missed);
                        remembered.is_told = true;
                    });
                    while let Ok(change) = changes.next().await {
                        self.issuers.change(|remembered| remembered.forget(change));
                    }
                    self.issuers.change(|remembered| remembered.is_told = false);
                }
                Err(error) => tracing::warn!(%error, "not told of changes, asking the database each time"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
