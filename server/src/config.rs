//! Settings: the environment over an optional TOML file. Unknown keys and impossible values are refused by name.

use crate::http::forwarded::ForwardedHeader;
use serde::Deserialize;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};
use thiserror::Error;
use toml::{Table, Value};
use url::Url;

/// Environment variables that are not prefixed with `ROOIAM_`, and the key each stands for.
const PLAIN: [(&str, &str); 4] = [
    ("DATABASE_URL", "database_url"),
    ("DATABASE_OWNER_URL", "database_owner_url"),
    ("REDIS_URL", "redis_url"),
    ("SMTP_URL", "smtp_url"),
];
const PREFIX: &str = "ROOIAM_";
/// Names the file instead of setting a key.
const FILE: &str = "ROOIAM_CONFIG";

/// Why the settings cannot be used. Never prints a value: it may be a secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// A key is unknown or its value has the wrong form.
    #[error("settings: {0}")]
    Invalid(String),
    /// A key that this command needs is not set.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// A value makes no sense.
    #[error("{0}: {1}")]
    Impossible(&'static str, &'static str),
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// For machines.
    Json,
}

/// Everything that can be set.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// PostgreSQL as the runtime role.
    pub database_url: Option<String>,
    /// PostgreSQL as the owner role, for migrations.
    pub database_owner_url: Option<String>,
    /// Redis, shared by nodes.
    pub redis_url: Option<String>,
    /// Where mail goes: `smtp://user:password@host:port?tls=required`.
    pub smtp_url: Option<String>,
    /// Sender of mail.
    pub mail_from: Option<String>,
    /// The public origin; builds every link.
    pub public_url: Option<Url>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// Where to serve `/metrics`.
    pub metrics_listen: Option<SocketAddr>,
    /// `VERSION:BASE64`, several separated by commas.
    pub master_key: Option<String>,
    /// Addresses or networks whose forwarding headers are believed, separated by commas.
    pub trusted_proxies: Option<String>,
    /// The header that those write: `x-forwarded-for` or `forwarded`.
    pub forwarded_header: Option<ForwardedHeader>,
    /// The name server to ask for proofs of domains, instead of this machine's.
    pub dns_server: Option<SocketAddr>,
    /// What knows roughly where addresses are, a MaxMind DB file.
    pub places_file: Option<PathBuf>,
    /// Passwords that became known: a sorted file of SHA-1 hashes, or a folder of ranges.
    pub breached_passwords_file: Option<PathBuf>,
    /// What tells of models of authenticators: metadata of the FIDO Alliance, as it signs it.
    pub fido_mds_file: Option<PathBuf>,
    /// The certificate at which the chain of its signer ends, PEM or DER.
    pub fido_mds_root_file: Option<PathBuf>,
    /// Addresses, networks and names that identity providers may have though they are not public, separated by commas.
    pub outbound_allow: Option<String>,
    /// Where `rooiam dev` keeps its database.
    pub data_dir: Option<PathBuf>,
    /// Scripts and styles.
    pub site_root: Option<PathBuf>,
    /// Log form.
    #[serde(default)]
    pub log_format: LogFormat,
}

impl Settings {
    /// Reads the process's environment and the file it names.
    ///
    /// # Errors
    /// [`ConfigError`], with the key's name.
    pub fn load() -> Result<Self, ConfigError> {
        let text = match std::env::var(FILE) {
            Ok(path) => std::fs::read_to_string(&path).map_err(|error| ConfigError::File(path, error))?,
            Err(_) => String::new(),
        };
        Self::from_parts(&text, std::env::vars())
    }

    /// Reads `file` and lets `vars` win over it.
    ///
    /// # Errors
    /// [`ConfigError`], with the key's name.
    pub fn from_parts(file: &str, vars: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut table: Table = file
            .parse()
            .map_err(|error: toml::de::Error| ConfigError::Invalid(error.message().to_owned()))?;
        for (name, value) in vars.filter(|(name, value)| name != FILE && !value.is_empty()) {
            let plain = PLAIN
                .iter()
                .find(|(var, _)| *var == name)
                .map(|(_, key)| (*key).to_owned());
            if let Some(key) = plain.or_else(|| name.strip_prefix(PREFIX).map(str::to_lowercase)) {
                table.insert(key, Value::String(value));
            }
        }
        // One key at a time first: the parser's message says what is wrong, but not where.
        for (key, value) in &table {
            let alone = Table::from_iter([(key.clone(), value.clone())]);
            Self::deserialize(alone)
                .map_err(|error| ConfigError::Invalid(format!("{key}: {}", error.message())))?;
        }
        let settings =
            Self::deserialize(table).map_err(|error| ConfigError::Invalid(error.message().to_owned()))?;
        if let Some(url) = &settings.public_url {
            check_origin(url)?;
        }
        Ok(settings)
    }
}

/// Whether nobody but this machine is at the other end.
pub fn is_loopback(url: &Url) -> bool {
    // Of a scheme that the standard does not know, an address is a name.
    match url.host_str().map(|host| host.trim_matches(['[', ']'])) {
        Some(host) => {
            host == "localhost"
                || host.ends_with(".localhost")
                || host
                    .parse::<IpAddr>()
                    .is_ok_and(|address| address.to_canonical().is_loopback())
        }
        None => false,
    }
}

/// The public URL is a bare origin; plain http only where nobody else can listen in.
fn check_origin(url: &Url) -> Result<(), ConfigError> {
    const KEY: &str = "ROOIAM_PUBLIC_URL";
    let bare =
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    match url.scheme() {
        _ if !bare => Err(ConfigError::Impossible(
            KEY,
            "must be an origin without path, like https://id.example.com",
        )),
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err(ConfigError::Impossible(
            KEY,
            "must be https (http is for loopback addresses only)",
        )),
    }
}

/// The setting, or [`ConfigError::Missing`] with its name.
///
/// # Errors
/// [`ConfigError::Missing`].
pub fn required<T: Clone>(value: Option<&T>, name: &'static str) -> Result<T, ConfigError> {
    value.cloned().ok_or(ConfigError::Missing(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, vars: &[(&str, &str)]) -> Result<Settings, String> {
        let vars = vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::from_parts(file, vars).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let settings = load(
            "listen = '127.0.0.1:1'\nredis_url = 'redis://a'",
            &[("ROOIAM_LISTEN", "127.0.0.1:2")],
        );
        let settings = settings.ok().unwrap();
        assert_eq!(settings.listen.unwrap().port(), 2);
        assert_eq!(settings.redis_url.as_deref(), Some("redis://a"));
    }

    #[test]
    fn a_misspelt_key_is_refused_by_name() {
        assert!(
            load("", &[("ROOIAM_PUBLIK_URL", "x")])
                .err()
                .unwrap()
                .contains("publik_url")
        );
        assert!(load("colour = 1", &[]).err().unwrap().contains("colour"));
    }

    #[test]
    fn a_value_of_the_wrong_form_is_refused_by_its_key() {
        for (name, key) in [
            ("ROOIAM_LISTEN", "listen"),
            ("ROOIAM_DNS_SERVER", "dns_server"),
            ("ROOIAM_FORWARDED_HEADER", "forwarded_header"),
            ("ROOIAM_LOG_FORMAT", "log_format"),
        ] {
            let message = load("", &[(name, "nonsense")]).err().unwrap();
            assert!(message.contains(key), "{message}");
        }
    }

    #[test]
    fn the_public_url_is_an_origin_and_http_is_for_loopback() {
        for good in [
            "https://id.example.com",
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(load("", &[("ROOIAM_PUBLIC_URL", good)]).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example.com",
            "https://id.example.com/x",
            "https://u@id.example.com",
            "ftp://localhost",
            "nonsense",
        ] {
            assert!(load("", &[("ROOIAM_PUBLIC_URL", bad)]).is_err(), "{bad}");
        }
    }
}
