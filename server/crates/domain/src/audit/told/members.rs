//! Members, invitations, joining.

use super::Told;
use crate::audit::Action;
use iam_types::{InvitationId, Role, UserId};
use serde_json::json;

impl Told {
    /// Somebody joined who was invited.
    pub fn joined_by_invitation(id: UserId, invitation: InvitationId, role: Role) -> Self {
        let detail = json!({ "by": "invitation", "invitation": invitation, "role": role });
        Self::new(Action::MemberJoined, id, detail)
    }

    /// Somebody joined whose request was approved.
    pub fn joined_by_request(id: UserId, role: Role) -> Self {
        Self::new(Action::MemberJoined, id, json!({ "by": "request", "role": role }))
    }

    /// Somebody joined by themselves, through what was open to them.
    pub fn joined_by_themselves(id: UserId, by: &str) -> Self {
        Self::new(Action::MemberJoined, id, json!({ "by": by }))
    }

    /// A member got another built-in role.
    pub fn member_role_changed(id: UserId, from: Role, to: Role) -> Self {
        Self::new(Action::MemberRoleChanged, id, json!({ "from": from, "to": to }))
    }

    /// A member got other roles of the workspace's own making, which are told by name.
    pub fn member_roles_changed(id: UserId, given: &[String], taken: &[String]) -> Self {
        let detail = json!({ "given": given, "taken": taken });
        Self::new(Action::MemberRoleChanged, id, detail)
    }

    /// A member was taken out.
    pub fn member_removed(id: UserId, role: Role) -> Self {
        Self::new(Action::MemberRemoved, id, json!({ "role": role }))
    }

    /// A member left.
    pub fn member_left(id: UserId, role: Role) -> Self {
        Self::new(Action::MemberLeft, id, json!({ "role": role }))
    }

    /// An address was asked to join; the log knows its pseudonym.
    pub fn invitation_created(id: InvitationId, pseudonym: &str, role: Role) -> Self {
        let detail = json!({ "address": pseudonym, "role": role });
        Self::new(Action::InvitationCreated, id, detail)
    }

    /// An invitation was sent again.
    pub fn invitation_resent(id: InvitationId, pseudonym: &str, role: Role) -> Self {
        let detail = json!({ "address": pseudonym, "role": role });
        Self::new(Action::InvitationResent, id, detail)
    }

    /// An invitation was taken back.
    pub fn invitation_withdrawn(id: InvitationId) -> Self {
        Self::bare(Action::InvitationWithdrawn, id)
    }

    /// An invited person said no.
    pub fn invitation_declined(id: InvitationId) -> Self {
        Self::bare(Action::InvitationDeclined, id)
    }

    /// A person asked to join.
    pub fn join_requested(id: UserId) -> Self {
        Self::bare(Action::JoinRequested, id)
    }

    /// A person took back what they asked.
    pub fn join_request_withdrawn(id: UserId) -> Self {
        Self::new(Action::JoinRequestEnded, id, json!({ "by": "withdrawal" }))
    }

    /// A person who asked was refused.
    pub fn join_request_declined(id: UserId) -> Self {
        Self::new(Action::JoinRequestEnded, id, json!({ "by": "refusal" }))
    }
}
