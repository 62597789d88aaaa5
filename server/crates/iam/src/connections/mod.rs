//! Signing in through providers that a workspace has connected, or the platform (OpenID Connect Core 1.0).
//!
//! Whoever runs a provider says who its people are, so its word counts in the workspace that connected it and nowhere else, and for
//! no address that the workspace has not proved to be its own. Providers of the platform are those of its own workspace: their word
//! counts everywhere, for addresses whose accounts they keep. See `docs/decisions/0016-connections.md`.

mod begin;
mod callback;
mod form;
mod groups;
pub(crate) mod home;
mod link;
mod manage;
mod newcomer;
mod trace;
mod trial;
mod vouched;

use crate::core::Core;
use iam_types::{Permission, Slug};

pub use begin::{Begun, Wanted};
pub use callback::{BeganAt, CameBack, Outcome, Returning};
pub use form::ConnectionForm;
pub use groups::GroupsForm;
pub use trial::TrialBegun;

/// What it takes to decide about providers: those of the platform are believed by everybody.
fn deciding_about(slug: &Slug) -> Permission {
    if slug.is_platform() {
        Permission::ProviderUpdate
    } else {
        Permission::ConnectionUpdate
    }
}

/// Providers of workspaces, and of the platform.
#[derive(Clone, Copy)]
pub struct Connections<'a> {
    pub(crate) core: &'a Core,
}
