//! Providers, and who people are there.

use super::Told;
use crate::{
    audit::Action,
    connections::{
        claims::Claim,
        connection::{Connection, Settings},
    },
};
use iam_types::{ConnectionId, GroupId};
use serde_json::{Value, json};

/// Why a sign-in through a provider came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionRefusal {
    /// The provider, or the person there, said no.
    Denied,
    /// Its address may not be asked.
    Barred,
    /// It does not answer.
    Unreachable,
    /// It answers too slowly.
    Slow,
    /// Its answer is too long.
    TooLarge,
    /// It sends elsewhere.
    Redirected,
    /// Its discovery document or its keys cannot be read, or name somebody else.
    Discovery,
    /// It does not take the code, or our credentials.
    Code,
    /// What came back names another provider.
    OtherIssuer,
    /// Its token is for somebody else.
    OtherAudience,
    /// Its token is of another sign-in.
    OtherNonce,
    /// Its token is too old.
    Expired,
    /// Its token is not signed by a key of its own, or in a way that counts.
    Signature,
    /// Its token is no token.
    Token,
    /// The person belongs to a tenant that does not sign in here.
    OtherTenant,
    /// It does not say at which address the person is.
    NoAddress,
    /// Nobody who may come in is known by that address.
    NoAccount,
    /// Nobody has linked it with their account.
    NotLinked,
    /// The person's account is shut.
    Disabled,
    /// The identity, or the account, is linked otherwise.
    Taken,
    /// The sign-in began in another browser.
    OtherBrowser,
}

impl ConnectionRefusal {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Barred => "barred",
            Self::Unreachable => "unreachable",
            Self::Slow => "slow",
            Self::TooLarge => "too_large",
            Self::Redirected => "redirected",
            Self::Discovery => "discovery",
            Self::Code => "code",
            Self::OtherIssuer => "other_issuer",
            Self::OtherAudience => "other_audience",
            Self::OtherNonce => "other_nonce",
            Self::Expired => "expired",
            Self::Signature => "signature",
            Self::Token => "token",
            Self::OtherTenant => "other_tenant",
            Self::NoAddress => "no_address",
            Self::NoAccount => "no_account",
            Self::NotLinked => "not_linked",
            Self::Disabled => "disabled",
            Self::Taken => "taken",
            Self::OtherBrowser => "other_browser",
        }
    }
}

fn settings(settings: &Settings) -> Value {
    json!({
        "name": settings.name.as_str(),
        "client_id": settings.client_id,
        "scopes": settings.scopes,
        "provisioning": settings.provisioning.as_str(),
        "trusts_addresses": settings.trusts_addresses,
        "tenants": settings.tenants,
        "domains": settings.domains,
        "everywhere": settings.everywhere,
        "name_claim": settings.claims.name.as_str(),
        "address_claim": settings.claims.address.as_str(),
    })
}

impl Told {
    /// A provider was connected.
    pub fn connection_created(connection: &Connection) -> Self {
        let mut detail = settings(&connection.settings);
        detail["preset"] = json!(connection.preset.as_str());
        detail["issuer"] = json!(connection.issuer.as_str());
        Self::new(Action::ConnectionCreated, connection.id, detail)
    }

    /// A provider's settings changed; whether it got another secret too.
    pub fn connection_updated(id: ConnectionId, now: &Settings, secret: bool) -> Self {
        let mut detail = settings(now);
        detail["secret"] = json!(secret);
        Self::new(Action::ConnectionUpdated, id, detail)
    }

    /// Values of a provider's claim give these groups.
    pub fn connection_groups_mapped<'a>(
        id: ConnectionId,
        name: &str,
        (claim, lines): (Option<&Claim>, impl IntoIterator<Item = &'a (String, GroupId)>),
        ended: i64,
    ) -> Self {
        let lines: Vec<_> = lines
            .into_iter()
            .map(|(value, group)| json!({ "value": value, "group": group }))
            .collect();
        let claim = claim.map(Claim::as_str);
        let detail = json!({ "name": name, "groups_claim": claim, "groups": lines, "places_ended": ended });
        Self::new(Action::ConnectionUpdated, id, detail)
    }

    /// Nobody signs in through a provider any more; so many sessions ended, and so many places in groups.
    pub fn connection_disabled(id: ConnectionId, name: &str, sessions: u64, places: i64) -> Self {
        let detail = json!({ "name": name, "sessions": sessions, "groups": places });
        Self::new(Action::ConnectionDisabled, id, detail)
    }

    /// People sign in through a provider again.
    pub fn connection_enabled(id: ConnectionId, name: &str) -> Self {
        Self::new(Action::ConnectionEnabled, id, json!({ "name": name }))
    }

    /// A provider was disconnected; so many sessions ended, and so many places in groups.
    pub fn connection_deleted(id: ConnectionId, name: &str, sessions: u64, places: i64) -> Self {
        let detail = json!({ "name": name, "sessions": sessions, "groups": places });
        Self::new(Action::ConnectionDeleted, id, detail)
    }

    /// A sign-in through a provider came to nothing.
    pub fn connection_refused(id: ConnectionId, name: &str, refusal: ConnectionRefusal) -> Self {
        let detail = json!({ "name": name, "reason": refusal.as_str() });
        Self::new(Action::ConnectionRefused, id, detail)
    }

    /// A sign-in through a provider was tried out, with this result.
    pub fn connection_tested(id: ConnectionId, name: &str, result: &str) -> Self {
        let detail = json!({ "name": name, "result": result });
        Self::new(Action::ConnectionTested, id, detail)
    }

    /// Whoever acts was linked with who they are at a provider.
    pub fn identity_linked(id: ConnectionId, name: &str) -> Self {
        Self::new(Action::IdentityLinked, id, json!({ "name": name }))
    }

    /// That was undone.
    pub fn identity_unlinked(id: ConnectionId, name: &str) -> Self {
        Self::new(Action::IdentityUnlinked, id, json!({ "name": name }))
    }
}
