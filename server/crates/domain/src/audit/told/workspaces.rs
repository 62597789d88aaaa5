//! Workspaces: settings, domains, look, owners, beginning and end.

use super::Told;
use crate::{
    audit::Action,
    branding::brand::Colour,
    core::visible::{TextLines, VisibleName},
    domains::domain_name::{ClaimedDomain, DomainName, Joining},
    workspaces::workspace::{Admission, Workspace},
};
use chrono::{DateTime, Utc};
use iam_types::{LogoId, Role, Slug, UserId, WorkspaceId};
use serde_json::json;

impl Told {
    /// A workspace was created.
    pub fn workspace_created(id: WorkspaceId, slug: &Slug) -> Self {
        Self::new(Action::WorkspaceCreated, id, json!({ "slug": slug }))
    }

    /// A workspace's settings changed from what they are in `was`; how old a sign-in may be is told in seconds.
    pub fn workspace_updated(
        was: &Workspace,
        name: &VisibleName,
        admission: Admission,
        sign_in_max_age: Option<i32>,
    ) -> Self {
        let detail = json!({
            "name": { "from": was.name, "to": name.as_str() },
            "admission": { "from": was.admission.as_str(), "to": admission.as_str() },
            "sign_in_max_age": {
                "from": was.sign_in_max_age.map(|age| age.num_seconds()),
                "to": sign_in_max_age,
            },
        });
        Self::new(Action::WorkspaceUpdated, was.id, detail)
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
