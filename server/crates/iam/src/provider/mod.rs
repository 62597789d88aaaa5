//! The OIDC provider: authorize, decide, exchange, refresh, userinfo.

mod accepted;
mod begin;
mod claims;
mod client;
mod code;
mod decide;
mod error;
mod hint;
mod outlook;
mod refusal;
mod rotation;
mod sign_in;
mod test_sign_in;
mod token;
mod userinfo;

pub use begin::AuthorizeOutcome;
pub use decide::{AuthorizeStep, Decided, Decision};
pub use error::ProviderError;
pub use sign_in::{SignIn, WayBack};

use crate::{Ctx, IamError, core::Core};
use iam_domain::{apps::app::SigningAlg, provider::scope::Scope, sign_in::assurance::Assurance};
use iam_protocol::{jose::KeySet, oidc::discovery::Discovery};
use iam_types::Slug;
use std::sync::Arc;

/// The OpenID provider of a workspace.
#[derive(Clone, Copy)]
pub struct Provider<'a> {
    pub(crate) core: &'a Core,
}

impl Provider<'_> {
    /// The discovery document of a workspace, at the host it was asked for.
    ///
    /// # Errors
    /// As [`id`](crate::workspaces::Workspaces::id).
    pub async fn discovery(self, ctx: &Ctx, slug: &Slug) -> Result<Discovery, IamError> {
        self.core.issuer_behind(slug).await?;
        Ok(Discovery::new(
            &self.core.issuer_for(ctx, slug),
            Scope::ALL.map(Scope::as_str).to_vec(),
            SigningAlg::ALL.map(SigningAlg::as_str).to_vec(),
        )
        .with_acr_values(self.core.acr_values(ctx)))
    }

    /// The public keys of a workspace.
    ///
    /// # Errors
    /// As [`discovery`](Self::discovery).
    pub async fn key_set(self, slug: &Slug) -> Result<Arc<KeySet>, IamError> {
        Ok(self.core.issuer_behind(slug).await?.keys)
    }
}

impl Core {
    /// How sure of a person apps can ask to be, at the host that they ask at: passkeys are not everywhere.
    fn acr_values(&self, ctx: &Ctx) -> Vec<&'static str> {
        let passkeys = self.signs_in_by_passkey(ctx);
        Assurance::ALL
            .into_iter()
            .filter(|level| passkeys || *level != Assurance::PhishingResistant)
            .map(Assurance::acr)
            .collect()
    }
}
