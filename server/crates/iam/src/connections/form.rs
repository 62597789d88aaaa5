//! What is typed about a provider.

use crate::{IamError, core::upstream::parse_key};
use iam_domain::connections::{
    claims::{Claim, Claims},
    connection::{
        Preset, Provisioning, Settings, parse_credential, parse_domains, parse_scopes, parse_tenants,
    },
};
use iam_types::{ErrorCode, Slug};

/// A form that connects a provider or changes one.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionForm<'a> {
    /// What its button says.
    pub name: &'a str,
    /// Who we are there.
    pub client_id: &'a str,
    /// Apple's name of the team, where there is a key and no secret.
    pub team_id: &'a str,
    /// And its name of the key.
    pub key_id: &'a str,
    /// Our secret there, or the key; empty keeps the one that there is.
    pub client_secret: &'a str,
    /// What it is asked for beside what a sign-in takes.
    pub scopes: &'a str,
    /// `members` or `joining`; of the platform's, `linked` or `everybody`.
    pub provisioning: &'a str,
    /// Whether an address counts of which it says nothing.
    pub trusts_addresses: bool,
    /// The tenants whose people sign in by it, of a provider that has several.
    pub tenants: &'a str,
    /// The domains whose people sign in by it.
    pub domains: &'a str,
    /// Whether they are led there from the platform's login page too.
    pub everywhere: bool,
    /// The claim that says what somebody is called, empty for the usual one.
    pub name_claim: &'a str,
    /// The claim that says at which address they are, empty for the usual one.
    pub address_claim: &'a str,
}

impl ConnectionForm<'_> {
    pub(super) fn settings(&self, slug: &Slug, preset: Preset) -> Result<Settings, IamError> {
        let provisioning: Provisioning = self.provisioning.parse()?;
        if provisioning.is_of_platform() != slug.is_platform() {
            return Err(ErrorCode::InvalidInput.into());
        }
        Ok(Settings {
            name: self.name.parse()?,
            client_id: parse_credential(self.client_id)?.to_owned(),
            scopes: parse_scopes(preset, self.scopes)?,
            provisioning,
            trusts_addresses: self.trusts_addresses,
            tenants: match preset {
                Preset::EntraAny => parse_tenants(self.tenants)?,
                _ => Vec::new(),
            },
            domains: parse_domains(self.domains)?,
            everywhere: self.everywhere && !slug.is_platform(),
            claims: if preset.has_claims() {
                self.claims()?
            } else {
                Claims::default()
            },
        })
    }

    fn claims(&self) -> Result<Claims, ErrorCode> {
        let usual = Claims::default();
        let claim = |typed: &str, usual| match typed.trim() {
            "" => Ok(usual),
            typed => Claim::parse(typed),
        };
        Ok(Claims {
            name: claim(self.name_claim, usual.name)?,
            address: claim(self.address_claim, usual.address)?,
        })
    }

    /// What is to be sealed; nothing where nothing was typed.
    pub(super) fn secret(&self, preset: Preset) -> Result<Option<String>, IamError> {
        let typed = self.client_secret.trim();
        Ok(match preset {
            _ if typed.is_empty() => None,
            Preset::Apple => Some(parse_key(self.team_id, self.key_id, typed)?),
            _ => Some(parse_credential(typed)?.to_owned()),
        })
    }
}
