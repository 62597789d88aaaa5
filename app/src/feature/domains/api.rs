//! Server functions about domains.

use crate::{
    AppError, paths,
    server::{
        context::{iam, parse_slug, signed_in},
        outcome::{saved, tell},
    },
};
use iam_types::view::{DomainsView, Done};
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
