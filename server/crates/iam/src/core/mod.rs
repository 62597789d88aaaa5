//! What the use cases of all rooms stand on.

mod hasher;
pub mod image;
pub(crate) mod issuers;
pub mod keys;
pub mod limits;
pub mod mail;
pub mod models;
pub mod outcome;
pub(crate) mod password;
mod proof_of_work;
pub(crate) mod relying_party;
pub mod sealing;
pub mod secret;
pub(crate) mod upstream;

use crate::port::{BreachedPasswords, Clock, Entropy, Places, Resolver, outbound::Outbound, toll::Toll};
use chrono::{DateTime, Utc};
use hasher::Hasher;
use iam_store::{Store, cache::RateLimiter};
use models::KnownModels;
use proof_of_work::ProofOfWork;
use relying_party::relying_party;
use sealing::MasterKeys;
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};
use url::Url;
use uuid::Uuid;
use webauthn_rs::Webauthn;

/// What the use cases stand on.
pub struct Dependencies {
    /// The database.
    pub store: Store,
    /// The accelerator.
    pub limiter: Arc<dyn RateLimiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Name servers.
    pub resolver: Arc<dyn Resolver>,
    /// Where addresses are, if the operator brought what knows that.
    pub places: Option<Arc<dyn Places>>,
    /// What tells browsers from floods; without one, work that needs nobody else.
    pub toll: Option<Arc<dyn Toll>>,
    /// Passwords that became known, if the operator brought them.
    pub breached: Option<Arc<dyn BreachedPasswords>>,
    /// Models of authenticators, if the operator brought what tells of them.
    pub models: Option<Arc<KnownModels>>,
    /// The way to servers that people name.
    pub outbound: Arc<dyn Outbound>,
    /// Keys that are not in the database.
    pub master_keys: MasterKeys,
    /// Where people and apps reach this server; builds every link.
    pub public_url: Url,
}

/// What every room borrows: the dependencies, and what one node keeps in memory. Its methods are the steps that use cases are made
/// of: they take the transaction that a use case has opened.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) deps: Arc<Dependencies>,
    pub(crate) keys: keys::KeyCache,
    pub(crate) issuers: issuers::Issuers,
    pub(crate) providers: upstream::Providers,
    pub(crate) mail_waiting: Arc<Notify>,
    pub(crate) drawing: Arc<Semaphore>,
    pub(crate) relying_party: Option<Arc<Webauthn>>,
    pub(crate) hasher: Hasher,
    pub(crate) toll: Arc<dyn Toll>,
}

impl Core {
    /// Puts the dependencies together.
    pub(crate) fn new(deps: Dependencies) -> Self {
        let toll = deps.toll.clone().unwrap_or_else(|| {
            let key = deps.master_keys.hash("proof of work", b"");
            Arc::new(ProofOfWork::new(key, deps.entropy.clone()))
        });
        Self {
            toll,
            relying_party: relying_party(&deps.public_url).map(Arc::new),
            deps: Arc::new(deps),
            keys: keys::KeyCache::default(),
            issuers: issuers::Issuers::default(),
            providers: upstream::Providers::default(),
            mail_waiting: Arc::new(Notify::new()),
            drawing: Arc::new(Semaphore::new(2)),
            hasher: Hasher::default(),
        }
    }

    /// The database, for readiness and tests.
    pub(crate) fn store(&self) -> &Store {
        &self.deps.store
    }

    /// The accelerator, for readiness.
    pub(crate) fn limiter(&self) -> &dyn RateLimiter {
        self.deps.limiter.as_ref()
    }

    /// The moment.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.deps.clock.now()
    }

    /// `{origin}` without a trailing slash.
    pub(crate) fn origin(&self) -> &str {
        self.deps.public_url.as_str().trim_end_matches('/')
    }

    /// Whether cookies can be `Secure` and `__Host-`: anything but plain http on a loopback name in development.
    pub(crate) fn is_https(&self) -> bool {
        self.deps.public_url.scheme() == "https"
    }

    /// A fresh UUIDv7 from the injected time and entropy.
    pub(crate) fn new_uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.deps.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
