//! Server functions of sign-in.

use crate::{AppError, json::Json};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::{
        json::json,
        paths,
        server::{
            context::{allow_form_to_app, ctx, iam, set_cookie},
            cookies::{self, Name},
        },
    },
    iam::{
        Ctx, Iam,
        domain::{magic_link::LIFETIME, session},
        magic_link::{LinkState, SignedIn},
    },
    iam_types::{AuthorizationId, ErrorCode, Slug},
};

/// What the confirmation page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifyView {
    /// Ask for the click.
    Ready(String),
    /// Explain where to go.
    OtherBrowser,
}

/// Sends a sign-in mail.
#[server(prefix = "/fn", endpoint = "request_magic_link")]
pub async fn request_magic_link(email: String, slug: String, request: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug = parse_slug(&slug)?;
    let browser = iam
        .request_magic_link(&ctx, &email, slug.as_ref(), parse_request(&request)?)
        .await?;
    set_cookie(&cookies::build(
        Name::Browser,
        iam.is_https(),
        browser.expose(),
        LIFETIME.num_seconds(),
    ));
    leptos_actix::redirect(paths::LOGIN_SENT);
    Ok(())
}

/// Signs in with a link.
#[server(prefix = "/fn", endpoint = "redeem_magic_link")]
pub async fn redeem_magic_link(token: String) -> Result<(), AppError> {
    let iam = iam()?;
    let ctx = ctx()?;
    let signed_in = iam.redeem_magic_link(&ctx, &token).await?;
    welcome(&iam, &ctx, &signed_in);
    Ok(())
}

/// Signs in with the code.
#[server(prefix = "/fn", endpoint = "redeem_code")]
pub async fn redeem_code(code: String) -> Result<(), AppError> {
    let iam = iam()?;
    let ctx = ctx()?;
    let signed_in = iam.redeem_code(&ctx, &code).await?;
    welcome(&iam, &ctx, &signed_in);
    Ok(())
}

/// What a workspace's login page shows.
#[server(prefix = "/fn", endpoint = "load_sign_in")]
pub async fn load_sign_in(slug: String, request: String) -> Result<Json, AppError> {
    let slug = parse_slug(&slug)?.ok_or(ErrorCode::NotFound)?;
    json(iam()?.sign_in_view(&slug, parse_request(&request)?).await?)
}

/// The address this browser waits for a mail at.
#[server(prefix = "/fn", endpoint = "load_awaited")]
pub async fn load_awaited() -> Result<Json, AppError> {
    let iam = iam()?;
    let Some(awaited) = iam.awaited_magic_link(&ctx()?).await? else {
        return json(None::<String>);
    };
    allow_form_to_app(&iam, awaited.errand).await;
    json(Some(awaited.address))
}

/// What a link can do here, without using it up.
#[server(prefix = "/fn", endpoint = "inspect_magic_link")]
pub async fn inspect_magic_link(token: String) -> Result<Json, AppError> {
    let iam = iam()?;
    match iam.inspect_magic_link(&ctx()?, &token).await? {
        LinkState::OtherBrowser => json(VerifyView::OtherBrowser),
        LinkState::Ready(awaited) => {
            allow_form_to_app(&iam, awaited.errand).await;
            json(VerifyView::Ready(awaited.address))
        }
    }
}

#[cfg(feature = "ssr")]
fn parse_slug(text: &str) -> Result<Option<Slug>, AppError> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|_| ErrorCode::NotFound.into())
    }
}

#[cfg(feature = "ssr")]
fn parse_request(text: &str) -> Result<Option<AuthorizationId>, AppError> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse()
            .map(Some)
            .map_err(|_| ErrorCode::AuthorizationExpired.into())
    }
}

/// Hands the session over and sends the person where they wanted to go.
#[cfg(feature = "ssr")]
fn welcome(iam: &Iam, ctx: &Ctx, signed_in: &SignedIn) {
    let own_host = ctx.own_host.is_some();
    let https = iam.is_https();
    set_cookie(&cookies::build(
        Name::Session,
        https,
        signed_in.session.expose(),
        session::ABSOLUTE.num_seconds(),
    ));
    set_cookie(&cookies::build(Name::Browser, https, "", 0));
    let target = match (&signed_in.slug, signed_in.errand.authorization_id) {
        (Some(slug), Some(id)) => paths::go_on(slug, id),
        (Some(slug), None) if signed_in.is_member => paths::overview(slug),
        // At the workspace's own host there is nothing else to show to a guest.
        (Some(slug), None) if own_host => paths::door(slug, None),
        _ => paths::WORKSPACES.to_owned(),
    };
    leptos_actix::redirect(&target);
}
