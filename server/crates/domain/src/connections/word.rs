//! Whose word on an address counts.
//!
//! That somebody could once read mail at an address does not say that they still belong to its domain: they may have left, and the
//! address may have been somebody else's before. Only whoever keeps a domain's accounts knows, so only their word counts.

use crate::{
    account::email::Email,
    connections::{
        attempt::Said,
        connection::{Connection, Preset},
        issuer::Issuer,
    },
};
use url::Url;

/// Providers where anybody has an account, with any address that they could once read mail at.
const OPEN: [&str; 10] = [
    "github.com",
    "gitlab.com",
    "appleid.apple.com",
    "account.apple.com",
    "www.facebook.com",
    "www.linkedin.com",
    "api.login.yahoo.com",
    "slack.com",
    "id.twitch.tv",
    "access.line.me",
];
/// Where Google is, whose own and companies' accounts have one issuer.
const GOOGLE: &str = "accounts.google.com";
/// Where Entra is: everywhere, and in the clouds of nations.
const ENTRA: [&str; 8] = [
    "login.microsoftonline.com",
    "login.microsoft.com",
    "login.windows.net",
    "sts.windows.net",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "login.microsoftonline.de",
];
/// Below which tenants of it have hosts of their own.
const ENTRA_BELOW: [&str; 3] = [".ciamlogin.com", ".b2clogin.com", ".microsoftonline.com"];

/// Who keeps the accounts of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Whoever connected it.
    Own,
    /// Google, which says whose an account is.
    Google,
    /// Entra, which says whether the domain of an address was verified.
    Entra,
    /// Whoever has one.
    Everybody,
}

/// What a provider's word on an address is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It counts.
    Counts,
    /// It does not say that the address was verified.
    Unverified,
    /// It says so, but not that the account is one of the address's domain.
    NotOfDomain,
}

impl Issuer {
    fn keeper(&self) -> Keeper {
        let url = Url::parse(self.as_str()).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let host = host.trim_end_matches('.');
        if ENTRA.contains(&host) || ENTRA_BELOW.iter().any(|below| host.ends_with(below)) {
            Keeper::Entra
        } else if host == GOOGLE {
            Keeper::Google
        } else if OPEN.contains(&host) || host.ends_with(".github.com") {
            Keeper::Everybody
        } else {
            Keeper::Own
        }
    }
}

impl Connection {
    /// Who keeps its accounts, whatever kind it was connected as.
    pub fn keeper(&self) -> Keeper {
        match self.preset {
            Preset::Google => Keeper::Google,
            Preset::Entra | Preset::EntraAny => Keeper::Entra,
            Preset::Apple | Preset::Github => Keeper::Everybody,
            Preset::Oidc | Preset::Gitlab | Preset::GithubServer => self.issuer.keeper(),
        }
    }

    /// What it is worth that somebody has `address`, as it `said`.
    pub fn word_on(&self, address: &Email, said: &Said) -> Word {
        let of_domain = match self.keeper() {
            Keeper::Own | Keeper::Entra => true,
            Keeper::Google => said.hosted.as_deref() == Some(address.domain()),
            Keeper::Everybody => false,
        };
        if !said.vouches_for_address(self.settings.trusts_addresses) {
            Word::Unverified
        } else if of_domain {
            Word::Counts
        } else {
            Word::NotOfDomain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connections::{
            claims::Claims,
            connection::{Provisioning, Settings},
        },
        core::visible::VisibleName,
    };
    use chrono::{DateTime, Utc};
    use iam_types::{ConnectionId, ErrorCode};
    use uuid::Uuid;

    fn connection(preset: Preset, issuer: &str) -> Result<Connection, ErrorCode> {
        Ok(Connection {
            id: ConnectionId::from_uuid(Uuid::nil()),
            preset,
            issuer: Issuer::of(preset, issuer)?,
            settings: Settings {
                name: VisibleName::stored("ID".to_owned()),
                client_id: "c".to_owned(),
                scopes: Vec::new(),
                provisioning: Provisioning::Joining,
                trusts_addresses: true,
                tenants: Vec::new(),
                domains: Vec::new(),
                everywhere: false,
                claims: Claims::default(),
            },
            client_secret: Vec::new(),
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            disabled_at: None,
            groups_claim: None,
        })
    }

    fn said(hosted: Option<&str>, email_verified: Option<bool>) -> Said {
        Said {
            subject: "s".to_owned(),
            email: Some("new@acme.example".to_owned()),
            email_verified,
            hosted: hosted.map(str::to_owned),
            name: None,
        }
    }

    #[test]
    fn only_the_keeper_of_a_domains_accounts_says_who_has_an_address_there() -> Result<(), ErrorCode> {
        let address: Email = "new@acme.example".parse()?;
        for (preset, issuer, worth) in [
            (Preset::Oidc, "https://id.acme.example", Word::Counts),
            (Preset::GithubServer, "https://git.acme.example", Word::Counts),
            (Preset::GithubServer, "https://acme.ghe.com", Word::Counts),
            (Preset::Gitlab, "https://git.acme.example", Word::Counts),
            (Preset::Gitlab, "", Word::NotOfDomain),
            (Preset::Gitlab, "https://gitlab.com/", Word::NotOfDomain),
            (Preset::Github, "", Word::NotOfDomain),
            (Preset::GithubServer, "https://www.github.com", Word::NotOfDomain),
            (Preset::Apple, "", Word::NotOfDomain),
            (Preset::Google, "", Word::NotOfDomain),
            (Preset::Oidc, "https://accounts.google.com", Word::NotOfDomain),
            (Preset::Oidc, "https://appleid.apple.com", Word::NotOfDomain),
            (Preset::Oidc, "https://gitlab.com.", Word::NotOfDomain),
        ] {
            let connection = connection(preset, issuer)?;
            assert_eq!(
                connection.word_on(&address, &said(None, Some(true))),
                worth,
                "{issuer}"
            );
            assert_eq!(
                connection.word_on(&address, &said(None, Some(false))),
                Word::Unverified
            );
        }
        Ok(())
    }

    #[test]
    fn google_speaks_for_accounts_of_the_domain_alone() -> Result<(), ErrorCode> {
        let address: Email = "new@acme.example".parse()?;
        for (preset, issuer) in [
            (Preset::Google, ""),
            (Preset::Oidc, "https://accounts.google.com"),
        ] {
            let google = connection(preset, issuer)?;
            for (hosted, verified, worth) in [
                (Some("acme.example"), true, Word::Counts),
                (Some("acme.example"), false, Word::Unverified),
                (Some("evil.example"), true, Word::NotOfDomain),
                (Some(""), true, Word::NotOfDomain),
                (None, true, Word::NotOfDomain),
            ] {
                let word = google.word_on(&address, &said(hosted, Some(verified)));
                assert_eq!(word, worth, "{hosted:?} {verified}");
            }
        }
        // Of no other provider is it asked, which may say what it likes.
        let other = connection(Preset::Apple, "")?;
        assert_eq!(
            other.word_on(&address, &said(Some("acme.example"), Some(true))),
            Word::NotOfDomain
        );
        Ok(())
    }

    #[test]
    fn entra_is_entra_whatever_it_was_connected_as() -> Result<(), ErrorCode> {
        for issuer in [
            "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
            "https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/",
            "https://login.microsoftonline.us/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
            "https://login.partner.microsoftonline.cn/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
            "https://acme.ciamlogin.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
        ] {
            assert_eq!(
                connection(Preset::Oidc, issuer)?.keeper(),
                Keeper::Entra,
                "{issuer}"
            );
        }
        for issuer in [
            "https://login.microsoftonline.com.evil.example",
            "https://evil.example/login.microsoftonline.com",
            "https://evilciamlogin.com",
        ] {
            assert_eq!(
                connection(Preset::Oidc, issuer)?.keeper(),
                Keeper::Own,
                "{issuer}"
            );
        }
        Ok(())
    }
}
