//! What a role may do. A role belongs to a membership, never to a person.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A built-in role of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, including giving the workspace away.
    Owner,
    /// Everything but what only an owner may.
    Admin,
    /// Reads all, changes nothing.
    Auditor,
    /// Signs in to the workspace's apps.
    Member,
}

/// One thing that can be done to one kind of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// `workspace:read`
    WorkspaceRead,
    /// `workspace:update`
    WorkspaceUpdate,
    /// `app:read`
    AppRead,
    /// `app:create`
    AppCreate,
    /// `app:update`
    AppUpdate,
}

impl Role {
    /// Whether this role holds `permission`.
    pub const fn allows(self, permission: Permission) -> bool {
        match self {
            Self::Owner | Self::Admin => true,
            Self::Auditor => matches!(permission, Permission::WorkspaceRead | Permission::AppRead),
            Self::Member => false,
        }
    }

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "owner" => Ok(Self::Owner),
            "admin" => Ok(Self::Admin),
            "auditor" => Ok(Self::Auditor),
            "member" => Ok(Self::Member),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_administers_nothing_and_an_auditor_changes_nothing() {
        assert!(!Role::Member.allows(Permission::AppRead));
        assert!(Role::Auditor.allows(Permission::AppRead));
        assert!(!Role::Auditor.allows(Permission::AppUpdate));
        assert!(Role::Owner.allows(Permission::AppUpdate));
    }
}
