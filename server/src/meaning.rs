//! What settings come to that are not there, or are written as lists.

use crate::{
    config::{ConfigError, Settings},
    http::forwarded::Proxies,
    insecure::Allowed,
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

/// Where the server listens.
pub(crate) fn listen_address(settings: &Settings) -> SocketAddr {
    settings
        .listen
        .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080))
}

/// Where the scripts and styles of the same build are.
pub(crate) fn site_root(settings: &Settings) -> PathBuf {
    settings
        .site_root
        .clone()
        .unwrap_or_else(|| PathBuf::from("target/site"))
}

/// Whose forwarding headers are believed.
///
/// # Errors
/// They are no networks, or everybody's.
pub(crate) fn proxies(settings: &Settings, allowed: Allowed) -> Result<Proxies, ConfigError> {
    let text = settings.trusted_proxies.as_deref().unwrap_or_default();
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let trusted = parts
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
        })
        .collect::<Result<Arc<[_]>, _>>()
        .map_err(|_| {
            ConfigError::Impossible(
                "ROOIAM_TRUSTED_PROXIES",
                "must be addresses or networks, separated by commas",
            )
        })?;
    allowed.proxies(&trusted)?;
    Ok(Proxies {
        trusted,
        header: settings.forwarded_header,
    })
}
