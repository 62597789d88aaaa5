//! What is said to a provider and what of its answers is believed, whichever way it is spoken to.

mod apple;
mod ask;
mod entra;
mod github;
mod mapping;
mod oidc;

use crate::core::Core;
pub(crate) use apple::parse_key;
use ask::Http;
use chrono::{DateTime, Utc};
use github::Github;
use iam_domain::{
    account::email::Email,
    audit::ConnectionRefusal,
    connections::{
        attempt::Said,
        claims::Claim,
        connection::{Connection, Preset},
    },
};
use oidc::Provider;
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// How many are remembered; beyond them it begins anew.
const MOST: usize = 256;

/// The providers that this node remembers, by their issuers and by whether they were read as those of several tenants.
#[derive(Clone, Default)]
pub(crate) struct Providers(Arc<RwLock<HashMap<(String, bool), Provider>>>);

impl Providers {
    fn known(&self, connection: &Connection) -> Option<Provider> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&key(connection)).cloned()
    }

    fn keep(&self, connection: &Connection, provider: Provider) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key(connection), provider);
    }
}

fn key(connection: &Connection) -> (String, bool) {
    let of_several = connection.preset == Preset::EntraAny;
    (connection.issuer.to_string(), of_several)
}

/// What ties a sign-in to what comes back.
pub(crate) struct Ties<'a> {
    /// Where the provider sends people back to.
    pub redirect_uri: &'a str,
    /// Kept from everybody until the code is redeemed (RFC 7636).
    pub verifier: String,
    /// Stands in the token (OpenID Connect Core 1.0, 15.5.2).
    pub nonce: String,
}

/// What a provider says of somebody, once it is to be believed.
pub(crate) struct Heard {
    /// What of it counts here.
    pub said: Said,
    /// The claim of groups and what it says, where there is one.
    pub groups: Option<(Claim, Vec<String>)>,
    /// All of it.
    pub claims: Map<String, Value>,
}

/// A provider, by the way it is spoken to.
pub(crate) enum Upstream {
    /// It says by a token who somebody is.
    Oidc(Provider),
    /// It says so by its API.
    Github(Github),
}

impl Core {
    /// The provider behind a connection, as it is spoken to.
    pub(crate) async fn upstream(&self, connection: &Connection) -> Result<Upstream, ConnectionRefusal> {
        if connection.preset.is_github() {
            return Github::at(&connection.issuer).map(Upstream::Github);
        }
        self.provider(connection).await.map(Upstream::Oidc)
    }

    /// Who came back with `code`, as far as the provider is to be believed.
    pub(crate) async fn redeem_upstream(
        &self,
        connection: &Connection,
        secret: &str,
        (code, began_at): (&str, DateTime<Utc>),
        ties: &Ties<'_>,
    ) -> Result<Heard, ConnectionRefusal> {
        let heard = match self.upstream(connection).await? {
            Upstream::Oidc(provider) => {
                let made = match connection.preset {
                    Preset::Apple => Some(apple::client_secret(secret, connection, self.now())?),
                    _ => None,
                };
                let secret = made.as_deref().unwrap_or(secret);
                self.redeem_oidc(&provider, (connection, secret), (code, began_at), ties)
                    .await
            }
            Upstream::Github(github) => {
                let client = (connection.settings.client_id.as_str(), secret);
                github.redeem(&self.http(), client, code, ties).await
            }
        }?;
        if heard.said.names_somebody() {
            Ok(heard)
        } else {
            Err(ConnectionRefusal::Token)
        }
    }

    fn http(&self) -> Http {
        Http(Arc::clone(&self.deps.outbound))
    }
}

impl Upstream {
    /// Where a browser asks the provider who its person is, perhaps whoever has the address `hint`.
    pub(crate) fn authorize_url(
        &self,
        connection: &Connection,
        (state, hint): (&str, Option<&Email>),
        ties: &Ties<'_>,
    ) -> Result<String, ConnectionRefusal> {
        match self {
            Self::Oidc(provider) => provider.authorize_url(connection, (state, hint), ties),
            Self::Github(github) => Ok(github.authorize_url(&connection.settings, (state, hint), ties)),
        }
    }

    /// Where it is, for people who test it.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Oidc(provider) => provider.facts(),
            Self::Github(github) => github.facts(),
        }
    }

    /// Whether an answer that names `iss` comes from this provider (RFC 9207 2.4).
    pub(crate) fn sent(&self, iss: Option<&str>) -> bool {
        match self {
            Self::Oidc(provider) => provider.sent(iss),
            Self::Github(github) => github.sent(iss),
        }
    }
}
