//! Settings that work and are unsafe. They are refused by name, unless whoever starts the server says that it has to be.

use crate::config::{ConfigError, is_loopback};
use iam::{core::sealing::MasterKeys, store::ConnectOptions};
use ipnet::IpNet;
use url::Url;

/// The shortest prefix of a network that can be proxies alone: `10.0.0.0/8` and `fd00::/8` are somebody's own.
const WIDEST: u8 = 8;

/// What is let pass although it is unsafe.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Allowed {
    /// Send the mail server's password unencrypted
    #[arg(long)]
    pub allow_insecure_smtp: bool,
    /// Believe forwarding headers of networks that others use, too
    #[arg(long)]
    pub allow_insecure_proxies: bool,
    /// Use a master key that can be guessed
    #[arg(long)]
    pub allow_insecure_master_key: bool,
}

impl Allowed {
    /// For commands that serve nobody.
    pub const EVERYTHING: Self = Self {
        allow_insecure_smtp: true,
        allow_insecure_proxies: true,
        allow_insecure_master_key: true,
    };

    /// A mail server's URL. Every mail carries a way in, so that others than this machine are warned of without a password too.
    ///
    /// # Errors
    /// [`ConfigError::Impossible`].
    pub fn smtp(self, url: &str) -> Result<(), ConfigError> {
        const KEY: &str = "SMTP_URL";
        let Ok(url) = Url::parse(url) else {
            return Err(ConfigError::Impossible(KEY, "is malformed"));
        };
        // What is only tried is taken away by whoever listens.
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let encrypted = url.scheme() == "smtps" || tls.is_some_and(|(_, value)| value == "required");
        if encrypted || is_loopback(&url) {
            return Ok(());
        }
        if url.password().is_some() && !self.allow_insecure_smtp {
            return Err(ConfigError::Impossible(
                KEY,
                "would send the password unencrypted: use smtps:// or add ?tls=required (or start with --allow-insecure-smtp)",
            ));
        }
        tracing::warn!(
            "SMTP_URL: mail with sign-in links leaves unencrypted; use smtps:// or add ?tls=required"
        );
        Ok(())
    }

    /// Networks of trusted proxies. Whoever is in one chooses the address that limits and logs know them by.
    ///
    /// # Errors
    /// [`ConfigError::Impossible`].
    pub fn proxies(self, networks: &[IpNet]) -> Result<(), ConfigError> {
        if self.allow_insecure_proxies || networks.iter().all(|network| network.prefix_len() >= WIDEST) {
            return Ok(());
        }
        Err(ConfigError::Impossible(
            "ROOIAM_TRUSTED_PROXIES",
            "would let anybody choose their address: name the proxies' own networks (or start with --allow-insecure-proxies)",
        ))
    }

    /// The master keys.
    ///
    /// # Errors
    /// [`ConfigError::Impossible`].
    pub fn master_keys(self, keys: &MasterKeys) -> Result<(), ConfigError> {
        if self.allow_insecure_master_key || !keys.guessable() {
            return Ok(());
        }
        Err(ConfigError::Impossible(
            "ROOIAM_MASTER_KEY",
            "can be guessed: use 32 random bytes, as of `openssl rand -base64 32` (or start with --allow-insecure-master-key)",
        ))
    }
}

/// Warns of connections to other machines that anybody between can read.
pub fn warn_of_plain_connections(database: &ConnectOptions, redis_url: Option<&str>) {
    use iam::store::SslMode;
    let here = database.get_socket().is_some() || {
        let host = database.get_host();
        Url::parse(&format!("tcp://{host}")).is_ok_and(|url| host.starts_with('/') || is_loopback(&url))
    };
    let optional = matches!(
        database.get_ssl_mode(),
        SslMode::Disable | SslMode::Allow | SslMode::Prefer
    );
    if optional && !here {
        tracing::warn!("DATABASE_URL: the connection may be unencrypted; add ?sslmode=verify-full");
    }
    let plain = redis_url
        .and_then(|url| Url::parse(url).ok())
        .is_some_and(|url| url.scheme() == "redis" && !is_loopback(&url));
    if plain {
        tracing::warn!("REDIS_URL: the connection is unencrypted; use rediss://");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(outcome: Result<(), ConfigError>, key: &str, flag: &str) -> bool {
        outcome.is_err_and(|error| {
            let message = error.to_string();
            message.starts_with(key) && message.contains(flag) && !message.contains("secret")
        })
    }

    #[test]
    fn a_password_for_the_mail_server_goes_encrypted_or_not_at_all() {
        let check = |url: &str| Allowed::default().smtp(url);
        for url in [
            "smtp://user:secret@mail.example.com:587",
            "smtp://user:secret@mail.example.com:587?tls=opportunistic",
            "smtp://user:secret@mail.example.com?tls=opportunistic&tls=required",
            "smtp://user:secret@192.0.2.7",
        ] {
            assert!(refused(check(url), "SMTP_URL", "--allow-insecure-smtp"), "{url}");
            let allowed = Allowed {
                allow_insecure_smtp: true,
                ..Allowed::default()
            };
            assert!(allowed.smtp(url).is_ok(), "{url}");
        }
        for url in [
            "smtps://user:secret@mail.example.com:465",
            "smtp://user:secret@mail.example.com:587?tls=required",
            "smtp://user:secret@localhost:1025",
            "smtp://[::1]:1025",
            "smtp://relay.internal:25",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_network_that_is_everybodys_is_no_proxy() {
        let check = |allowed: Allowed, text: &str| {
            let networks: Vec<IpNet> = text.split(',').map(|part| part.parse().unwrap()).collect();
            allowed.proxies(&networks)
        };
        for text in [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.1/32,0.0.0.0/0",
            "0.0.0.0/1,128.0.0.0/1",
        ] {
            let outcome = check(Allowed::default(), text);
            assert!(
                refused(outcome, "ROOIAM_TRUSTED_PROXIES", "--allow-insecure-proxies"),
                "{text}"
            );
            let allowed = Allowed {
                allow_insecure_proxies: true,
                ..Allowed::default()
            };
            assert!(check(allowed, text).is_ok(), "{text}");
        }
        for text in ["10.0.0.0/8", "fd00::/8", "192.0.2.7/32"] {
            assert!(check(Allowed::default(), text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_master_key_that_can_be_guessed_is_refused() {
        let keys = MasterKeys::parse("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let outcome = Allowed::default().master_keys(&keys);
        assert!(refused(
            outcome,
            "ROOIAM_MASTER_KEY",
            "--allow-insecure-master-key"
        ));
        let allowed = Allowed {
            allow_insecure_master_key: true,
            ..Allowed::default()
        };
        assert!(allowed.master_keys(&keys).is_ok());
    }
}
