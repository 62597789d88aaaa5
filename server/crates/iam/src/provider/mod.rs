//! The OIDC provider: authorize, decide, exchange, refresh, userinfo.

mod begin;
mod code;
mod decide;
mod hint;
mod refusal;
mod rotation;
mod sign_in;
mod token;
mod userinfo;

pub use begin::Begun;
pub use decide::{Decided, Decision, Next};
pub use sign_in::{SignIn, WayBack};

use crate::{Ctx, Iam};
use iam_domain::{apps::app::SigningAlg, provider::scope::Scope};
use iam_protocol::oidc::discovery::Discovery;
use iam_types::Slug;

impl Iam {
    /// The discovery document of a workspace, at the host it was asked for.
    pub fn discovery(&self, ctx: &Ctx, slug: &Slug) -> Discovery {
        Discovery::new(
            &self.issuer_for(ctx, slug),
            Scope::ALL.map(Scope::as_str).to_vec(),
            SigningAlg::ALL.map(SigningAlg::as_str).to_vec(),
        )
    }
}
