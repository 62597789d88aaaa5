//! Server functions about connections.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_id, parse_slug, signed_in},
        outcome::{saved, tell},
    },
};
use iam::connections::{ConnectionForm, GroupsForm};
use iam_types::view::{
    ConnectionTestView, ConnectionView, ConnectionsView, Done, NewConnectionView, OwnConnectionsView,
};
use leptos::prelude::*;

/// A workspace's providers.
pub async fn load_connections(slug: String) -> Result<ConnectionsView, AppError> {
    let slug = parse_slug(&slug)?;
    Ok(iam()?.connections().list(&signed_in()?, &slug).await?)
}

/// What somebody needs who connects one.
pub async fn load_new_connection(slug: String, preset: String) -> Result<NewConnectionView, AppError> {
    let slug = parse_slug(&slug)?;
    Ok(iam()?
        .connections()
        .prepare(&signed_in()?, &slug, &preset)
        .await?)
}

/// One of them.
pub async fn load_connection(slug: String, id: String) -> Result<ConnectionView, AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    Ok(iam()?.connections().get(&signed_in()?, &slug, id).await?)
}

/// What a test of one came to.
pub async fn load_connection_test(
    slug: String,
    id: String,
    test: String,
) -> Result<ConnectionTestView, AppError> {
    let (slug, id) = (parse_slug(&slug)?, (parse_id(&id)?, parse_id(&test)?));
    Ok(iam()?.connections().test(&signed_in()?, &slug, id).await?)
}

/// Those of the viewer.
pub async fn load_own_connections() -> Result<OwnConnectionsView, AppError> {
    Ok(iam()?.connections().own(&signed_in()?).await?)
}

/// What is typed about a provider.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    client_id: String,
    team_id: String,
    key_id: String,
    client_secret: String,
    scopes: String,
    provisioning: String,
    trusts_addresses: String,
    tenants: String,
    domains: String,
    everywhere: String,
    name_claim: String,
    address_claim: String,
}

impl Typed {
    fn form<'a>(&'a self, name: &'a str) -> ConnectionForm<'a> {
        ConnectionForm {
            name,
            client_id: &self.client_id,
            team_id: &self.team_id,
            key_id: &self.key_id,
            client_secret: &self.client_secret,
            scopes: &self.scopes,
            provisioning: &self.provisioning,
            trusts_addresses: !self.trusts_addresses.is_empty(),
            tenants: &self.tenants,
            domains: &self.domains,
            everywhere: !self.everywhere.is_empty(),
            name_claim: &self.name_claim,
            address_claim: &self.address_claim,
        }
    }
}

/// Connects a provider.
#[server(prefix = "/fn", endpoint = "create_connection")]
pub async fn create_connection(
    slug: String,
    #[server(default)] preset: String,
    #[server(default)] issuer: String,
    #[server(default)] name: String,
    #[server(flatten)] typed: Typed,
) -> Result<(), AppError> {
    let slug = parse_slug(&slug)?;
    let id = iam()?
        .connections()
        .create(&signed_in()?, &slug, (&preset, &issuer), typed.form(&name))
        .await?;
    saved(&paths::connection(&slug, id));
    Ok(())
}

/// Changes a provider's settings.
#[server(prefix = "/fn", endpoint = "update_connection")]
pub async fn update_connection(
    slug: String,
    id: String,
    #[server(default)] name: String,
    #[server(flatten)] typed: Typed,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .connections()
        .update(&signed_in()?, &slug, id, typed.form(&name))
        .await?;
    saved(&paths::connection(&slug, id));
    Ok(())
}

/// Says what groups a provider gives.
#[server(prefix = "/fn", endpoint = "map_connection_groups")]
pub async fn map_connection_groups(
    slug: String,
    id: String,
    #[server(default)] claim: String,
    #[server(default)] values: Vec<String>,
    #[server(default)] groups: Vec<String>,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    let form = GroupsForm {
        claim: &claim,
        values: &values,
        groups: &groups,
    };
    iam()?
        .connections()
        .map_groups(&signed_in()?, &slug, id, form)
        .await?;
    saved(&paths::connection(&slug, id));
    Ok(())
}

/// Lets people sign in through a provider, or nobody any more.
#[server(prefix = "/fn", endpoint = "set_connection_state")]
pub async fn set_connection_state(slug: String, id: String, state: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    let enabled = match state.as_str() {
        "enabled" => true,
        "disabled" => false,
        _ => return Err(iam_types::ErrorCode::InvalidInput.into()),
    };
    iam()?
        .connections()
        .set_enabled(&signed_in()?, &slug, id, enabled)
        .await?;
    saved(&paths::connection(&slug, id));
    Ok(())
}

/// Disconnects a provider.
#[server(prefix = "/fn", endpoint = "delete_connection")]
pub async fn delete_connection(
    slug: String,
    id: String,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?
        .connections()
        .delete(&signed_in()?, &slug, id, &confirmation)
        .await?;
    leptos_actix::redirect(&paths::connections(&slug));
    Ok(())
}

/// Undoes what links the viewer at a provider.
#[server(prefix = "/fn", endpoint = "unlink_connection")]
pub async fn unlink_connection(slug: String, id: String) -> Result<(), AppError> {
    let (slug, id) = (parse_slug(&slug)?, parse_id(&id)?);
    iam()?.connections().unlink(&signed_in()?, &slug, id).await?;
    tell(paths::SECURITY, Done::Unlinked);
    Ok(())
}
