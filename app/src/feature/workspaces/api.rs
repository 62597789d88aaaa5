//! Server functions about workspaces.

use crate::{
    AppError,
    islands::Entry,
    paths,
    server::{
        context::{ctx, iam, parse_id, parse_slug, signed_in},
        outcome::saved,
    },
};
use iam::{core::models::ModelsForm, domain::sign_in::policy_form::SignInPolicyForm};
use iam_types::{
    Slug,
    view::{OverviewView, WorkspaceCard, WorkspaceSettingsView, WorkspacesView},
};
use leptos::prelude::*;

/// Sends the viewer to their workspaces, or to sign in.
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
pub async fn load_workspaces() -> Result<WorkspacesView, AppError> {
    Ok(iam()?.workspaces().of_viewer(&signed_in()?).await?)
}

/// What stands before a new workspace's own part of its address. Who may create none is told so by the form.
pub async fn load_new_workspace() -> Result<String, AppError> {
    let (iam, _) = (iam()?, signed_in()?);
    Ok(format!("{}{}", iam.origin(), paths::WORKSPACE))
}

/// The workspaces that the viewer can go to, for the palette.
#[server(prefix = "/fn", endpoint = "list_places")]
pub async fn list_places() -> Result<Vec<Entry>, AppError> {
    let cards = iam()?.account().workspaces(&signed_in()?).await?;
    Ok(cards.into_iter().filter(is_open).map(place).collect())
}

fn is_open(card: &WorkspaceCard) -> bool {
    card.suspended.is_none() && card.delete_after.is_none()
}

fn place(card: WorkspaceCard) -> Entry {
    let href = if card.slug == Slug::platform() {
        paths::PLATFORM.to_owned()
    } else {
        paths::overview(&card.slug)
    };
    Entry {
        href,
        label: card.name,
    }
}

/// Creates a workspace.
#[server(prefix = "/fn", endpoint = "create_workspace")]
pub async fn create_workspace(name: String, #[server(default)] slug: String) -> Result<(), AppError> {
    let slug = iam()?.workspaces().create(&signed_in()?, &name, &slug).await?;
    leptos_actix::redirect(&paths::overview(&slug));
    Ok(())
}

/// A workspace at a glance.
pub async fn load_overview(slug: String) -> Result<OverviewView, AppError> {
    Ok(iam()?
        .workspaces()
        .overview(&signed_in()?, &parse_slug(&slug)?)
        .await?)
}

/// A workspace's settings; asked for by itself, so that a page without it says why.
pub async fn load_settings(slug: String) -> Result<WorkspaceSettingsView, AppError> {
    let slug = parse_slug(&slug)?;
    Ok(iam()?.workspaces().settings(&signed_in()?, &slug).await?)
}

/// Changes a workspace's settings.
#[server(prefix = "/fn", endpoint = "update_workspace")]
pub async fn update_workspace(slug: String, name: String, admission: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .workspaces()
        .update(&signed_in()?, &slug, &name, &admission)
        .await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Changes what a sign-in takes that enters a workspace.
#[server(prefix = "/fn", endpoint = "update_sign_in_policy")]
pub async fn update_sign_in_policy(
    slug: String,
    #[server(default)] sign_in_max_age: String,
    #[server(default)] sign_in_max_idle: String,
    #[server(default)] two_factors: bool,
    #[server(default)] second_factor_days: String,
    #[server(default)] same: Vec<String>,
    #[server(default)] methods: Vec<String>,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
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
        .workspaces()
        .update_sign_in_policy(&signed_in()?, &slug, asks)
        .await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Decides which models of authenticators count in a workspace.
#[server(prefix = "/fn", endpoint = "set_models")]
pub async fn set_models(
    slug: String,
    #[server(default)] models: Vec<String>,
    #[server(default)] added: String,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let form = ModelsForm {
        kept: &models,
        added: &added,
    };
    iam()?.workspaces().set_models(&signed_in()?, &slug, form).await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Lets the operator's support in.
#[server(prefix = "/fn", endpoint = "open_support")]
pub async fn open_support(slug: String, reason: String, hours: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .platform()
        .open_support(&signed_in()?, &slug, &reason, &hours)
        .await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Shuts the operator's support out.
#[server(prefix = "/fn", endpoint = "close_support")]
pub async fn close_support(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.platform().close_support(&signed_in()?, &slug).await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Ends a workspace.
#[server(prefix = "/fn", endpoint = "end_workspace")]
pub async fn end_workspace(slug: String, confirmation: String) -> Result<(), AppError> {
    iam()?
        .workspaces()
        .schedule_deletion(&signed_in()?, &parse_slug(&slug)?, &confirmation)
        .await?;
    leptos_actix::redirect(paths::WORKSPACES);
    Ok(())
}

/// Takes back that a workspace ends.
#[server(prefix = "/fn", endpoint = "restore_workspace")]
pub async fn restore_workspace(slug: String) -> Result<(), AppError> {
    iam()?
        .workspaces()
        .restore(&signed_in()?, &parse_slug(&slug)?)
        .await?;
    leptos_actix::redirect(paths::WORKSPACES);
    Ok(())
}

/// Offers the viewer's ownership to a member.
#[server(prefix = "/fn", endpoint = "offer_ownership")]
pub async fn offer_ownership(slug: String, address: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .workspaces()
        .offer_ownership(&signed_in()?, &slug, &address)
        .await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Takes back what the viewer offered.
#[server(prefix = "/fn", endpoint = "withdraw_ownership_offer")]
pub async fn withdraw_ownership_offer(slug: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .workspaces()
        .withdraw_ownership_offer(&signed_in()?, &slug)
        .await?;
    saved(&paths::settings(&slug));
    Ok(())
}

/// Takes over a workspace.
#[server(prefix = "/fn", endpoint = "accept_ownership")]
pub async fn accept_ownership(slug: String, id: String) -> Result<(), AppError> {
    iam()?
        .workspaces()
        .accept_ownership(&signed_in()?, &parse_slug(&slug)?, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(paths::WORKSPACES);
    Ok(())
}

/// Says no to taking over a workspace.
#[server(prefix = "/fn", endpoint = "decline_ownership")]
pub async fn decline_ownership(slug: String, id: String) -> Result<(), AppError> {
    iam()?
        .workspaces()
        .decline_ownership(&signed_in()?, &parse_slug(&slug)?, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(paths::WORKSPACES);
    Ok(())
}
