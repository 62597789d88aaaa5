//! The apps that a person let have something, wherever they are a member.

use crate::{Ctx, IamError, account::Account, ctx::Acting};
use iam_domain::audit::Told;
use iam_store::account::connected_app;
use iam_types::{
    AppId, ErrorCode, Slug, WorkspaceId,
    view::{ConnectedApp, ConnectedAppsView},
};

impl Account<'_> {
    /// The apps that the person is connected to, in all their workspaces, the suspended ones too.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn connected_apps(self, ctx: &Ctx) -> Result<ConnectedAppsView, IamError> {
        let person = ctx.actor()?.user.id;
        let (store, now) = (&self.core.deps.store, self.core.now());
        let memberships = store.as_user(person).await?.memberships().await?;
        let mut apps = Vec::new();
        let mut tx = store.in_workspace(WorkspaceId::PLATFORM).await?;
        for workspace in memberships.into_iter().map(|membership| membership.workspace) {
            tx = tx.switch_workspace(workspace.id).await?;
            let here = tx.apps_connected_to(person, now).await?;
            let name = workspace.name.to_string();
            apps.extend(here.into_iter().map(|app| shown(app, &workspace.slug, &name)));
        }
        Ok(ConnectedAppsView {
            apps,
            now: now.timestamp(),
        })
    }

    /// Takes back what the person let an app have, and ends all that it holds in their name, at once. A workspace that is
    /// shut for now keeps nobody from it.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`]; [`ErrorCode::NotFound`] for an app that has nothing of theirs.
    pub async fn disconnect_app(self, ctx: &Ctx, slug: &Slug, app: AppId) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        let store = &self.core.deps.store;
        let entry = store.workspace_entry(slug).await?.ok_or(ErrorCode::NotFound)?;
        let mut tx = store.in_workspace(entry.id).await?;
        let consented = tx.delete_consent(person, app).await?;
        let families = tx.revoke_grants_at(person, app, self.core.now()).await?;
        if !consented && families == 0 {
            return Err(ErrorCode::NotFound.into());
        }
        let told = Told::consent_withdrawn(app, families);
        self.core.commit(tx, Acting::User(person, ctx), told).await
    }
}

fn shown(app: connected_app::ConnectedApp, slug: &Slug, workspace: &str) -> ConnectedApp {
    ConnectedApp {
        id: app.id,
        name: app.name,
        slug: slug.clone(),
        workspace: workspace.to_owned(),
        scopes: app.scopes.names(),
        since: app.since.timestamp(),
        last_used_at: app.last_used_at.map(|at| at.timestamp()),
    }
}
