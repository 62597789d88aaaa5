//! Server functions for operators.

use crate::AppError;
use iam_types::view::{PlatformSettingsView, PlatformView, PlatformWorkspaceView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    paths,
    server::context::{iam, parse_slug, signed_in},
};

/// A page of all workspaces: those whose name or address contains `search`, behind `after`.
#[server(prefix = "/fn", endpoint = "load_platform")]
pub async fn load_platform(search: String, after: String) -> Result<PlatformView, AppError> {
    Ok(iam()?.platform(&signed_in()?, &search, &after).await?)
}

/// One workspace.
#[server(prefix = "/fn", endpoint = "load_platform_workspace")]
pub async fn load_platform_workspace(slug: String) -> Result<PlatformWorkspaceView, AppError> {
    Ok(iam()?
        .platform_workspace(&signed_in()?, &parse_slug(&slug)?)
        .await?)
}

/// Shuts a workspace.
#[server(prefix = "/fn", endpoint = "suspend_workspace")]
pub async fn suspend_workspace(slug: String, reason: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.suspend_workspace(&signed_in()?, &slug, &reason).await?;
    leptos_actix::redirect(&paths::platform_workspace(&slug));
    Ok(())
}

/// Opens a suspended workspace.
#[server(prefix = "/fn", endpoint = "resume_workspace")]
pub async fn resume_workspace(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.resume_workspace(&signed_in()?, &slug).await?;
    leptos_actix::redirect(&paths::platform_workspace(&slug));
    Ok(())
}

/// What the platform decides for all.
#[server(prefix = "/fn", endpoint = "load_platform_settings")]
pub async fn load_platform_settings() -> Result<PlatformSettingsView, AppError> {
    Ok(iam()?.platform_settings(&signed_in()?).await?)
}

/// Decides who may create workspaces.
#[server(prefix = "/fn", endpoint = "update_platform")]
pub async fn update_platform(creation: String) -> Result<(), AppError> {
    iam()?.update_platform(&signed_in()?, &creation).await?;
    leptos_actix::redirect(&format!("{}?saved=1", paths::PLATFORM_SETTINGS));
    Ok(())
}
