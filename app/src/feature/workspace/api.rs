//! Server functions about workspaces.

use crate::AppError;
use iam_types::view::{WorkspaceCard, WorkspaceSettingsView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{
        paths,
        server::context::{ctx, iam, signed_in},
    },
    iam_types::{ErrorCode, Slug},
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

/// The viewer's workspaces.
#[server(prefix = "/fn", endpoint = "load_workspaces")]
pub async fn load_workspaces() -> Result<Vec<WorkspaceCard>, AppError> {
    Ok(iam()?.my_workspaces(&signed_in()?).await?)
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
    let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
    Ok(iam()?.workspace_settings(&signed_in()?, &slug).await?)
}

/// Changes a workspace's settings.
#[server(prefix = "/fn", endpoint = "update_workspace")]
pub async fn update_workspace(slug: String, name: String, admission: String) -> Result<(), AppError> {
    let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
    iam()?
        .update_workspace(&signed_in()?, &slug, &name, &admission)
        .await?;
    leptos_actix::redirect(&format!("{}?saved=1", paths::settings(&slug)));
    Ok(())
}
