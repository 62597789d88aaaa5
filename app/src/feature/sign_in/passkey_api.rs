//! Server functions of passkeys: what scripts ask for as JSON, and the forms that their answers go to.

use super::api::{go_on, keep_browser, parse_request, parse_slug};
use crate::{
    AppError, paths,
    server::{
        context::{ctx, gone_to, iam, signed_in},
        outcome::{saved, tell},
        wanted,
    },
};
use iam::sign_in::passkey::PasskeyRequest;
use iam_types::{ErrorCode, PasskeyChallengeId, view::Done};
use leptos::prelude::*;

/// Asks for what an authenticator is to sign, to sign somebody in.
#[server(prefix = "/fn", endpoint = "begin_passkey_sign_in")]
pub async fn begin_passkey_sign_in(
    #[server(default)] slug: String,
    #[server(default)] request: String,
) -> Result<PasskeyRequest, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug = parse_slug(&slug)?;
    let begun = iam
        .sign_in()
        .begin_passkey(&ctx, slug.as_ref(), parse_request(&request)?)
        .await?;
    keep_browser(&iam, &ctx, begun.browser.expose());
    Ok(begun.request)
}

/// Signs in with a passkey.
#[server(prefix = "/fn", endpoint = "redeem_passkey")]
pub async fn redeem_passkey(challenge: String, answer: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let signed_in = iam
        .sign_in()
        .redeem_passkey(&ctx, parse_challenge(&challenge)?, &answer)
        .await?;
    go_on(&iam, &ctx, signed_in, false).await
}

/// Asks for what an authenticator is to sign, to add a passkey.
#[server(prefix = "/fn", endpoint = "begin_adding_passkey")]
pub async fn begin_adding_passkey() -> Result<PasskeyRequest, AppError> {
    Ok(iam()?.sign_in().begin_adding_passkey(&signed_in()?).await?)
}

/// Adds a passkey: on the account's page, or after a sign-in that leads to `next`.
#[server(prefix = "/fn", endpoint = "add_passkey")]
pub async fn add_passkey(
    #[server(default)] challenge: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    iam.sign_in()
        .add_passkey(&ctx, parse_challenge(&challenge)?, &answer)
        .await?;
    let next = wanted::checked(next).unwrap_or_else(|| paths::SECURITY.to_owned());
    tell(&next, Done::PasskeyAdded);
    Ok(())
}

/// Offers no passkey for a while, or never again.
#[server(prefix = "/fn", endpoint = "put_off_passkey")]
pub async fn put_off_passkey(
    #[server(default)] never: bool,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    iam()?.account().put_off_passkey(&signed_in()?, never).await?;
    leptos_actix::redirect(&on_from_offer(next));
    Ok(())
}

/// Gives a passkey another name.
#[server(prefix = "/fn", endpoint = "rename_passkey")]
pub async fn rename_passkey(passkey: String, #[server(default)] name: String) -> Result<(), AppError> {
    let id = passkey.parse().map_err(|_| ErrorCode::NotFound)?;
    iam()?.account().rename_passkey(&signed_in()?, id, &name).await?;
    saved(paths::SECURITY);
    Ok(())
}

/// Takes a passkey off the account.
#[server(prefix = "/fn", endpoint = "remove_passkey")]
pub async fn remove_passkey(passkey: String) -> Result<(), AppError> {
    let id = passkey.parse().map_err(|_| ErrorCode::NotFound)?;
    iam()?.account().remove_passkey(&signed_in()?, id).await?;
    tell(paths::SECURITY, Done::PasskeyRemoved);
    Ok(())
}

/// Where the offer leads on to. It is for whoever is signed in, where passkeys can be.
pub async fn load_offer(next: String) -> Result<String, AppError> {
    let ctx = signed_in()?;
    let next = on_from_offer(next);
    if !iam()?.sign_in().has_passkeys(&ctx) {
        return Err(gone_to(&next));
    }
    Ok(next)
}

fn on_from_offer(next: String) -> String {
    wanted::checked(next).unwrap_or_else(|| paths::WORKSPACES.to_owned())
}

/// What names no challenge names one that is over.
fn parse_challenge(text: &str) -> Result<PasskeyChallengeId, AppError> {
    text.parse().map_err(|_| ErrorCode::PasskeyExpired.into())
}
