//! With which models of authenticators a sign-in by passkey enters any workspace.

use crate::{Ctx, IamError, core::models::ModelsForm, platform::Platform};
use iam_domain::{audit::Told, sign_in::decision::SignInPolicy};
use iam_types::Permission;

impl Platform<'_> {
    /// Decides for all workspaces with which models of authenticators a sign-in by passkey enters them: any, where none is named. It counts
    /// from the next request on, for what apps got too.
    ///
    /// # Errors
    /// As [`update_settings`](Self::update_settings); [`UnknownModel`](iam_types::ErrorCode::UnknownModel),
    /// [`TooMany`](iam_types::ErrorCode::TooMany); [`WouldLockOut`](iam_types::ErrorCode::WouldLockOut) when the viewer's own sign-in
    /// would count no more.
    pub async fn set_models(self, ctx: &Ctx, form: ModelsForm<'_>) -> Result<(), IamError> {
        let mut scope = self.core.operate(ctx, Permission::WorkspaceUpdate).await?;
        let was = scope.workspace.platform_asks;
        let models = self.core.chosen_models(form, was.models)?;
        scope.require_own_sign_in_under(SignInPolicy::default().with_models(models))?;
        scope.tx.set_platform_models(models).await?;
        let told = Told::platform_models_set(was.models, models);
        scope.commit(told).await
    }
}
