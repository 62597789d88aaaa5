//! A provider by its issuer identifier (OpenID Connect Core 1.0, 1.2).

use crate::connections::connection::Preset;
use iam_types::ErrorCode;
use std::fmt;
use url::Url;
use uuid::Uuid;

const GOOGLE: &str = "https://accounts.google.com";
const GITLAB: &str = "https://gitlab.com";
/// Of all tenants of companies and schools. Each has an issuer of its own, which the token names.
const ENTRA: &str = "https://login.microsoftonline.com/organizations/v2.0";
const APPLE: &str = "https://appleid.apple.com";
const GITHUB: &str = "https://github.com";
/// Longer ones are nobody's.
const LONGEST: usize = 500;

/// Compared as a string: two spellings are two issuers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// The issuer of a provider of this kind, from what somebody typed: nothing for Google, the identifier of a tenant for
    /// Entra or nothing for several of them, nothing or an address for GitLab, nothing for GitHub and Apple, an address for all else.
    /// Whether it may be asked is for whoever asks.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidIssuer`].
    pub fn of(preset: Preset, typed: &str) -> Result<Self, ErrorCode> {
        let typed = typed.trim();
        match (preset, typed) {
            (Preset::Google, _) => Ok(Self(GOOGLE.to_owned())),
            (Preset::Gitlab, "") => Ok(Self(GITLAB.to_owned())),
            (Preset::EntraAny, _) => Ok(Self(ENTRA.to_owned())),
            (Preset::Apple, _) => Ok(Self(APPLE.to_owned())),
            (Preset::Github, _) => Ok(Self(GITHUB.to_owned())),
            (Preset::GithubServer, address) => Self::root(address),
            (Preset::Entra, tenant) => {
                // One of all tenants (`common`) would let people of any of them in.
                let tenant = Uuid::try_parse(tenant).map_err(|_| ErrorCode::InvalidIssuer)?;
                Ok(Self(format!(
                    "https://login.microsoftonline.com/{}/v2.0",
                    tenant.hyphenated()
                )))
            }
            (Preset::Gitlab | Preset::Oidc, address) => Self::address(address),
        }
    }

    /// Wraps a stored one.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A server of somebody's own, which has the root of its address. GitHub itself is none.
    fn root(text: &str) -> Result<Self, ErrorCode> {
        let issuer = Self::address(text.strip_suffix('/').unwrap_or(text))?;
        let url = Url::parse(issuer.as_str()).map_err(|_| ErrorCode::InvalidIssuer)?;
        if url.path() == "/" && issuer.as_str() != GITHUB {
            Ok(issuer)
        } else {
            Err(ErrorCode::InvalidIssuer)
        }
    }

    /// What people paste may be the address of the discovery document, which begins with the issuer.
    fn address(text: &str) -> Result<Self, ErrorCode> {
        let text = text
            .strip_suffix("/.well-known/openid-configuration")
            .unwrap_or(text);
        let url = Url::parse(text).map_err(|_| ErrorCode::InvalidIssuer)?;
        let plain = text.len() <= LONGEST
            && matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        // A spelling that a parser changes would be another issuer than the one that is asked.
        let canonical = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        if plain && canonical {
            Ok(Self(text.to_owned()))
        } else {
            Err(ErrorCode::InvalidIssuer)
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_address_without_query_in_one_spelling() {
        let of = |typed| Issuer::of(Preset::Oidc, typed).map(|issuer| issuer.0);
        for good in [
            "https://idp.example.com",
            "https://idp.example.com/",
            "https://idp.example.com/realms/acme",
            "http://127.0.0.1:4000",
        ] {
            assert_eq!(of(good), Ok(good.to_owned()));
        }
        let pasted = of(" https://idp.example.com/x/.well-known/openid-configuration ");
        assert_eq!(pasted.as_deref(), Ok("https://idp.example.com/x"));
        for bad in [
            "",
            "idp.example.com",
            "ftp://idp.example.com",
            "https://",
            "https://u@idp.example.com",
            "https://IDP.example.com",
            "https://idp.example.com:443",
            "https://idp.example.com/a/../b",
            "https://idp.example.com?x=1",
            "https://idp.example.com#x",
            "https://2130706433/",
            "javascript:alert(1)",
        ] {
            assert_eq!(of(bad), Err(ErrorCode::InvalidIssuer), "{bad}");
        }
    }

    #[test]
    fn known_providers_have_the_issuers_that_they_say() {
        let of = |preset, typed| Issuer::of(preset, typed).map(|issuer| issuer.0);
        assert_eq!(of(Preset::Google, "https://evil.example"), Ok(GOOGLE.to_owned()));
        assert_eq!(of(Preset::Gitlab, ""), Ok(GITLAB.to_owned()));
        assert_eq!(
            of(Preset::Gitlab, "https://git.acme.example").as_deref(),
            Ok("https://git.acme.example")
        );
        assert_eq!(
            of(Preset::Entra, "8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490").as_deref(),
            Ok("https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0")
        );
        assert_eq!(of(Preset::Github, "https://evil.example"), Ok(GITHUB.to_owned()));
        assert_eq!(
            of(Preset::GithubServer, "https://git.acme.example/").as_deref(),
            Ok("https://git.acme.example")
        );
        for bad in [
            "",
            "https://github.com",
            "https://git.acme.example/api/v3",
            "git.acme.example",
        ] {
            assert_eq!(
                of(Preset::GithubServer, bad),
                Err(ErrorCode::InvalidIssuer),
                "{bad}"
            );
        }
        for bad in ["common", "organizations", "acme.onmicrosoft.com", "", "../x"] {
            assert_eq!(of(Preset::Entra, bad), Err(ErrorCode::InvalidIssuer), "{bad}");
        }
    }
}
