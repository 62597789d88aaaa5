//! Server functions about joining without an invitation.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, signed_in},
        outcome::tell,
    },
};
use iam_types::view::{Done, JoinPathState, JoinPathView};
use leptos::prelude::*;

/// What somebody who is no member may do at a workspace's door.
pub async fn load_join_path(slug: String) -> Result<JoinPathView, AppError> {
    Ok(iam()?
        .members()
        .join_path(&signed_in()?, &parse_slug(&slug)?)
        .await?)
}

/// Joins where that is open, else asks to. `request` is the app's that waits for it, if there is one.
#[server(prefix = "/fn", endpoint = "join_or_request")]
pub async fn join_or_request(slug: String, request: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let state = iam()?.members().join_or_request(&signed_in()?, &slug).await?;
    match (state, request.parse()) {
        (JoinPathState::Open, Ok(request)) => leptos_actix::redirect(&paths::go_on(&slug, request)),
        (JoinPathState::Open, Err(_)) => tell(paths::WORKSPACES, Done::Joined),
        _ => tell(paths::WORKSPACES, Done::Asked),
    }
    Ok(())
}

/// Takes back what the viewer asked.
#[server(prefix = "/fn", endpoint = "withdraw_join_request")]
pub async fn withdraw_join_request(slug: String) -> Result<(), AppError> {
    iam()?
        .members()
        .withdraw_request(&signed_in()?, &parse_slug(&slug)?)
        .await?;
    tell(paths::WORKSPACES, Done::Withdrawn);
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
    tell(&paths::invitations(&slug), Done::Admitted);
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
    tell(&paths::invitations(&slug), Done::Declined);
    Ok(())
}
