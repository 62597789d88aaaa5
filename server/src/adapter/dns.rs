//! Name servers: those of this machine, or those that the settings name.

use anyhow::Context;
use async_trait::async_trait;
use hickory_resolver::{
    TokioResolver,
    config::{NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::RData,
};
use iam::port::{ResolveError, Resolver};
use std::net::SocketAddr;

/// Asks over DNS.
pub struct Dns(TokioResolver);

impl Dns {
    /// Prepares to ask `server`, or the name servers of this machine.
    ///
    /// # Errors
    /// This machine's own name servers are not configured readably.
    pub fn new(server: Option<SocketAddr>) -> anyhow::Result<Self> {
        let builder = match server {
            Some(address) => {
                let mut server = NameServerConfig::udp_and_tcp(address.ip());
                for connection in &mut server.connections {
                    connection.port = address.port();
                }
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
            None => TokioResolver::builder_tokio().context("name servers of this machine")?,
        };
        Ok(Self(builder.build().context("name servers")?))
    }
}

#[async_trait]
impl Resolver for Dns {
    async fn txt(&self, name: &str) -> Result<Vec<String>, ResolveError> {
        // The final dot: a search domain of this machine must not answer for somebody else's name.
        let found = match self.0.txt_lookup(format!("{name}.")).await {
            Ok(found) => found,
            Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
            Err(error) => return Err(ResolveError(error.to_string())),
        };
        Ok(found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::TXT(text) => Some(
                    text.txt_data
                        .iter()
                        .map(|part| String::from_utf8_lossy(part))
                        .collect(),
                ),
                _ => None,
            })
            .collect())
    }
}
