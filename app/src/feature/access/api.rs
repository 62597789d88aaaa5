//! Server functions about roles and groups.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, signed_in},
        outcome::{saved, tell},
    },
};
use iam::access::role::Wanted;
use iam_types::{
    ErrorCode, Permissions, RoleId,
    view::{Done, GroupView, GroupsView, RoleView, RolesView, Told},
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn parse_roles(ids: &[String]) -> Result<BTreeSet<RoleId>, AppError> {
    ids.iter().map(|id| parse_id(id)).collect()
}

/// A workspace's roles.
pub async fn load_roles(slug: String) -> Result<RolesView, AppError> {
    Ok(iam()?.access().roles(&signed_in()?, &parse_slug(&slug)?).await?)
}

/// One role.
pub async fn load_role(slug: String, id: String) -> Result<RoleView, AppError> {
    Ok(iam()?
        .access()
        .role(&signed_in()?, &parse_slug(&slug)?, parse_id(&id)?)
        .await?)
}

/// Makes a role.
#[server(prefix = "/fn", endpoint = "create_role")]
pub async fn create_role(slug: String, name: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?.access().create_role(&signed_in()?, &slug, &name).await?;
    leptos_actix::redirect(&paths::roles(&slug));
    Ok(())
}

/// Makes a role of an app.
#[server(prefix = "/fn", endpoint = "create_app_role")]
pub async fn create_app_role(slug: String, id: String, name: String) -> Result<(), AppError> {
    let (slug, app) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .create_app_role(&signed_in()?, &slug, app, &name)
        .await?;
    leptos_actix::redirect(&paths::app(&slug, app));
    Ok(())
}

/// Saves the matrix: `versions` has a line for each role that the page could change, the role and its version, `grants`
/// one for each box that was ticked, the role and the permission.
#[server(prefix = "/fn", endpoint = "save_roles")]
pub async fn save_roles(
    slug: String,
    #[server(default)] versions: Vec<String>,
    #[server(default)] grants: Vec<String>,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let malformed = || AppError::from(ErrorCode::InvalidInput);
    let mut wanted = BTreeMap::new();
    for line in &versions {
        let (id, version) = line.split_once(' ').ok_or_else(malformed)?;
        let version = version.parse().map_err(|_| malformed())?;
        let permissions = Permissions::NONE;
        wanted.insert(parse_id::<RoleId>(id)?, Wanted { version, permissions });
    }
    for line in &grants {
        let (id, permission) = line.split_once(' ').ok_or_else(malformed)?;
        let role = wanted.get_mut(&parse_id(id)?).ok_or_else(malformed)?;
        role.permissions = role.permissions.union([permission].into_iter().collect());
    }
    iam()?.access().save_roles(&signed_in()?, &slug, &wanted).await?;
    saved(&paths::roles(&slug));
    Ok(())
}

/// Renames a role.
#[server(prefix = "/fn", endpoint = "rename_role")]
pub async fn rename_role(slug: String, id: String, name: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .rename_role(&signed_in()?, &slug, id, &name)
        .await?;
    saved(&paths::role(&slug, id));
    Ok(())
}

/// Deletes a role.
#[server(prefix = "/fn", endpoint = "delete_role")]
pub async fn delete_role(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let app = iam()?
        .access()
        .delete_role(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(&app.map_or_else(|| paths::roles(&slug), |app| paths::app(&slug, app)));
    Ok(())
}

/// Gives a member exactly these roles beside the built-in one.
#[server(prefix = "/fn", endpoint = "set_member_roles")]
pub async fn set_member_roles(
    slug: String,
    id: String,
    #[server(default)] roles: Vec<String>,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .set_member_roles(&signed_in()?, &slug, id, &parse_roles(&roles)?)
        .await?;
    saved(&paths::member(&slug, id));
    Ok(())
}

/// A workspace's groups.
pub async fn load_groups(slug: String) -> Result<GroupsView, AppError> {
    Ok(iam()?.access().groups(&signed_in()?, &parse_slug(&slug)?).await?)
}

/// One group.
pub async fn load_group(slug: String, id: String, after: String) -> Result<GroupView, AppError> {
    Ok(iam()?
        .access()
        .group(&signed_in()?, &parse_slug(&slug)?, parse_id(&id)?, &after)
        .await?)
}

/// Makes a group.
#[server(prefix = "/fn", endpoint = "create_group")]
pub async fn create_group(slug: String, name: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let id = iam()?.access().create_group(&signed_in()?, &slug, &name).await?;
    leptos_actix::redirect(&paths::group(&slug, id));
    Ok(())
}

/// Renames a group.
#[server(prefix = "/fn", endpoint = "rename_group")]
pub async fn rename_group(slug: String, id: String, name: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .rename_group(&signed_in()?, &slug, id, &name)
        .await?;
    saved(&paths::group(&slug, id));
    Ok(())
}

/// Deletes a group.
#[server(prefix = "/fn", endpoint = "delete_group")]
pub async fn delete_group(slug: String, id: String) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    iam()?
        .access()
        .delete_group(&signed_in()?, &slug, parse_id(&id)?)
        .await?;
    leptos_actix::redirect(&paths::groups(&slug));
    Ok(())
}

/// Lets a group carry exactly these roles.
#[server(prefix = "/fn", endpoint = "set_group_roles")]
pub async fn set_group_roles(
    slug: String,
    id: String,
    #[server(default)] roles: Vec<String>,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .set_group_roles(&signed_in()?, &slug, id, &parse_roles(&roles)?)
        .await?;
    saved(&paths::group(&slug, id));
    Ok(())
}

/// Puts members into a group, by their addresses.
#[server(prefix = "/fn", endpoint = "add_to_group")]
pub async fn add_to_group(slug: String, id: String, addresses: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    let grouped = iam()?
        .access()
        .add_to_group(&signed_in()?, &slug, id, &addresses)
        .await?;
    let told = Told::of_lines(Done::Added, grouped.members, grouped.refused, "addresses");
    tell(&paths::group(&slug, id), told);
    Ok(())
}

/// Takes a member out of a group.
#[server(prefix = "/fn", endpoint = "remove_from_group")]
pub async fn remove_from_group(slug: String, id: String, member: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .access()
        .remove_from_group(&signed_in()?, &slug, id, parse_id(&member)?)
        .await?;
    leptos_actix::redirect(&paths::group(&slug, id));
    Ok(())
}
