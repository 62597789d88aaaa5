//! What handlers share.

use super::{Bodies, forwarded::Proxies};
use iam::Iam;

/// What handlers need.
#[derive(Clone)]
pub struct Web {
    /// The core.
    pub iam: Iam,
    /// Whose forwarding headers are believed.
    pub proxies: Proxies,
    /// What bodies of requests may take.
    pub bodies: Bodies,
}
