//! Server functions for operators.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, signed_in},
        outcome::saved,
    },
};
use iam::{
    core::models::ModelsForm, domain::sign_in::policy_form::SignInPolicyForm,
    platform::settings::PlatformForm,
};
use iam_types::view::{
    HealthView, PlatformSettingsView, PlatformView, PlatformWorkspaceView, UserView, UsersView,
};
use leptos::prelude::*;

/// A page of all workspaces: those whose name or address contains `search`, behind `after`.
pub async fn load_platform(search: String, after: String) -> Result<PlatformView, AppError> {
    Ok(iam()?
        .platform()
        .workspaces(&signed_in()?, &search, &after)
        .await?)
}

/// One workspace.
pub async fn load_platform_workspace(slug: String) -> Result<PlatformWorkspaceView, AppError> {
    Ok(iam()?
        .platform()
        .workspace(&signed_in()?, &parse_slug(&slug)?)
        .await?)
}

/// Shuts a workspace.
#[server(prefix = "/fn", endpoint = "suspend_workspace")]
pub async fn suspend_workspace(slug: String, reason: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.platform().suspend(&signed_in()?, &slug, &reason).await?;
    leptos_actix::redirect(&paths::platform_workspace(&slug));
    Ok(())
}

/// Opens a suspended workspace.
#[server(prefix = "/fn", endpoint = "resume_workspace")]
pub async fn resume_workspace(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.platform().unsuspend(&signed_in()?, &slug).await?;
    leptos_actix::redirect(&paths::platform_workspace(&slug));
    Ok(())
}

/// Lets passkeys work at a workspace's own host, or no more.
#[server(prefix = "/fn", endpoint = "set_host_passkeys")]
pub async fn set_host_passkeys(
    slug: String,
    host: String,
    #[server(default)] work: bool,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .platform()
        .set_host_passkeys(&signed_in()?, &slug, &host, work)
        .await?;
    saved(&paths::platform_workspace(&slug));
    Ok(())
}

/// Makes a member an owner of a workspace that has none who can sign in.
#[server(prefix = "/fn", endpoint = "appoint_owner")]
pub async fn appoint_owner(slug: String, address: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .platform()
        .appoint_owner(&signed_in()?, &slug, &address)
        .await?;
    leptos_actix::redirect(&paths::platform_workspace(&slug));
    Ok(())
}

/// What the platform decides for all.
pub async fn load_platform_settings() -> Result<PlatformSettingsView, AppError> {
    Ok(iam()?.platform().settings(&signed_in()?).await?)
}

/// Decides for all.
#[server(prefix = "/fn", endpoint = "update_platform")]
pub async fn update_platform(
    creation: String,
    default_admission: String,
    #[server(default)] members_ceiling: String,
    #[server(default)] apps_ceiling: String,
    #[server(default)] sessions_ceiling: String,
    #[server(default)] trust_days: String,
) -> Result<(), AppError> {
    let form = PlatformForm {
        creation: &creation,
        default_admission: &default_admission,
        members_ceiling: &members_ceiling,
        apps_ceiling: &apps_ceiling,
        sessions_ceiling: &sessions_ceiling,
        trust_days: &trust_days,
    };
    iam()?.platform().update_settings(&signed_in()?, form).await?;
    saved(paths::PLATFORM_SETTINGS);
    Ok(())
}

/// Changes what each sign-in takes that enters a workspace.
#[server(prefix = "/fn", endpoint = "update_platform_sign_in")]
pub async fn update_platform_sign_in(
    #[server(default)] sign_in_max_age: String,
    #[server(default)] sign_in_max_idle: String,
    #[server(default)] two_factors: bool,
    #[server(default)] second_factor_days: String,
    #[server(default)] same: Vec<String>,
    #[server(default)] methods: Vec<String>,
) -> Result<(), AppError> {
    let asks = SignInPolicyForm {
        max_age: &sign_in_max_age,
        max_idle: &sign_in_max_idle,
        two_factors,
        second_factor_days: &second_factor_days,
        same: &same,
        methods: &methods,
    }
    .parse()?;
    iam()?
        .platform()
        .update_sign_in_policy(&signed_in()?, asks)
        .await?;
    saved(paths::PLATFORM_SETTINGS);
    Ok(())
}

/// Decides which models of authenticators count in all workspaces.
#[server(prefix = "/fn", endpoint = "set_platform_models")]
pub async fn set_platform_models(
    #[server(default)] models: Vec<String>,
    #[server(default)] added: String,
) -> Result<(), AppError> {
    let form = ModelsForm {
        kept: &models,
        added: &added,
    };
    iam()?.platform().set_models(&signed_in()?, form).await?;
    saved(paths::PLATFORM_SETTINGS);
    Ok(())
}

/// How the platform is.
pub async fn load_health() -> Result<HealthView, AppError> {
    Ok(iam()?.platform().health(&signed_in()?).await?)
}

/// A page of all people: those whose name or address contains `search`, behind the address `after`.
pub async fn load_users(search: String, after: String) -> Result<UsersView, AppError> {
    Ok(iam()?.platform().users(&signed_in()?, &search, &after).await?)
}

/// One person.
pub async fn load_user(id: String) -> Result<UserView, AppError> {
    Ok(iam()?.platform().user(&signed_in()?, parse_id(&id)?).await?)
}

/// Lets a person sign in no more.
#[server(prefix = "/fn", endpoint = "disable_user")]
pub async fn disable_user(id: String) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?.platform().disable_user(&signed_in()?, id).await?;
    leptos_actix::redirect(&paths::user(id));
    Ok(())
}

/// Lets a person sign in again.
#[server(prefix = "/fn", endpoint = "enable_user")]
pub async fn enable_user(id: String) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?.platform().enable_user(&signed_in()?, id).await?;
    leptos_actix::redirect(&paths::user(id));
    Ok(())
}

/// Ends one session of a person.
#[server(prefix = "/fn", endpoint = "end_user_session")]
pub async fn end_user_session(id: String, session: String, reason: String) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?
        .platform()
        .end_user_session(&signed_in()?, id, parse_id(&session)?, &reason)
        .await?;
    leptos_actix::redirect(&paths::user(id));
    Ok(())
}

/// Ends all sessions of a person.
#[server(prefix = "/fn", endpoint = "end_user_sessions")]
pub async fn end_user_sessions(id: String) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?.platform().end_user_sessions(&signed_in()?, id).await?;
    leptos_actix::redirect(&paths::user(id));
    Ok(())
}

/// Begins to recover a person who lost their second factors.
#[server(prefix = "/fn", endpoint = "begin_user_recovery")]
pub async fn begin_user_recovery(
    id: String,
    reason: String,
    #[server(default)] passkeys: bool,
) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?
        .platform()
        .begin_recovery(&signed_in()?, id, &reason, passkeys)
        .await?;
    saved(&paths::user(id));
    Ok(())
}

/// Takes that back.
#[server(prefix = "/fn", endpoint = "withdraw_user_recovery")]
pub async fn withdraw_user_recovery(id: String) -> Result<(), AppError> {
    let id = parse_id(&id)?;
    iam()?.platform().withdraw_recovery(&signed_in()?, id).await?;
    saved(&paths::user(id));
    Ok(())
}
