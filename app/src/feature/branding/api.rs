//! Server functions about how a workspace looks. Its logo comes as a file, by a form of its own.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_slug, signed_in},
        outcome::saved,
    },
};
use iam::branding::brand::BrandForm;
use iam_types::view::BrandingView;
use leptos::prelude::*;

/// How a workspace looks.
pub async fn load_branding(slug: String) -> Result<BrandingView, AppError> {
    Ok(iam()?
        .branding()
        .settings(&signed_in()?, &parse_slug(&slug)?)
        .await?)
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
    let form = BrandForm {
        accent: &accent,
        login_text: &login_text,
        support: &support,
    };
    iam()?.branding().update(&signed_in()?, &slug, form).await?;
    saved(&paths::branding(&slug));
    Ok(())
}

/// Takes a workspace's logo away.
#[server(prefix = "/fn", endpoint = "remove_logo")]
pub async fn remove_logo(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.branding().set_logo(&signed_in()?, &slug, None).await?;
    saved(&paths::branding(&slug));
    Ok(())
}
