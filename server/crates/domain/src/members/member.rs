//! People in a workspace.

use crate::core::text::stored_as_text;
use chrono::{DateTime, Utc};
use iam_types::{PictureId, Role, UserId};

/// A person in a workspace.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// Primary address.
    pub email: String,
    /// Display name, empty when never given.
    pub display_name: String,
    /// Picture, if they have one.
    pub picture: Option<PictureId>,
    /// Their role.
    pub role: Role,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
}

/// A member as a list shows them.
#[derive(Debug, Clone)]
pub struct ListedMember {
    /// Who.
    pub member: Member,
    /// When they last did something that this workspace's log tells of.
    pub last_active_at: Option<DateTime<Utc>>,
    /// The names of their groups.
    pub groups: Vec<String>,
}

/// How a list of members is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberOrder {
    /// By address, A to Z.
    #[default]
    Email,
    /// By address, Z to A.
    EmailBackwards,
    /// Who joined last comes first.
    Joined,
    /// Who joined first comes first.
    JoinedBackwards,
    /// Owners first, then by address.
    Role,
    /// Owners last, and addresses from Z to A.
    RoleBackwards,
}

stored_as_text!(MemberOrder {
    Email = "email",
    EmailBackwards = "-email",
    Joined = "joined",
    JoinedBackwards = "-joined",
    Role = "role",
    RoleBackwards = "-role"
});

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

impl MemberFilter {
    /// Whether every member passes.
    pub fn admits_all(&self) -> bool {
        self.search.is_empty() && self.role.is_none()
    }
}
