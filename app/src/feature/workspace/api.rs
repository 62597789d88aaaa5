//! Server functions about workspaces.

use crate::AppError;
use iam_types::view::{WorkspaceSettingsView, WorkspacesView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    paths,
    server::context::{ctx, iam, parse_slug, signed_in},
};

/// Sends the viewer to their workspaces, or to sign in.
#[server(prefix = "/fn", endpoint = "load_home")]
pub async fn load_home() -> Result<(), AppError> {
    let target = if ctx()?.actor.is_some() {
        paths::WORKSPACES
    } else {
        paths::LOGIN
    };
    leptos_actix::redirect(target);
    Ok(())
}

/// The viewer's workspaces and invitations.
#[server(prefix = "/fn", endpoint = "load_workspaces")]
pub async fn load_workspaces() -> Result<WorkspacesView, AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    Ok(WorkspacesView {
        workspaces: iam.my_workspaces(&ctx).await?,
        invitations: iam.my_invitations(&ctx).await?,
    })
}

/// Creates a workspace.
#[server(prefix = "/fn", endpoint = "create_workspace")]
pub async fn create_workspace(name: String, slug: String) -> Result<(), AppError> {
    let slug = iam()?.create_workspace(&signed_in()?, &name, &slug).await?;
    leptos_actix::redirect(&paths::apps(&slug));
    Ok(())
}

/// A workspace's settings; asked for by itself, so that a page without it says why.
#[server(prefix = "/fn", endpoint = "load_settings")]
pub async fn load_settings(slug: String) -> Result<WorkspaceSettingsView, AppError> {
    let slug = parse_slug(&slug)?;
    Ok(iam()?.workspace_settings(&signed_in()?, &slug).await?)
}

/// Changes a workspace's settings.
#[server(prefix = "/fn", endpoint = "update_workspace")]
pub async fn update_workspace(slug: String, name: String, admission: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .update_workspace(&signed_in()?, &slug, &name, &admission)
        .await?;
    leptos_actix::redirect(&format!("{}?saved=1", paths::settings(&slug)));
    Ok(())
}
