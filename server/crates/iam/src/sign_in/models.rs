//! Which models of authenticators count where somebody signs in with a passkey.

use crate::{Ctx, IamError, core::Core, platform::Platform, sign_in::SignIn, workspaces::Workspaces};
use iam_domain::{
    audit::Told,
    sign_in::{decision::SignInPolicy, models::Models},
};
use iam_types::{
    ErrorCode, Permission, Slug,
    view::{ModelView, ModelsView},
};
use uuid::Uuid;

/// What the form of models sends.
#[derive(Debug, Clone, Copy)]
pub struct ModelsForm<'a> {
    /// Those that stay, by their AAGUIDs.
    pub kept: &'a [String],
    /// One more: its AAGUID, or the name of one or several; empty for none.
    pub added: &'a str,
}

impl Workspaces<'_> {
    /// Decides with which models of authenticators a sign-in by passkey enters the workspace: any, where none is named. It counts from
    /// the next request on, for what apps got too.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::UnknownModel`], [`ErrorCode::TooMany`]; [`ErrorCode::WouldLockOut`] when the
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

impl Platform<'_> {
    /// Decides the same for all workspaces.
    ///
    /// # Errors
    /// As [`Workspaces::set_models`].
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

impl SignIn<'_> {
    /// Takes back what was shown of authenticators whose models are believed no more. Every node may do so.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn withdraw_models(self) -> Result<(), IamError> {
        let known = self.core.deps.models.as_ref();
        let lost = known.map(|known| known.compromised()).unwrap_or_default();
        if lost.is_empty() {
            return Ok(());
        }
        let store = &self.core.deps.store;
        let withdrawn = store.withdraw_models(&lost).await?;
        if withdrawn > 0 {
            tracing::warn!(withdrawn, "passkeys of authenticators that are believed no more");
        }
        for workspace in store.workspace_ids().await? {
            store.withdraw_models_in(workspace, &lost).await?;
        }
        Ok(())
    }
}

impl Core {
    /// What a form names: what was named before may stay, whatever became of it; more comes from what is believed.
    fn chosen_models(&self, form: ModelsForm<'_>, was: Models) -> Result<Models, IamError> {
        let known = self.deps.models.as_ref();
        let offered = known.map(|known| known.offered()).unwrap_or_default();
        let mut chosen = Vec::new();
        for kept in form.kept {
            let kept: Uuid = kept.parse().map_err(|_| ErrorCode::InvalidInput)?;
            if !was.list().contains(&kept) {
                return Err(ErrorCode::UnknownModel.into());
            }
            chosen.push(kept);
        }
        let added = form.added.trim();
        if !added.is_empty() {
            let (id, name) = (added.parse::<Uuid>().ok(), added.to_lowercase());
            let is_meant = |(model, called): &&(Uuid, &str)| match id {
                Some(id) => *model == id,
                None => called.to_lowercase() == name,
            };
            let before = chosen.len();
            chosen.extend(offered.iter().filter(is_meant).map(|(model, _)| *model));
            if chosen.len() == before {
                return Err(ErrorCode::UnknownModel.into());
            }
        }
        Ok(Models::named(chosen)?)
    }

    /// The models that count as pages show them; nothing where none is named and nothing is known.
    pub(crate) fn models_view(&self, models: Models) -> Option<ModelsView> {
        let known = self.deps.models.as_ref();
        if known.is_none() && models.any() {
            return None;
        }
        let name = |model: Uuid| known.and_then(|known| known.name(model)).map(str::to_owned);
        let named = models.list().iter().map(|model| ModelView {
            id: model.to_string(),
            name: name(*model).unwrap_or_else(|| model.to_string()),
        });
        let offered = known.map(|known| known.offered()).unwrap_or_default();
        let mut offered: Vec<String> = offered.into_iter().map(|(_, name)| name.to_owned()).collect();
        offered.dedup();
        Some(ModelsView {
            named: named.collect(),
            offered,
        })
    }
}
