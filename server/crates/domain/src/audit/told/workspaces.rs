//! Workspaces: settings, domains, look, owners, beginning and end.

use super::Told;
use crate::{
    audit::Action,
    branding::brand::Colour,
    core::visible::{TextLines, VisibleName},
    domains::domain_name::{ClaimedDomain, DomainName, Joining},
    sign_in::{decision::SignInPolicy, models::Models},
    workspaces::workspace::{Admission, Workspace},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{LogoId, Role, SignInMethod, Slug, UserId, WorkspaceId};
use serde_json::{Value, json};

/// What is asked of a sign-in, before and after; times are told in seconds.
pub(super) fn asked(was: SignInPolicy, asks: SignInPolicy) -> Value {
    let secs = |time: Option<TimeDelta>| time.map(|time| time.num_seconds());
    let refused = |policy: SignInPolicy| policy.refused.iter().collect::<Vec<SignInMethod>>();
    json!({
        "max_age": { "from": secs(was.max_age), "to": secs(asks.max_age) },
        "max_idle": { "from": secs(was.max_idle), "to": secs(asks.max_idle) },
        "two_factors": { "from": was.two_factors, "to": asks.two_factors },
        "same_network": { "from": was.same_network, "to": asks.same_network },
        "refused_methods": { "from": refused(was), "to": refused(asks) },
    })
}

impl Told {
    /// A workspace was created.
    pub fn workspace_created(id: WorkspaceId, slug: &Slug) -> Self {
        Self::new(Action::WorkspaceCreated, id, json!({ "slug": slug }))
    }

    /// A workspace's settings changed from what they are in `was`.
    pub fn workspace_updated(was: &Workspace, name: &VisibleName, admission: Admission) -> Self {
        let detail = json!({
            "name": { "from": was.name, "to": name.as_str() },
            "admission": { "from": was.admission.as_str(), "to": admission.as_str() },
        });
        Self::new(Action::WorkspaceUpdated, was.id, detail)
    }

    /// A workspace asks this of a sign-in that enters it.
    pub fn sign_in_policy_set(was: &Workspace, asks: SignInPolicy) -> Self {
        let detail = json!({ "sign_in": asked(was.asks, asks) });
        Self::new(Action::WorkspaceUpdated, was.id, detail)
    }

    /// With these models of authenticators a sign-in by passkey enters a workspace.
    pub fn models_set(id: WorkspaceId, was: Models, models: Models) -> Self {
        let detail = json!({ "passkey_models": { "from": was.list(), "to": models.list() } });
        Self::new(Action::WorkspaceUpdated, id, detail)
    }

    /// A workspace has this host of its own, or none.
    pub fn custom_domain_set(id: WorkspaceId, host: Option<&DomainName>) -> Self {
        let detail = json!({ "host": host.map(DomainName::as_str) });
        Self::new(Action::WorkspaceUpdated, id, detail)
    }

    /// An owner wants the workspace deleted, which is due then.
    pub fn workspace_ending(id: WorkspaceId, due: DateTime<Utc>) -> Self {
        Self::new(Action::WorkspaceEnding, id, json!({ "delete_after": due }))
    }

    /// An owner does not want that any more.
    pub fn workspace_restored(id: WorkspaceId) -> Self {
        Self::bare(Action::WorkspaceRestored, id)
    }

    /// Everything in the workspace was deleted.
    pub fn workspace_deleted(id: WorkspaceId) -> Self {
        Self::bare(Action::WorkspaceDeleted, id)
    }

    /// Everything in the workspace was taken out as a file.
    pub fn workspace_exported(id: WorkspaceId) -> Self {
        Self::bare(Action::WorkspaceExported, id)
    }

    /// An owner offered their ownership to a member.
    pub fn ownership_offered(to: UserId) -> Self {
        Self::bare(Action::OwnershipOffered, to)
    }

    /// What `from` offered was withdrawn or declined.
    pub fn ownership_offer_ended(from: UserId) -> Self {
        Self::bare(Action::OwnershipOfferEnded, from)
    }

    /// One of the two who changed places when an offer was taken.
    pub fn ownership_transferred(id: UserId, from: Option<Role>, to: Role) -> Self {
        let detail = json!({ "by": "transfer", "from": from, "to": to });
        Self::new(Action::MemberRoleChanged, id, detail)
    }

    /// A domain was claimed.
    pub fn domain_claimed(name: &DomainName) -> Self {
        Self::bare(Action::DomainClaimed, name)
    }

    /// A domain's proof was seen for the first time.
    pub fn domain_proved(name: &DomainName) -> Self {
        Self::bare(Action::DomainProved, name)
    }

    /// A domain's proof has been missing for too long.
    pub fn domain_lost(name: &DomainName) -> Self {
        Self::bare(Action::DomainLost, name)
    }

    /// Who may join by a domain was changed.
    pub fn domain_updated(domain: &ClaimedDomain, joining: Joining) -> Self {
        let detail = json!({ "joining": { "from": domain.joining.as_str(), "to": joining.as_str() } });
        Self::new(Action::DomainUpdated, &domain.name, detail)
    }

    /// A domain was given up.
    pub fn domain_removed(name: &DomainName) -> Self {
        Self::bare(Action::DomainRemoved, name)
    }

    /// The workspace looks like this.
    pub fn brand_updated(
        id: WorkspaceId,
        accent: Option<Colour>,
        login_text: &TextLines,
        support: &str,
    ) -> Self {
        let detail = json!({
            "accent": accent.map(|colour| colour.to_string()),
            "login_text": login_text.as_str(),
            "support": support,
        });
        Self::new(Action::BrandUpdated, id, detail)
    }

    /// The workspace has this logo, or none.
    pub fn logo_changed(id: WorkspaceId, logo: Option<LogoId>) -> Self {
        Self::new(Action::BrandUpdated, id, json!({ "logo": logo }))
    }
}
