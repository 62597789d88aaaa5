//! What operators do, and their support.

use super::{Told, workspaces::asked};
use crate::{
    audit::Action,
    core::visible::TextLine,
    platform::ceilings::Ceilings,
    sign_in::{decision::SignInPolicy, models::Models},
    workspaces::workspace::{Admission, Creation},
};
use chrono::{DateTime, Utc};
use iam_types::{Role, UserId, WindowId, WorkspaceId};
use serde_json::json;

impl Told {
    /// The platform decides this for all.
    pub fn platform_updated(creation: Creation, admission: Admission, ceilings: Ceilings) -> Self {
        let detail = json!({
            "workspace_creation": creation.as_str(),
            "default_admission": admission.as_str(),
            "members_ceiling": ceilings.members,
            "apps_ceiling": ceilings.apps,
            "sessions_ceiling": ceilings.sessions,
            "trust_days": ceilings.trust_days,
        });
        Self::new(Action::PlatformUpdated, WorkspaceId::PLATFORM, detail)
    }

    /// The platform asks this of each sign-in that enters a workspace.
    pub fn platform_sign_in_policy_set(was: SignInPolicy, asks: SignInPolicy) -> Self {
        let detail = json!({ "sign_in": asked(was, asks) });
        Self::new(Action::PlatformUpdated, WorkspaceId::PLATFORM, detail)
    }

    /// With these models of authenticators a sign-in by passkey enters any workspace.
    pub fn platform_models_set(was: Models, models: Models) -> Self {
        let detail = json!({ "passkey_models": { "from": was.list(), "to": models.list() } });
        Self::new(Action::PlatformUpdated, WorkspaceId::PLATFORM, detail)
    }

    /// Whoever is at the machine made somebody an owner of the platform.
    pub fn operator_appointed(id: UserId) -> Self {
        let detail = json!({ "by": "command", "role": Role::Owner });
        Self::new(Action::MemberJoined, id, detail)
    }

    /// An operator shut a workspace.
    pub fn workspace_suspended(id: WorkspaceId, reason: &TextLine) -> Self {
        let detail = json!({ "reason": reason.as_str() });
        Self::new(Action::WorkspaceSuspended, id, detail)
    }

    /// A workspace was shut since its last owner may sign in no more.
    pub fn workspace_without_owner(id: WorkspaceId, reason: &str, owner: UserId) -> Self {
        let detail = json!({ "reason": reason, "owner": owner });
        Self::new(Action::WorkspaceSuspended, id, detail)
    }

    /// An operator opened a workspace again.
    pub fn workspace_resumed(id: WorkspaceId) -> Self {
        Self::new(Action::WorkspaceResumed, id, json!({ "reason": null }))
    }

    /// An operator lets passkeys of the platform work at a workspace's own host, or no more.
    pub fn host_passkeys_set(id: WorkspaceId, host: &str, work: bool) -> Self {
        let detail = json!({ "host": host });
        if work {
            Self::new(Action::HostPasskeysAllowed, id, detail)
        } else {
            Self::new(Action::HostPasskeysStopped, id, detail)
        }
    }

    /// An operator made a member an owner.
    pub fn owner_appointed(id: UserId, was: Option<Role>) -> Self {
        let detail = json!({ "by": "operator", "from": was, "to": Role::Owner });
        Self::new(Action::MemberRoleChanged, id, detail)
    }

    /// The operator lets a person sign in no more.
    pub fn user_disabled(id: UserId) -> Self {
        Self::new(Action::UserDisabled, id, json!({ "by": "operator" }))
    }

    /// The operator lets a person sign in again.
    pub fn user_enabled(id: UserId) -> Self {
        Self::new(Action::UserEnabled, id, json!({ "by": "operator" }))
    }

    /// The operator's support was let in.
    pub fn support_opened(id: WorkspaceId, reason: &TextLine, expires_at: DateTime<Utc>) -> Self {
        let detail = json!({ "reason": reason.as_str(), "expires_at": expires_at });
        Self::new(Action::SupportOpened, id, detail)
    }

    /// The operator's support was shut out.
    pub fn support_closed(id: WorkspaceId) -> Self {
        Self::bare(Action::SupportClosed, id)
    }

    /// Somebody of the operator's support came in.
    pub fn support_entered(id: WorkspaceId, window: WindowId, reason: &str) -> Self {
        let detail = json!({ "window": window, "reason": reason });
        Self::new(Action::SupportEntered, id, detail)
    }
}
