//! Server functions about how a workspace looks. Its logo comes as a file, by a form of its own.

use crate::{AppError, json::Json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    json::json,
    paths,
    server::{
        context::{iam, parse_slug, signed_in},
        outcome::saved,
    },
};
use iam::branding::brand::LookForm;

/// How a workspace looks.
#[server(prefix = "/fn", endpoint = "load_branding")]
pub async fn load_branding(slug: String) -> Result<Json, AppError> {
    json(iam()?.branding(&signed_in()?, &parse_slug(&slug)?).await?)
}

/// Changes how a workspace looks.
#[server(prefix = "/fn", endpoint = "update_branding")]
pub async fn update_branding(
    slug: String,
    #[server(default)] accent: String,
    #[server(default)] login_text: String,
    #[server(default)] support: String,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let form = LookForm {
        accent: &accent,
        login_text: &login_text,
        support: &support,
    };
    iam()?.update_branding(&signed_in()?, &slug, form).await?;
    saved(&paths::branding(&slug));
    Ok(())
}

/// Takes a workspace's logo away.
#[server(prefix = "/fn", endpoint = "remove_logo")]
pub async fn remove_logo(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.set_logo(&signed_in()?, &slug, None).await?;
    saved(&paths::branding(&slug));
    Ok(())
}
