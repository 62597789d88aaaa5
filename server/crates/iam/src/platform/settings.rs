//! What the platform decides for all.

use crate::{Ctx, IamError, platform::Platform};
use iam_domain::{
    audit::Told,
    platform::ceilings::{Ceilings, parse_ceiling, parse_sessions_ceiling},
    sign_in::{
        decision::SignInPolicy,
        trusted_browser::{counts_after, parse_trust_days},
    },
};
use iam_store::platform::settings::PlatformSettings;
use iam_types::{Permission, view::PlatformSettingsView};

/// What the form of the platform's settings sends. Empty ceilings are none.
#[derive(Debug, Clone, Copy)]
pub struct PlatformForm<'a> {
    /// Who may create workspaces.
    pub creation: &'a str,
    /// Who may sign in to a new workspace's apps.
    pub default_admission: &'a str,
    /// The most members of a workspace.
    pub members_ceiling: &'a str,
    /// The most apps of a workspace.
    pub apps_ceiling: &'a str,
    /// The most browsers in which a person is signed in.
    pub sessions_ceiling: &'a str,
    /// For how many days a browser may be trusted.
    pub trust_days: &'a str,
}

impl Platform<'_> {
    /// What the platform decides for all.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces).
    pub async fn settings(self, ctx: &Ctx) -> Result<PlatformSettingsView, IamError> {
        let scope = self.core.operate(ctx, Permission::WorkspaceRead).await?;
        let may_update = scope.may(Permission::WorkspaceUpdate);
        drop(scope);
        let settings = self.core.deps.store.platform_settings().await?;
        let ceiling = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        Ok(PlatformSettingsView {
            creation: settings.creation.to_string(),
            default_admission: settings.default_admission.to_string(),
            members_ceiling: ceiling(settings.ceilings.members),
            apps_ceiling: ceiling(settings.ceilings.apps),
            sessions_ceiling: ceiling(settings.ceilings.sessions),
            trust_days: settings.ceilings.trust_days.to_string(),
            sign_in: settings.asks.view(),
            models: self.core.models_view(settings.asks.models),
            may_update,
        })
    }

    /// Decides for all. It counts from the next request on; who is over a new ceiling keeps what they have.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces); [`iam_types::ErrorCode::InvalidInput`].
    pub async fn update_settings(self, ctx: &Ctx, form: PlatformForm<'_>) -> Result<(), IamError> {
        let mut scope = self.core.operate(ctx, Permission::WorkspaceUpdate).await?;
        let wanted = PlatformSettings {
            creation: form.creation.parse()?,
            default_admission: form.default_admission.parse()?,
            ceilings: Ceilings {
                members: parse_ceiling(form.members_ceiling)?,
                apps: parse_ceiling(form.apps_ceiling)?,
                sessions: parse_sessions_ceiling(form.sessions_ceiling)?,
                trust_days: parse_trust_days(form.trust_days)?,
            },
            ..self.core.deps.store.platform_settings().await?
        };
        scope.tx.set_platform_settings(wanted).await?;
        let after = counts_after(wanted.ceilings.trust_days, self.core.now());
        scope.tx.forget_browsers_trusted_before(after).await?;
        let told = Told::platform_updated(wanted.creation, wanted.default_admission, wanted.ceilings);
        scope.commit(told).await
    }

    /// Decides what each sign-in takes that enters a workspace. It counts from the next request on.
    ///
    /// # Errors
    /// As [`update_settings`](Self::update_settings); [`iam_types::ErrorCode::WouldLockOut`] when the viewer's own sign-in would count no
    /// more.
    pub async fn update_sign_in_policy(self, ctx: &Ctx, asks: SignInPolicy) -> Result<(), IamError> {
        let mut scope = self.core.operate(ctx, Permission::WorkspaceUpdate).await?;
        let was = self.core.deps.store.platform_settings().await?.asks;
        scope.require_own_sign_in_under(asks)?;
        scope.tx.set_platform_sign_in_policy(asks).await?;
        let told = Told::platform_sign_in_policy_set(was, asks);
        scope.commit(told).await
    }
}
