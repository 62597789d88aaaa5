//! What the account's pages load, and the server functions that their forms are sent to.

use crate::{
    AppError,
    feature::sign_in::let_go,
    i18n::{locale_of, tag},
    paths,
    server::{
        context::{ctx, iam, parse_id, parse_slug, signed_in},
        outcome::{saved, tell},
    },
};
use iam::domain::account::preferences::{Preferences, TimeZone};
use iam_types::{
    ErrorCode,
    view::{ActivityView, ConnectedAppsView, Done, SessionsView, Told, Viewer, WorkspaceCard},
};
use leptos::prelude::*;

/// Who the viewer is, and the workspaces that they are in.
pub async fn load_profile() -> Result<(Viewer, Vec<WorkspaceCard>), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    Ok((iam.account().viewer(&ctx)?, iam.account().workspaces(&ctx).await?))
}

/// Changes what the viewer is called.
#[server(prefix = "/fn", endpoint = "set_display_name")]
pub async fn set_display_name(#[server(default)] name: String) -> Result<(), AppError> {
    iam()?.account().set_display_name(&signed_in()?, &name).await?;
    saved(paths::ACCOUNT);
    Ok(())
}

/// Takes the viewer's picture away.
#[server(prefix = "/fn", endpoint = "remove_picture")]
pub async fn remove_picture() -> Result<(), AppError> {
    iam()?.account().set_picture(&signed_in()?, None).await?;
    saved(paths::ACCOUNT);
    Ok(())
}

/// Chooses in which language and by which clock the viewer is spoken to.
#[server(prefix = "/fn", endpoint = "set_preferences")]
pub async fn set_preferences(
    #[server(default)] language: String,
    #[server(default)] time_zone: String,
) -> Result<(), AppError> {
    let locale = match language.as_str() {
        "" => None,
        language => Some(locale_of(language).ok_or(ErrorCode::InvalidInput)?),
    };
    let zone: Option<TimeZone> = match time_zone.as_str() {
        "" => None,
        name => Some(name.parse()?),
    };
    let chosen = Preferences {
        locale: locale.map(|locale| tag(locale).to_owned()),
        time_zone: zone.map(|zone| zone.name().to_owned()),
    };
    iam()?.account().set_preferences(&signed_in()?, &chosen).await?;
    saved(paths::ACCOUNT);
    Ok(())
}

/// Where the viewer is signed in.
pub async fn load_sessions() -> Result<SessionsView, AppError> {
    Ok(iam()?.account().sessions(&signed_in()?).await?)
}

/// Signs this browser out.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn leave() -> Result<(), AppError> {
    // Whoever is about to lose their account can leave too.
    let (iam, ctx) = match ctx()? {
        ctx if ctx.ending.is_some() => (iam()?, ctx),
        _ => (iam()?, signed_in()?),
    };
    iam.sign_in().sign_out(&ctx).await?;
    let_go(&iam, &ctx);
    leptos_actix::redirect(paths::LOGIN);
    Ok(())
}

/// Signs another browser out.
#[server(prefix = "/fn", endpoint = "end_session")]
pub async fn end_session(session: String) -> Result<(), AppError> {
    let id = parse_id(&session)?;
    iam()?.sign_in().end_session(&signed_in()?, id).await?;
    signed_out(1);
    Ok(())
}

/// Signs all other browsers out.
#[server(prefix = "/fn", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let ended = iam()?.sign_in().end_other_sessions(&signed_in()?).await?;
    signed_out(usize::try_from(ended).unwrap_or(usize::MAX));
    Ok(())
}

fn signed_out(count: usize) {
    let told = Told {
        count,
        ..Done::SignedOut.into()
    };
    tell(paths::SESSIONS, told);
}

/// Signs this browser and all others out, and ends what apps may do in the person's name.
#[server(prefix = "/fn", endpoint = "sign_out_everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    iam.sign_in().sign_out_everywhere(&ctx).await?;
    let_go(&iam, &ctx);
    leptos_actix::redirect(paths::LOGIN);
    Ok(())
}

/// What the viewer let apps have.
pub async fn load_connected_apps() -> Result<ConnectedAppsView, AppError> {
    Ok(iam()?.account().connected_apps(&signed_in()?).await?)
}

/// Takes back what the viewer let an app have, and ends what it holds.
#[server(prefix = "/fn", endpoint = "disconnect_app")]
pub async fn disconnect_app(slug: String, id: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?.account().disconnect_app(&signed_in()?, &slug, id).await?;
    tell(paths::CONNECTED_APPS, Done::Disconnected);
    Ok(())
}

/// A page of what happened with the viewer's account.
pub async fn load_activity(before: String) -> Result<ActivityView, AppError> {
    let before = match before.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    Ok(iam()?.account().activity(&signed_in()?, before).await?)
}
