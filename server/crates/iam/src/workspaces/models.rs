//! With which models of authenticators a sign-in by passkey enters a workspace.

use crate::{Ctx, IamError, core::models::ModelsForm, workspaces::Workspaces};
use iam_domain::audit::Told;
use iam_types::{Permission, Slug};

impl Workspaces<'_> {
    /// Decides with which models of authenticators a sign-in by passkey enters the workspace: any, where none is named. It counts from
    /// the next request on, for what apps got too.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`UnknownModel`](iam_types::ErrorCode::UnknownModel),
    /// [`TooMany`](iam_types::ErrorCode::TooMany); [`WouldLockOut`](iam_types::ErrorCode::WouldLockOut) when the
    /// viewer's own sign-in would count no more.
    pub async fn set_models(self, ctx: &Ctx, slug: &Slug, form: ModelsForm<'_>) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceUpdate).await?;
        let was = scope.workspace.asks;
        let models = self.core.chosen_models(form, was.models)?;
        scope.require_own_sign_in_under(was.with_models(models))?;
        scope.tx.set_models(models).await?;
        let told = Told::models_set(scope.workspace.id, was.models, models);
        scope.commit(told).await
    }
}
