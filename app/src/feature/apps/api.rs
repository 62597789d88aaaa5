//! Server functions about apps.

use super::quickstarts::{Quickstart, quickstarts};
use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, set_cookie, signed_in, take_once},
        cookies::{self, Name},
        outcome::saved,
    },
};
use iam::{
    Iam,
    apps::app::{AppForm, AppState},
    core::secret::Secret,
};
use iam_types::{
    AppId, ErrorCode,
    view::{AppView, AppsView, TestSignInView},
};
use leptos::prelude::*;

/// An app, with its secret if it was made just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppDetail {
    /// The app.
    pub view: AppView,
    /// Shown once.
    pub secret: Option<String>,
    /// How to connect it.
    pub quickstarts: Vec<Quickstart>,
}

/// A page of a workspace's apps: those whose names contain `search`, from `before` on.
pub async fn load_apps(slug: String, search: String, before: String) -> Result<AppsView, AppError> {
    let before = match before.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    let (iam, slug) = (iam()?, parse_slug(&slug)?);
    Ok(iam.apps().list(&signed_in()?, &slug, &search, before).await?)
}

/// One app.
pub async fn load_app(slug: String, id: String) -> Result<AppDetail, AppError> {
    let iam = iam()?;
    let id: AppId = parse_id(&id)?;
    let view = iam.apps().get(&signed_in()?, &parse_slug(&slug)?, id).await?;
    let once = take_once(iam.is_https())?;
    let secret = once.and_then(|value| value.strip_prefix(&format!("{id}.")).map(str::to_owned));
    let quickstarts = quickstarts(&view)?;
    Ok(AppDetail {
        view,
        secret,
        quickstarts,
    })
}

/// What an app would get from the viewer.
pub async fn load_test_sign_in(slug: String, id: String) -> Result<TestSignInView, AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    Ok(iam()?.provider().test_sign_in(&signed_in()?, &slug, id).await?)
}

/// Registers an app.
#[server(prefix = "/fn", endpoint = "register_app")]
pub async fn register_app(
    slug: String,
    name: String,
    client_type: String,
    redirect_uris: String,
    id_token_alg: String,
) -> Result<(), AppError> {
    let (iam, slug) = (iam()?, parse_slug(&slug)?);
    let form = AppForm {
        name: &name,
        redirect_uris: &redirect_uris,
        id_token_alg: &id_token_alg,
    };
    let (id, secret) = iam
        .apps()
        .register(&signed_in()?, &slug, &client_type, form)
        .await?;
    if let Some(secret) = secret {
        show_once(&iam, id, &secret);
    }
    leptos_actix::redirect(&paths::app(&slug, id));
    Ok(())
}

/// Changes an app.
#[server(prefix = "/fn", endpoint = "update_app")]
pub async fn update_app(
    slug: String,
    id: String,
    name: String,
    redirect_uris: String,
    id_token_alg: String,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    let form = AppForm {
        name: &name,
        redirect_uris: &redirect_uris,
        id_token_alg: &id_token_alg,
    };
    iam()?.apps().update(&signed_in()?, &slug, id, form).await?;
    saved(&paths::app(&slug, id));
    Ok(())
}

/// Shuts an app off (`state=disabled`) or lets it back in (`state=enabled`).
#[server(prefix = "/fn", endpoint = "set_app_state")]
pub async fn set_app_state(slug: String, id: String, state: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    let state = match state.as_str() {
        "enabled" => AppState::Enabled,
        "disabled" => AppState::Disabled,
        _ => return Err(ErrorCode::InvalidInput.into()),
    };
    iam()?.apps().set_state(&signed_in()?, &slug, id, state).await?;
    leptos_actix::redirect(&paths::app(&slug, id));
    Ok(())
}

/// Replaces an app's secret.
#[server(prefix = "/fn", endpoint = "rotate_app_secret")]
pub async fn rotate_app_secret(slug: String, id: String) -> Result<(), AppError> {
    let (iam, slug, id) = (iam()?, parse_slug(&slug)?, parse_id(&id)?);
    let secret = iam.apps().rotate_secret(&signed_in()?, &slug, id).await?;
    show_once(&iam, id, &secret);
    leptos_actix::redirect(&paths::app(&slug, id));
    Ok(())
}

/// The next page of this app shows the secret: it travels in the browser's own short-lived cookie, since no store keeps it.
fn show_once(iam: &Iam, id: AppId, secret: &Secret) {
    set_cookie(&cookies::build(
        Name::Once,
        iam.is_https(),
        &format!("{id}.{}", secret.expose()),
        60,
    ));
}
