//! What operators decide for all.

use crate::{
    Store, StoreError, WorkspaceTx,
    sign_in::policy::{names, policy, secs},
};
use iam_domain::{
    platform::ceilings::Ceilings,
    sign_in::{decision::SignInPolicy, models::Models},
    workspaces::workspace::{Admission, Creation},
};

/// What operators decide for all.
#[derive(Debug, Clone, Copy)]
pub struct PlatformSettings {
    /// Who may create workspaces.
    pub creation: Creation,
    /// Who may sign in to a new workspace's apps.
    pub default_admission: Admission,
    /// How far any workspace may go.
    pub ceilings: Ceilings,
    /// What each sign-in takes that enters a workspace.
    pub asks: SignInPolicy,
}

impl Store {
    /// What operators decide for all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn platform_settings(&self) -> Result<PlatformSettings, StoreError> {
        let row = sqlx::query!(
            "SELECT workspace_creation, default_admission, members_ceiling, apps_ceiling, sessions_ceiling, trust_days, sign_in_ceiling,
                    max_idle, two_factors, same_network, refused_methods, passkey_models
             FROM platform_settings"
        )
        .fetch_one(&self.pool)
        .await?;
        let inconsistent = |_| StoreError::Inconsistent("platform_settings");
        Ok(PlatformSettings {
            creation: row.workspace_creation.parse().map_err(inconsistent)?,
            default_admission: row.default_admission.parse().map_err(inconsistent)?,
            ceilings: Ceilings {
                members: row.members_ceiling,
                apps: row.apps_ceiling,
                sessions: row.sessions_ceiling,
                trust_days: row.trust_days,
            },
            asks: policy(
                [row.sign_in_ceiling, row.max_idle],
                [row.two_factors, row.same_network],
                &row.refused_methods,
            )
            .with_models(Models::stored(&row.passkey_models)),
        })
    }
}

impl WorkspaceTx {
    /// Sets what operators decide for all, but for what each sign-in takes.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_platform_settings(&mut self, settings: PlatformSettings) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE platform_settings
             SET workspace_creation = $1, default_admission = $2, members_ceiling = $3, apps_ceiling = $4,
                 sessions_ceiling = $5, trust_days = $6",
            settings.creation.as_str(),
            settings.default_admission.as_str(),
            settings.ceilings.members,
            settings.ceilings.apps,
            settings.ceilings.sessions,
            settings.ceilings.trust_days
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }

    /// Sets what each sign-in takes that enters a workspace.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_platform_sign_in_policy(&mut self, asks: SignInPolicy) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE platform_settings
             SET sign_in_ceiling = $1, max_idle = $2, two_factors = $3, same_network = $4, refused_methods = $5",
            secs(asks.max_age),
            secs(asks.max_idle),
            asks.two_factors,
            asks.same_network,
            &names(asks.refused)
        )
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
