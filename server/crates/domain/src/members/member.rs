//! People in a workspace.

use chrono::{DateTime, Utc};
use iam_types::{Role, UserId};

/// A person in a workspace.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
}

/// How a list of members is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberOrder {
    /// By address, A to Z.
    #[default]
    Email,
    /// Who joined last comes first.
    Joined,
}

/// Which members a list shows.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// A part of the name or address, empty for all.
    pub search: String,
    /// Those with this role only.
    pub role: Option<Role>,
    /// In which order.
    pub order: MemberOrder,
}
