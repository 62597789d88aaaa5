//! What a role may do. A role belongs to a membership, never to a person.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// One thing that can be done to one kind of resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Permission {
            /// The catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name, `resource:action`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

permissions! {
    /// See the workspace's settings.
    WorkspaceRead = "workspace:read";
    /// Change the workspace's settings.
    WorkspaceUpdate = "workspace:update";
    /// Make and unmake owners.
    WorkspaceTransfer = "workspace:transfer";
    /// Delete the workspace.
    WorkspaceDelete = "workspace:delete";
    /// Take everything the workspace holds out of here.
    WorkspaceExport = "workspace:export";
    /// Claim and prove domains, decide who may join by them.
    DomainUpdate = "domain:update";
    /// Decide at which proved domain the sign-in pages live: whoever holds that domain could stand in for those who sign in.
    DomainHost = "domain:host";
    /// See the providers through which people sign in.
    ConnectionRead = "connection:read";
    /// Connect providers, change and disconnect them: whoever runs one says who its people are.
    ConnectionUpdate = "connection:update";
    /// Change how the workspace looks to those who sign in.
    BrandUpdate = "brand:update";
    /// See apps.
    AppRead = "app:read";
    /// Register apps.
    AppCreate = "app:create";
    /// Change, disable and enable apps, replace their secrets.
    AppUpdate = "app:update";
    /// Decide who has which roles of apps, and what those are called.
    AppAssign = "app:assign";
    /// See members and invitations.
    MemberRead = "member:read";
    /// Invite people, resend and withdraw invitations.
    MemberInvite = "member:invite";
    /// Change a member's role.
    MemberUpdate = "member:update";
    /// Take a member out of the workspace.
    MemberRemove = "member:remove";
    /// Recover a member who lost their second factors.
    MemberRecover = "member:recover";
    /// See roles and groups.
    RoleRead = "role:read";
    /// Make, change and delete roles.
    RoleUpdate = "role:update";
    /// Make, change and delete groups, put members in and take them out.
    GroupUpdate = "group:update";
    /// Read what happened.
    AuditRead = "audit:read";
    /// Let the operator's support in to look.
    SupportGrant = "support:grant";
    /// Of the platform: connect providers whose word counts everywhere, change and disconnect them.
    ProviderUpdate = "provider:update";
    /// Of the platform: see all people.
    UserRead = "user:read";
    /// Of the platform: disable people and end their sessions.
    UserUpdate = "user:update";
    /// Of the platform: recover people who lost their second factors.
    UserRecover = "user:recover";
    /// Of the platform: look into workspaces that let support in.
    SupportUse = "support:use";
}

/// A set of permissions. Travels as their names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Permissions(u64);

impl Permissions {
    /// None.
    pub const NONE: Self = Self(0);

    /// What a role of a workspace's own making can hold: all but making owners, which is the owners' own.
    pub const CUSTOM: Self = Self::of(Permission::ALL).without(Self::of(&[Permission::WorkspaceTransfer]));

    /// Exactly these.
    pub const fn of(list: &[Permission]) -> Self {
        let mut bits = 0;
        let mut rest = list;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first as u64;
            rest = tail;
        }
        Self(bits)
    }

    /// Those of this set that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that both hold.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The names, for storing.
    pub fn names(self) -> Vec<String> {
        self.iter()
            .map(|permission| permission.as_str().to_owned())
            .collect()
    }

    /// Whether `permission` is among them.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// Whether all of `other` are among them.
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Each of them, in the order of the catalogue.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.contains(*permission))
    }
}

impl<T: AsRef<str>> FromIterator<T> for Permissions {
    /// Names that the catalogue lacks give nothing: they may be those of a newer version.
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        names.into_iter().fold(Self::NONE, |held, name| {
            let known = Permission::ALL
                .iter()
                .find(|permission| permission.as_str() == name.as_ref());
            known.map_or(held, |permission| held.union(Self::of(&[*permission])))
        })
    }
}

impl From<Vec<String>> for Permissions {
    fn from(names: Vec<String>) -> Self {
        names.iter().collect()
    }
}

impl From<Permissions> for Vec<String> {
    fn from(held: Permissions) -> Self {
        held.names()
    }
}

/// A built-in role of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

impl Permission {
    /// Whether it means something only in the platform.
    pub const fn is_of_platform(self) -> bool {
        matches!(
            self,
            Self::ProviderUpdate | Self::UserRead | Self::UserUpdate | Self::UserRecover | Self::SupportUse
        )
    }
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: &'static [Self] = &[Self::Owner, Self::Admin, Self::Auditor, Self::Member];

    /// What it lets a member do.
    pub const fn permissions(self) -> Permissions {
        let all = Permissions::of(Permission::ALL);
        match self {
            Self::Owner => all,
            Self::Admin => all.without(Permissions::of(&[
                Permission::WorkspaceTransfer,
                Permission::WorkspaceDelete,
                Permission::WorkspaceExport,
                Permission::DomainHost,
                Permission::ConnectionUpdate,
                Permission::ProviderUpdate,
            ])),
            Self::Auditor => Permissions::of(&[
                Permission::WorkspaceRead,
                Permission::ConnectionRead,
                Permission::AppRead,
                Permission::MemberRead,
                Permission::RoleRead,
                Permission::AuditRead,
                Permission::UserRead,
            ]),
            Self::Member => Permissions::of(&[]),
        }
    }

    /// Whether this role holds `permission`.
    pub const fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(permission)
    }

    /// Whether its holder may give `other`, or change somebody who has it: nobody grants what they do not hold.
    pub const fn covers(self, other: Self) -> bool {
        self.permissions().covers(other.permissions())
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
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.as_str() == text)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_administers_nothing_and_an_auditor_changes_nothing() {
        assert_eq!(Role::Member.permissions().iter().count(), 0);
        assert!(Role::Auditor.allows(Permission::AppRead));
        let names: Vec<_> = Role::Auditor
            .permissions()
            .iter()
            .map(Permission::as_str)
            .collect();
        assert!(names.iter().all(|name| name.ends_with(":read")), "{names:?}");
    }

    #[test]
    fn only_an_owner_reaches_an_owner() {
        let reaching: Vec<_> = Role::ALL.iter().filter(|role| role.covers(Role::Owner)).collect();
        assert_eq!(reaching, [&Role::Owner]);
        assert!(!Role::Auditor.covers(Role::Admin));
    }

    #[test]
    fn what_a_role_can_give_never_adds_up_to_more_than_it_holds() {
        for giver in Role::ALL {
            for given in Role::ALL.iter().filter(|role| giver.covers(**role)) {
                assert!(
                    given
                        .permissions()
                        .iter()
                        .all(|permission| giver.allows(permission))
                );
                assert!(
                    Role::ALL
                        .iter()
                        .all(|next| !given.covers(*next) || giver.covers(*next))
                );
            }
        }
    }

    #[test]
    fn names_that_nobody_knows_give_nothing() {
        let held: Permissions = ["app:read", "app:READ", "*", "", "everything:do"]
            .iter()
            .collect();
        assert_eq!(held, Permissions::of(&[Permission::AppRead]));
    }

    #[test]
    fn no_role_of_own_making_can_make_owners() {
        assert!(!Permissions::CUSTOM.covers(Role::Owner.permissions()));
        assert!(Permissions::CUSTOM.covers(Role::Admin.permissions()));
    }

    #[test]
    fn each_permission_has_a_place_of_its_own_in_the_set() {
        for one in Permission::ALL {
            let alone: Vec<_> = Permissions::of(&[*one]).iter().collect();
            assert_eq!(
                Permissions::of(&[*one]).names().iter().collect::<Permissions>(),
                Permissions::of(&[*one])
            );
            assert_eq!(alone, [*one]);
            assert_eq!(one.as_str().split(':').count(), 2);
        }
        assert!(Permission::ALL.len() <= 64);
    }
}
