//! Roles and groups.

use super::Told;
use crate::{access::role::CustomRole, audit::Action, core::visible::VisibleName};
use iam_types::{AppId, GroupId, Permissions, RoleId, UserId};
use serde_json::json;

impl Told {
    /// A role was made, of an app or of the workspace.
    pub fn role_created(id: RoleId, name: &VisibleName, app: Option<AppId>) -> Self {
        Self::new(
            Action::RoleCreated,
            id,
            json!({ "name": name.as_str(), "app": app }),
        )
    }

    /// A role holds something else.
    pub fn role_permissions_changed(role: &CustomRole, wanted: Permissions) -> Self {
        let detail = json!({
            "name": role.name,
            "added": wanted.without(role.permissions),
            "removed": role.permissions.without(wanted),
        });
        Self::new(Action::RoleUpdated, role.id, detail)
    }

    /// A role has another name.
    pub fn role_renamed(id: RoleId, from: &str, to: &VisibleName) -> Self {
        let detail = json!({ "name": { "from": from, "to": to.as_str() } });
        Self::new(Action::RoleUpdated, id, detail)
    }

    /// A role was deleted.
    pub fn role_deleted(role: &CustomRole) -> Self {
        let detail = json!({ "name": role.name, "permissions": role.permissions, "holders": role.holders });
        Self::new(Action::RoleDeleted, role.id, detail)
    }

    /// A group was made.
    pub fn group_created(id: GroupId, name: &VisibleName) -> Self {
        Self::new(Action::GroupCreated, id, json!({ "name": name.as_str() }))
    }

    /// A group has another name.
    pub fn group_renamed(id: GroupId, from: &str, to: &VisibleName) -> Self {
        let detail = json!({ "name": { "from": from, "to": to.as_str() } });
        Self::new(Action::GroupUpdated, id, detail)
    }

    /// A group carries other roles, which are told by name.
    pub fn group_roles_changed(id: GroupId, given: &[String], taken: &[String]) -> Self {
        Self::new(
            Action::GroupUpdated,
            id,
            json!({ "given": given, "taken": taken }),
        )
    }

    /// A group was deleted that had so many members.
    pub fn group_deleted(id: GroupId, name: &str, members: i64) -> Self {
        Self::new(
            Action::GroupDeleted,
            id,
            json!({ "name": name, "members": members }),
        )
    }

    /// A member came into a group.
    pub fn group_member_added(id: UserId, group: GroupId) -> Self {
        Self::new(Action::GroupMemberAdded, id, json!({ "group": group }))
    }

    /// A member came into a group by what a provider said of them.
    pub fn group_member_added_by(id: UserId, group: GroupId, provider: &str) -> Self {
        let detail = json!({ "group": group, "provider": provider });
        Self::new(Action::GroupMemberAdded, id, detail)
    }

    /// A member is in a group no more that a provider had put them into.
    pub fn group_member_removed_by(id: UserId, group: GroupId, provider: &str) -> Self {
        let detail = json!({ "group": group, "provider": provider });
        Self::new(Action::GroupMemberRemoved, id, detail)
    }

    /// A member was taken out of a group.
    pub fn group_member_removed(id: UserId, group: GroupId) -> Self {
        Self::new(Action::GroupMemberRemoved, id, json!({ "group": group }))
    }
}
