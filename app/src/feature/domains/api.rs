//! Server functions about domains and about joining without an invitation.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, signed_in},
        outcome::{saved, tell},
    },
};
use iam_types::view::{DomainsView, Done, DoorState, DoorView};
use leptos::prelude::*;

/// A workspace's domains.
pub async fn load_domains(slug: String) -> Result<DomainsView, AppError> {
    Ok(iam()?.domains().list(&signed_in()?, &parse_slug(&slug)?).await?)
}

/// Claims a domain.
#[server(prefix = "/fn", endpoint = "claim_domain")]
pub async fn claim_domain(slug: String, domain: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.domains().claim(&signed_in()?, &slug, &domain).await?;
    leptos_actix::redirect(&paths::domains(&slug));
    Ok(())
}

/// Looks at a domain's records.
#[server(prefix = "/fn", endpoint = "check_domain")]
pub async fn check_domain(slug: String, domain: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let seen = iam()?.domains().check(&signed_in()?, &slug, &domain).await?;
    tell(
        &paths::domains(&slug),
        if seen { Done::Proved } else { Done::Unproved },
    );
    Ok(())
}

/// Decides who may join by a domain.
#[server(prefix = "/fn", endpoint = "set_domain_joining")]
pub async fn set_domain_joining(slug: String, domain: String, joining: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .domains()
        .set_joining(&signed_in()?, &slug, &domain, &joining)
        .await?;
    saved(&paths::domains(&slug));
    Ok(())
}

/// Lets sign-in pages live at a domain, or at none.
#[server(prefix = "/fn", endpoint = "set_workspace_host")]
pub async fn set_workspace_host(slug: String, domain: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .domains()
        .set_custom_domain(&signed_in()?, &slug, &domain)
        .await?;
    saved(&paths::domains(&slug));
    Ok(())
}

/// Gives a domain up.
#[server(prefix = "/fn", endpoint = "remove_domain")]
pub async fn remove_domain(slug: String, domain: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.domains().remove(&signed_in()?, &slug, &domain).await?;
    leptos_actix::redirect(&paths::domains(&slug));
    Ok(())
}

/// What somebody who is no member may do at a workspace's door.
pub async fn load_door(slug: String) -> Result<DoorView, AppError> {
    Ok(iam()?
        .members()
        .join_path(&signed_in()?, &parse_slug(&slug)?)
        .await?)
}

/// Joins where that is open, else asks to. `request` is the app's that waits for it, if there is one.
#[server(prefix = "/fn", endpoint = "knock")]
pub async fn knock(slug: String, request: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let state = iam()?.members().join_or_request(&signed_in()?, &slug).await?;
    let target = match (state, request.parse()) {
        (DoorState::Open, Ok(request)) => paths::go_on(&slug, request),
        _ => paths::WORKSPACES.to_owned(),
    };
    leptos_actix::redirect(&target);
    Ok(())
}

/// Takes back what the viewer asked.
#[server(prefix = "/fn", endpoint = "withdraw_join_request")]
pub async fn withdraw_join_request(slug: String) -> Result<(), AppError> {
    iam()?
        .members()
        .withdraw_request(&signed_in()?, &parse_slug(&slug)?)
        .await?;
    leptos_actix::redirect(paths::WORKSPACES);
    Ok(())
}

/// Lets somebody in who asked.
#[server(prefix = "/fn", endpoint = "approve_join_request")]
pub async fn approve_join_request(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .members()
        .approve_request(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(&paths::invitations(&slug));
    Ok(())
}

/// Says no to somebody who asked.
#[server(prefix = "/fn", endpoint = "decline_join_request")]
pub async fn decline_join_request(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .members()
        .decline_request(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(&paths::invitations(&slug));
    Ok(())
}
