//! Server functions about members and invitations.

use crate::{
    AppError, paths,
    server::{
        context::{ctx, gone_to, iam, parse_id, parse_slug, signed_in},
        outcome::{saved, tell},
        wanted,
    },
};
use iam::{
    domain::members::member::{MemberFilter, MemberOrder},
    members::{
        bulk::{Change, Picked},
        invitation::JoinPage,
    },
};
use iam_types::{
    ErrorCode, UserId,
    view::{
        AccessCheckView, BulkView, Done, InvitationsView, JoinState, JoinView, MemberView, MembersView, Told,
    },
};
use leptos::prelude::*;

fn filter(search: &str, role: &str) -> Result<MemberFilter, AppError> {
    Ok(MemberFilter {
        search: search.trim().to_owned(),
        role: match role {
            "" => None,
            role => Some(role.parse().map_err(|()| ErrorCode::InvalidInput)?),
        },
        order: MemberOrder::default(),
    })
}

/// A page of a workspace's members. `order` is that of a [`MemberOrder`], an empty `role` is any.
pub async fn load_members(
    slug: String,
    search: String,
    role: String,
    order: String,
    after: String,
) -> Result<MembersView, AppError> {
    let filter = MemberFilter {
        order: order.parse().unwrap_or_default(),
        ..filter(&search, &role)?
    };
    let after = match after.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    Ok(iam()?
        .members()
        .list(&signed_in()?, &parse_slug(&slug)?, &filter, after)
        .await?)
}

/// One member.
pub async fn load_member(slug: String, id: String) -> Result<MemberView, AppError> {
    Ok(iam()?
        .members()
        .get(&signed_in()?, &parse_slug(&slug)?, parse_id(&id)?)
        .await?)
}

/// Gives a member another role.
#[server(prefix = "/fn", endpoint = "change_role")]
pub async fn change_role(slug: String, id: String, role: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .members()
        .change_role(&signed_in()?, &slug, id, &role)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

/// Picked members.
pub async fn load_bulk(slug: String, ids: Vec<String>) -> Result<BulkView, AppError> {
    let picked = Picked::These(parse_people(&ids)?);
    Ok(iam()?
        .members()
        .selected(&signed_in()?, &parse_slug(&slug)?, &picked)
        .await?)
}

/// All members that a search and a role let through.
pub async fn load_matching(slug: String, search: String, role: String) -> Result<BulkView, AppError> {
    let picked = Picked::Matching(filter(&search, &role)?);
    Ok(iam()?
        .members()
        .selected(&signed_in()?, &parse_slug(&slug)?, &picked)
        .await?)
}

/// Why an address does not get in.
pub async fn load_access_check(slug: String, email: String) -> Result<AccessCheckView, AppError> {
    Ok(iam()?
        .access()
        .check_address(&signed_in()?, &parse_slug(&slug)?, &email)
        .await?)
}

/// Changes picked members: `change` is `role`, `group` or `remove`, `value` which role or group.
#[server(prefix = "/fn", endpoint = "change_members")]
pub async fn change_members(
    slug: String,
    #[server(default)] ids: Vec<String>,
    change: String,
    value: String,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let change = Change::parse(&change, &value)?;
    let count = iam()?
        .members()
        .change_selected(&signed_in()?, &slug, &parse_people(&ids)?, change)
        .await?;
    tell(
        &paths::members(&slug),
        Told {
            count,
            ..Done::Changed.into()
        },
    );
    Ok(())
}

/// Ends what all apps may do in a member's name.
#[server(prefix = "/fn", endpoint = "end_app_sessions")]
pub async fn end_app_sessions(slug: String, id: String, reason: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .members()
        .end_app_sessions(&signed_in()?, &slug, id, &reason)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

/// Ends what an app may do in a member's name.
#[server(prefix = "/fn", endpoint = "end_app_session")]
pub async fn end_app_session(slug: String, id: String, grant: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .members()
        .end_app_session(&signed_in()?, &slug, id, parse_id(&grant)?)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

/// Begins to recover a member who lost their second factors.
#[server(prefix = "/fn", endpoint = "begin_recovery")]
pub async fn begin_recovery(
    slug: String,
    id: String,
    reason: String,
    #[server(default)] passkeys: bool,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .members()
        .begin_recovery(&signed_in()?, &slug, id, &reason, passkeys)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

/// Takes that back.
#[server(prefix = "/fn", endpoint = "withdraw_recovery")]
pub async fn withdraw_recovery(slug: String, id: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .members()
        .withdraw_recovery(&signed_in()?, &slug, id)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

fn parse_people(ids: &[String]) -> Result<Vec<UserId>, AppError> {
    ids.iter().map(|id| parse_id(id)).collect()
}

/// Takes a member out.
#[server(prefix = "/fn", endpoint = "remove_member")]
pub async fn remove_member(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .members()
        .remove(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    tell(&paths::members(&slug), Done::Removed);
    Ok(())
}

/// Ends the viewer's own membership.
#[server(prefix = "/fn", endpoint = "leave_workspace")]
pub async fn leave_workspace(slug: String) -> Result<(), AppError> {
    iam()?.members().leave(&signed_in()?, &parse_slug(&slug)?).await?;
    tell(paths::WORKSPACES, Done::Left);
    Ok(())
}

/// A page of a workspace's invitations.
pub async fn load_invitations(slug: String, before: String) -> Result<InvitationsView, AppError> {
    let before = match before.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    Ok(iam()?
        .members()
        .invitations(&signed_in()?, &parse_slug(&slug)?, before)
        .await?)
}

/// Invites pasted addresses.
#[server(prefix = "/fn", endpoint = "invite")]
pub async fn invite(slug: String, addresses: String, role: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let invited = iam()?
        .members()
        .invite(&signed_in()?, &slug, &addresses, &role)
        .await?;
    let told = Told::of_lines(Done::Sent, invited.sent, invited.refused, "addresses");
    tell(&paths::invitations(&slug), told.with_field("role", role));
    Ok(())
}

/// Sends an invitation again.
#[server(prefix = "/fn", endpoint = "resend_invitation")]
pub async fn resend_invitation(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .members()
        .resend_invitation(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    tell(
        &paths::invitations(&slug),
        Told {
            count: 1,
            ..Done::Sent.into()
        },
    );
    Ok(())
}

/// Takes an invitation back.
#[server(prefix = "/fn", endpoint = "withdraw_invitation")]
pub async fn withdraw_invitation(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .members()
        .withdraw_invitation(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    tell(&paths::invitations(&slug), Done::Withdrawn);
    Ok(())
}

/// What the page behind an invitation's link shows.
pub async fn load_join(slug: String, invitation: String) -> Result<JoinView, AppError> {
    let id = invitation.parse().map_err(|_| ErrorCode::InvitationInvalid)?;
    let slug = parse_slug(&slug)?;
    match iam()?.members().join_page(&ctx()?, &slug, id).await? {
        JoinPage::Ask(view) => {
            if view.state == JoinState::SignedOut {
                wanted::remember();
            }
            Ok(*view)
        }
        JoinPage::Joined => Err(gone_to(&paths::overview(&slug))),
        JoinPage::SignIn => {
            wanted::remember();
            Err(gone_to(&paths::workspace_login(&slug, None)))
        }
    }
}

/// Joins a workspace.
#[server(prefix = "/fn", endpoint = "accept_invitation")]
pub async fn accept_invitation(slug: String, id: String) -> Result<(), AppError> {
    let id = id.parse().map_err(|_| ErrorCode::InvitationInvalid)?;
    iam()?
        .members()
        .accept_invitation(&signed_in()?, &parse_slug(&slug)?, id)
        .await?;
    tell(paths::WORKSPACES, Done::Joined);
    Ok(())
}

/// Says no to an invitation.
#[server(prefix = "/fn", endpoint = "decline_invitation")]
pub async fn decline_invitation(slug: String, id: String) -> Result<(), AppError> {
    let id = id.parse().map_err(|_| ErrorCode::InvitationInvalid)?;
    iam()?
        .members()
        .decline_invitation(&signed_in()?, &parse_slug(&slug)?, id)
        .await?;
    tell(paths::WORKSPACES, Done::Declined);
    Ok(())
}
