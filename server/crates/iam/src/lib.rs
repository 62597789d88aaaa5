//! Use cases: what people and apps can do. The only crate that combines rules, wire formats and the store.
//!
//! One use case is one transaction with its audit event inside. Pages and endpoints hold an [`Iam`] and a [`Ctx`].

pub mod access;
pub mod account;
pub mod apps;
pub mod audit;
pub mod branding;
pub mod core;
pub mod ctx;
pub mod domains;
pub mod error;
pub mod members;
pub mod platform;
pub mod port;
pub mod provider;
pub mod sign_in;
pub mod workspaces;

pub use ctx::{Actor, Ctx};
pub use error::IamError;
pub use iam_domain as domain;
pub use iam_store as store;

use chrono::{DateTime, Utc};
use core::sealing::MasterKeys;
use iam_store::{Store, cache::RateLimiter};
use port::{Clock, Entropy, Resolver};
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};
use url::Url;
use uuid::Uuid;

/// What the use cases stand on.
pub struct Parts {
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
    /// Keys that are not in the database.
    pub master_keys: MasterKeys,
    /// Where people and apps reach this server; builds every link.
    pub public_url: Url,
}

/// The core. Cheap to clone.
#[derive(Clone)]
pub struct Iam {
    parts: Arc<Parts>,
    keys: core::keys::KeyCache,
    mail_waiting: Arc<Notify>,
    drawing: Arc<Semaphore>,
}

impl Iam {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
            keys: core::keys::KeyCache::default(),
            mail_waiting: Arc::new(Notify::new()),
            drawing: Arc::new(Semaphore::new(2)),
        }
    }

    /// The database, for readiness and tests.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The accelerator, for readiness.
    pub fn limiter(&self) -> &dyn RateLimiter {
        self.parts.limiter.as_ref()
    }

    /// The moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    /// `{origin}` without a trailing slash.
    pub fn origin(&self) -> &str {
        self.parts.public_url.as_str().trim_end_matches('/')
    }

    /// Whether cookies can be `Secure` and `__Host-`: anything but plain http on a loopback name in development.
    pub fn is_https(&self) -> bool {
        self.parts.public_url.scheme() == "https"
    }

    /// A fresh UUIDv7 from the injected time and entropy.
    pub fn new_uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.parts.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
