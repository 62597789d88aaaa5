//! Signing in through providers that a workspace has connected (OpenID Connect Core 1.0).
//!
//! Whoever runs a provider says who its people are, so its word counts in the workspace that connected it and nowhere else, and for
//! no address that the workspace has not proved to be its own: see `docs/decisions/0016-connections.md`.

mod begin;
mod callback;
mod home;
mod link;
mod manage;
mod newcomer;
mod trace;
mod trial;

use crate::core::Core;
pub use begin::Begun;
pub use callback::{BeganAt, CameBack, Outcome, Returning};
pub use manage::ConnectionForm;
pub use trial::TrialBegun;

/// Providers of workspaces.
#[derive(Clone, Copy)]
pub struct Connections<'a> {
    pub(crate) core: &'a Core,
}
