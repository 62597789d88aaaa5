//! Roles of a workspace's own making, and what somebody may do altogether.

use crate::core::visible::VisibleName;
use iam_types::{AppId, ErrorCode, Permission, Permissions, Role, RoleId};

/// How many roles a workspace can have, those of its apps included.
pub const MOST_ROLES: usize = 200;
/// How many groups a workspace can have.
pub const MOST_GROUPS: usize = 200;

/// What a member is and may do: their built-in role and all other roles together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveAccess {
    /// The built-in role.
    pub role: Role,
    /// Everything they may do.
    pub permissions: Permissions,
}

impl EffectiveAccess {
    /// From the built-in role and what the others hold.
    pub const fn new(role: Role, others: Permissions) -> Self {
        Self {
            role,
            permissions: role.permissions().union(others),
        }
    }

    /// Whether they may do it.
    pub const fn allows(self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether they hold all of `other`: only then may they give it, take it, or change somebody who has it.
    pub const fn covers(self, other: Permissions) -> bool {
        self.permissions.covers(other)
    }
}

/// A role of a workspace's own making.
#[derive(Debug, Clone)]
pub struct CustomRole {
    /// Which one.
    pub id: RoleId,
    /// Its name; of an app's role, what its tokens say.
    pub name: String,
    /// The app whose role it is, with its name.
    pub app: Option<(AppId, String)>,
    /// What it lets its holders do in the workspace; nothing if it is an app's.
    pub permissions: Permissions,
    /// Counts changes.
    pub version: i32,
    /// How many members have it.
    pub holders: i64,
}

impl CustomRole {
    /// What somebody must hold to give it, to take it, or to change what it says of those who have it: what it holds, and
    /// for an app's role, which holds nothing here but may open anything there, the right to give those.
    pub fn weight(&self) -> Permissions {
        match self.app {
            Some(_) => self.permissions.union(Permissions::of(&[Permission::AppAssign])),
            None => self.permissions,
        }
    }
}

/// Parses what an app calls a role: 1 to 64 of letters, digits and `. _ : / -`, so that it fits any claim mapping.
///
/// # Errors
/// [`ErrorCode::InvalidAppRole`].
pub fn parse_app_role(text: &str) -> Result<VisibleName, ErrorCode> {
    let name = text.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        Ok(VisibleName::plain(name))
    } else {
        Err(ErrorCode::InvalidAppRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_apps_role_is_one_plain_word() {
        for good in ["admin", "billing:read", "acme/editor", "v1.Reader_x-2"] {
            let parsed = parse_app_role(&format!(" {good} "));
            assert_eq!(parsed.as_ref().map(VisibleName::as_str), Ok(good));
        }
        for bad in ["", " ", "two words", "a,b", "rôle", "a\"b", &"x".repeat(65)] {
            assert_eq!(parse_app_role(bad), Err(ErrorCode::InvalidAppRole), "{bad}");
        }
    }

    #[test]
    fn an_apps_role_weighs_the_right_to_give_it_and_another_what_it_holds() {
        let role = |app, permissions| CustomRole {
            id: "rol_01920000000070008000000000000042".parse().unwrap(),
            name: "doctor".to_owned(),
            app,
            permissions,
            version: 1,
            holders: 0,
        };
        let assign = Permissions::of(&[Permission::AppAssign]);
        let app = Some((
            "app_01920000000070008000000000000042".parse().unwrap(),
            "Clinic".to_owned(),
        ));
        assert_eq!(role(app, Permissions::NONE).weight(), assign);
        let read = Permissions::of(&[Permission::AppRead]);
        assert_eq!(role(None, read).weight(), read);
        for (built_in, gives) in [
            (Role::Owner, true),
            (Role::Admin, true),
            (Role::Auditor, false),
            (Role::Member, false),
        ] {
            assert_eq!(built_in.permissions().covers(assign), gives, "{built_in}");
        }
    }

    fn any_permissions() -> impl Strategy<Value = Permissions> {
        prop::sample::subsequence(Permission::ALL.to_vec(), 0..=Permission::ALL.len())
            .prop_map(|list| Permissions::of(&list))
    }

    proptest! {
        #[test]
        fn whoever_gives_what_they_reach_never_makes_somebody_mightier_than_themselves(
            role in prop::sample::select(Role::ALL), own in any_permissions(), given in any_permissions(), next in any_permissions()
        ) {
            let giver = EffectiveAccess::new(role, own);
            if giver.covers(given) && giver.covers(Role::Member.permissions()) {
                let receiver = EffectiveAccess::new(Role::Member, given);
                prop_assert!(giver.covers(receiver.permissions));
                prop_assert!(!receiver.covers(next) || giver.covers(next));
            }
        }

        #[test]
        fn roles_of_own_making_never_reach_an_owner(own in any_permissions()) {
            let member = EffectiveAccess::new(Role::Admin, own.intersection(Permissions::CUSTOM));
            prop_assert!(!member.covers(Role::Owner.permissions()));
        }
    }
}
