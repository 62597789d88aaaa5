//! Use cases: what people and apps can do. The only crate that combines rules, wire formats and the store.
//!
//! One use case is one transaction, which ends with its event: see [`iam_store::audit::event::Event`]. Pages and endpoints
//! hold an [`Iam`] and a [`Ctx`]. `Iam` hands out one view per room, whose methods are the use cases. Use cases never call each
//! other: they share the steps of `Core`, which take the transaction that a use case has opened.

pub mod access;
pub mod account;
pub mod apps;
pub mod audit;
pub mod branding;
pub mod connections;
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

use core::Core;
pub use core::Dependencies;
pub use ctx::{Actor, Ctx};
pub use error::IamError;
pub use iam_domain as domain;
pub use iam_store as store;

use chrono::{DateTime, Utc};
use iam_store::{Store, cache::RateLimiter};
use port::Mailer;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// The use cases, by room. Cheap to clone.
#[derive(Clone)]
pub struct Iam {
    core: Core,
}

impl Iam {
    /// Puts the dependencies together.
    pub fn new(deps: Dependencies) -> Self {
        Self {
            core: Core::new(deps),
        }
    }

    /// Signing in and out.
    pub fn sign_in(&self) -> sign_in::SignIn<'_> {
        sign_in::SignIn { core: &self.core }
    }

    /// What a person sees and changes of their own.
    pub fn account(&self) -> account::Account<'_> {
        account::Account { core: &self.core }
    }

    /// Workspaces: settings, beginning, end, owners.
    pub fn workspaces(&self) -> workspaces::Workspaces<'_> {
        workspaces::Workspaces { core: &self.core }
    }

    /// Who is in a workspace, and how they come and go.
    pub fn members(&self) -> members::Members<'_> {
        members::Members { core: &self.core }
    }

    /// Roles and groups.
    pub fn access(&self) -> access::Access<'_> {
        access::Access { core: &self.core }
    }

    /// Apps of a workspace.
    pub fn apps(&self) -> apps::Apps<'_> {
        apps::Apps { core: &self.core }
    }

    /// The OpenID provider of a workspace.
    pub fn provider(&self) -> provider::Provider<'_> {
        provider::Provider { core: &self.core }
    }

    /// Domains of a workspace.
    pub fn domains(&self) -> domains::Domains<'_> {
        domains::Domains { core: &self.core }
    }

    /// Providers through which people sign in.
    pub fn connections(&self) -> connections::Connections<'_> {
        connections::Connections { core: &self.core }
    }

    /// How a workspace looks.
    pub fn branding(&self) -> branding::Branding<'_> {
        branding::Branding { core: &self.core }
    }

    /// The log.
    pub fn audit(&self) -> audit::Audit<'_> {
        audit::Audit { core: &self.core }
    }

    /// Operating the platform.
    pub fn platform(&self) -> platform::Platform<'_> {
        platform::Platform { core: &self.core }
    }

    /// The database, for readiness and tests.
    pub fn store(&self) -> &Store {
        self.core.store()
    }

    /// The accelerator, for readiness.
    pub fn limiter(&self) -> &dyn RateLimiter {
        self.core.limiter()
    }

    /// The moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.core.now()
    }

    /// `{origin}` without a trailing slash.
    pub fn origin(&self) -> &str {
        self.core.origin()
    }

    /// Whether cookies can be `Secure` and `__Host-`: anything but plain http on a loopback name in development.
    pub fn is_https(&self) -> bool {
        self.core.is_https()
    }

    /// Whether this, in lower case and without a port, is the host of the configured public origin.
    pub fn is_platform_host(&self, host: &str) -> bool {
        self.core.is_platform_host(host)
    }

    /// Where this request's browser reaches us.
    pub fn origin_for<'a>(&'a self, ctx: &'a Ctx) -> &'a str {
        self.core.origin_for(ctx)
    }

    /// A fresh UUIDv7 from the injected time and entropy.
    pub fn new_uuid(&self) -> Uuid {
        self.core.new_uuid()
    }

    /// Lets the database tell this node what others change, for ever: until then, and while it does not, nothing that others can
    /// change is remembered.
    pub async fn follow_changes(&self) {
        self.core.follow_changes().await;
    }

    /// Sends mail until `stop` is notified, then lets what is on its way end.
    pub async fn run_mail_worker(&self, mailer: Arc<dyn Mailer>, stop: &Notify) {
        self.core.run_mail_worker(mailer, stop).await;
    }

    /// Seals `outcome` for the page at the path `page`, and returns the cookie's value; nothing if it is too long to be kept.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn seal_outcome(
        &self,
        ctx: &Ctx,
        page: &str,
        outcome: &[u8],
    ) -> Result<Option<String>, IamError> {
        self.core.seal_outcome(ctx, page, outcome).await
    }

    /// Opens what [`seal_outcome`](Self::seal_outcome) made for this browser and this page. What waited beside the
    /// session is forgotten with this; the cookie is for the caller to remove.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn open_outcome(
        &self,
        ctx: &Ctx,
        page: &str,
        cookie: &str,
    ) -> Result<Option<Vec<u8>>, IamError> {
        self.core.open_outcome(ctx, page, cookie).await
    }
}
