//! A provider that a workspace has connected, and what of its word counts.

use crate::{
    connections::{
        claims::{Claim, Claims},
        issuer::Issuer,
    },
    core::visible::VisibleName,
    domains::domain_name::{DomainName, MOST_DOMAINS},
};
use chrono::{DateTime, Utc};
use iam_types::{ConnectionId, ErrorCode, UserId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many a workspace can have.
pub const MOST: usize = 20;
/// The longest identifier or secret of a client.
const LONGEST: usize = 500;
/// How many scopes are asked for at most.
const MOST_SCOPES: usize = 20;
/// How many tenants are named at most.
const MOST_TENANTS: usize = 50;
/// What a sign-in takes: who it is, where mail reaches them, what they are called.
const SCOPES: [&str; 3] = ["openid", "email", "profile"];
/// The same at GitHub, by its names.
const GITHUB_SCOPES: [&str; 2] = ["read:user", "user:email"];
/// The same at Apple.
const APPLE_SCOPES: [&str; 3] = ["openid", "email", "name"];

/// A kind of provider, with its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Any that speaks OpenID Connect.
    Oidc,
    /// Google.
    Google,
    /// Microsoft Entra, one tenant of it.
    Entra,
    /// Microsoft Entra, several tenants of it.
    EntraAny,
    /// GitLab, theirs or somebody's own.
    Gitlab,
    /// Apple.
    Apple,
    /// GitHub itself.
    Github,
    /// GitHub at an address of somebody's own.
    GithubServer,
}

crate::core::text::stored_as_text!(Preset {
    Oidc = "oidc",
    Google = "google",
    Entra = "entra",
    EntraAny = "entra_any",
    Gitlab = "gitlab",
    Apple = "apple",
    Github = "github",
    GithubServer = "github_server"
});

impl Settings {
    /// Whether somebody of whom `before` took the word has none here any more.
    pub fn narrows(&self, before: &Self) -> bool {
        let gone = |tenant| !self.tenants.contains(tenant);
        !self.tenants.is_empty() && (before.tenants.is_empty() || before.tenants.iter().any(gone))
    }
}

impl Preset {
    /// Whether it speaks OAuth 2.0 alone and says by its API who somebody is, as GitHub does.
    pub const fn is_github(self) -> bool {
        matches!(self, Self::Github | Self::GithubServer)
    }

    /// What the address ends in to which it sends people back. One whose answers do not say whom they are of has an address of its
    /// own, so that no other's answer is taken for its (RFC 9700 4.4.2.2).
    pub const fn callback(self) -> Option<&'static str> {
        match self {
            Self::Github => Some("github"),
            Self::GithubServer => Some("github-server"),
            Self::EntraAny => Some("entra"),
            Self::Apple => Some("apple"),
            Self::Oidc | Self::Google | Self::Entra | Self::Gitlab => None,
        }
    }

    /// Whether a workspace has one of it at most. Servers of GitHub are at many places and their answers do not say which one they are
    /// of, so that two of them, one of which is no honest one, could be mixed up (RFC 9700 4.4).
    pub const fn is_alone(self) -> bool {
        matches!(self, Self::GithubServer)
    }

    /// How it brings its answer: Apple, by a form that it lets the browser send.
    pub const fn response_mode(self) -> &'static str {
        match self {
            Self::Apple => "form_post",
            _ => "query",
        }
    }

    /// Whether its claims can be other ones than usual: it speaks OpenID Connect, and not as it likes best.
    pub const fn has_claims(self) -> bool {
        !self.is_github() && !matches!(self, Self::Apple)
    }

    const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Github | Self::GithubServer => &GITHUB_SCOPES,
            Self::Apple => &APPLE_SCOPES,
            _ => &SCOPES,
        }
    }
}

/// Who may come in by a provider for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioning {
    /// Who is a member already.
    Members,
    /// Whoever may join by the workspace's own rules; they get an account if they have none.
    Joining,
    /// Of the platform: whoever has linked it with their account.
    Linked,
    /// Of the platform: everybody; they get an account if they have none.
    Everybody,
}

crate::core::text::stored_as_text!(Provisioning {
    Members = "members",
    Joining = "joining",
    Linked = "linked",
    Everybody = "everybody"
});

impl Provisioning {
    /// Whether the platform's providers have it, and no workspace's.
    pub const fn is_of_platform(self) -> bool {
        matches!(self, Self::Linked | Self::Everybody)
    }
}

/// What can be changed about a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What its button says.
    pub name: VisibleName,
    /// Who we are there.
    pub client_id: String,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// Who may come in by it.
    pub provisioning: Provisioning,
    /// Whether an address counts of which it does not say whether it was verified.
    pub trusts_addresses: bool,
    /// The tenants whose people sign in by it, of a provider that has several; those of all companies and schools where there is none.
    pub tenants: Vec<String>,
    /// The domains whose people sign in by it: whoever types an address there is led to it. The workspace has proved them; of the
    /// platform's provider, they are those whose accounts it keeps, as operators say.
    pub domains: Vec<String>,
    /// Whether that also happens on the platform's login page, where it is a workspace's.
    pub everywhere: bool,
    /// Which of its claims say what.
    pub claims: Claims,
}

/// A connected provider.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Which one.
    pub id: ConnectionId,
    /// Of what kind.
    pub preset: Preset,
    /// Who it says it is. Never changes.
    pub issuer: Issuer,
    /// The rest.
    pub settings: Settings,
    /// Our secret there, sealed.
    pub client_secret: Vec<u8>,
    /// When it was connected.
    pub created_at: DateTime<Utc>,
    /// Since when nobody signs in through it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The claim that says in which groups somebody is, where those are groups of the workspace.
    pub groups_claim: Option<Claim>,
}

impl Connection {
    /// Whether whoever `subject` is may still come in: of several tenants theirs, which it begins with, has to be one that is welcome,
    /// also where that was changed since they were sent there.
    pub fn welcomes(&self, subject: &str) -> bool {
        let tenants = &self.settings.tenants;
        let tenant = subject.split_once('.').map(|(tenant, _)| tenant);
        self.preset != Preset::EntraAny
            || tenants.is_empty()
            || tenant.is_some_and(|tenant| tenants.iter().any(|welcome| welcome == tenant))
    }
}

/// Who somebody is at a provider, and whose account that is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Where.
    pub connection_id: ConnectionId,
    /// The issuer that said so.
    pub issuer: Issuer,
    /// What it calls them for ever.
    pub subject: String,
    /// Whose.
    pub user_id: UserId,
    /// What it called them then, to know them by.
    pub label: String,
}

/// Reads an identifier or secret of a client.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for nothing, for too much, and for signs that no provider gives (RFC 6749, appendix A.1).
pub fn parse_credential(text: &str) -> Result<&str, ErrorCode> {
    let text = text.trim();
    let plain = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    plain.then_some(text).ok_or(ErrorCode::InvalidInput)
}

/// Reads scopes between spaces (RFC 6749 3.3); those that a sign-in takes are always among them.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_scopes(preset: Preset, text: &str) -> Result<Vec<String>, ErrorCode> {
    let mut scopes: Vec<String> = preset.scopes().iter().map(|scope| (*scope).to_owned()).collect();
    for scope in text.split_whitespace() {
        let plain = scope.len() <= 100
            && scope
                .bytes()
                .all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'));
        if !plain {
            return Err(ErrorCode::InvalidInput);
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.len() <= MOST_SCOPES {
        Ok(scopes)
    } else {
        Err(ErrorCode::InvalidInput)
    }
}

/// Reads identifiers of tenants between spaces, commas or lines.
///
/// # Errors
/// [`ErrorCode::InvalidIssuer`].
pub fn parse_tenants(text: &str) -> Result<Vec<String>, ErrorCode> {
    let between = |sign: char| sign.is_whitespace() || sign == ',';
    let typed = text.split(between).filter(|typed| !typed.is_empty());
    let tenants: Result<BTreeSet<String>, _> = typed
        .map(|typed| Uuid::try_parse(typed).map(|tenant| tenant.hyphenated().to_string()))
        .collect();
    let tenants = tenants.map_err(|_| ErrorCode::InvalidIssuer)?;
    if tenants.len() <= MOST_TENANTS {
        Ok(tenants.into_iter().collect())
    } else {
        Err(ErrorCode::InvalidIssuer)
    }
}

/// Reads domains between spaces, commas or lines.
///
/// # Errors
/// [`ErrorCode::InvalidDomain`].
pub fn parse_domains(text: &str) -> Result<Vec<String>, ErrorCode> {
    let between = |sign: char| sign.is_whitespace() || sign == ',';
    let mut domains = Vec::new();
    for typed in text.split(between).filter(|typed| !typed.is_empty()) {
        let name = typed.parse::<DomainName>()?.as_str().to_owned();
        if !domains.contains(&name) {
            domains.push(name);
        }
    }
    if domains.len() <= MOST_DOMAINS {
        Ok(domains)
    } else {
        Err(ErrorCode::InvalidDomain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_and_those_of_a_sign_in_are_among_them() {
        let parse = |text: &str| parse_scopes(Preset::Oidc, text);
        assert_eq!(parse("").unwrap(), SCOPES);
        assert_eq!(parse_scopes(Preset::Github, "").unwrap(), GITHUB_SCOPES);
        assert_eq!(
            parse(" groups  openid").unwrap(),
            ["openid", "email", "profile", "groups"]
        );
        for bad in ["a\"b", "a\\b", "é", &"x ".repeat(101).replace("x ", "x")] {
            assert_eq!(parse(bad), Err(ErrorCode::InvalidInput), "{bad}");
        }
        let many: Vec<_> = (0..40).map(|n| format!("s{n}")).collect();
        assert!(parse(&many.join(" ")).is_err());
    }

    #[test]
    fn tenants_are_identifiers_in_one_spelling() {
        let tenants = parse_tenants("8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490, 8eaef0232b344da19baa8bc8c9d6a490");
        assert_eq!(tenants.unwrap(), ["8eaef023-2b34-4da1-9baa-8bc8c9d6a490"]);
        for bad in ["common", "acme.onmicrosoft.com"] {
            assert!(parse_tenants(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn domains_are_read_however_they_are_put_down() {
        let domains = parse_domains("acme.example, ACME.example\n acme.test ").unwrap();
        assert_eq!(domains, ["acme.example", "acme.test"]);
        assert_eq!(parse_domains(" "), Ok(Vec::new()));
        assert!(parse_domains("acme.example person@acme.example").is_err());
    }

    #[test]
    fn credentials_are_printable() {
        assert_eq!(parse_credential(" a~b "), Ok("a~b"));
        for bad in ["", "  ", "a\nb", "ä", &"x".repeat(501)] {
            assert!(parse_credential(bad).is_err());
        }
    }
}
