//! Where mail goes: what `SMTP_URL` says.

use super::connection::{Connection, reason};
use anyhow::Context;
use iam::port::MailError;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use std::time::Duration;
use url::Url;

/// How long one address of the server may take to answer.
const CONNECTING: Duration = Duration::from_secs(10);

/// What is between us and who listens in.
enum Tls {
    /// Nothing.
    None,
    /// From the start on (RFC 8314 3.3).
    Implicit(TlsParameters),
    /// After `STARTTLS` (RFC 3207), or no mail leaves.
    Required(TlsParameters),
    /// After `STARTTLS`, where the server can.
    Opportunistic(TlsParameters),
}

/// The server that takes our mail.
pub(super) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
}

impl Relay {
    /// Reads `smtps://user:password@host:465`, or `smtp://…:587?tls=required`. A path is our name in `EHLO`. Errors
    /// show no part of it: it holds a password.
    pub(super) fn parse(url: &str) -> Result<Self, anyhow::Error> {
        const MALFORMED: &str = "SMTP_URL is malformed";
        let url = Url::parse(url).map_err(|_| anyhow::anyhow!(MALFORMED))?;
        let host = url.host_str().context(MALFORMED)?.to_owned();
        let wish = url
            .query_pairs()
            .find(|(key, _)| key == "tls")
            .map(|(_, value)| value.into_owned());
        let parameters = || TlsParameters::new(host.clone()).map_err(|_| anyhow::anyhow!(MALFORMED));
        let (tls, port) = match (url.scheme(), wish.as_deref()) {
            ("smtp", None) => (Tls::None, 25),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), 587),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(parameters()?), 587),
            ("smtps", _) => (Tls::Implicit(parameters()?), 465),
            _ => anyhow::bail!(MALFORMED),
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let decoded = |text: &str| -> Result<String, anyhow::Error> {
            let text = percent_decode_str(text).decode_utf8();
            Ok(text.map_err(|_| anyhow::anyhow!(MALFORMED))?.into_owned())
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            tls,
            hello,
            credentials,
        })
    }

    /// A connection that is ready for mail. Whatever goes wrong here is about us and the server, not about one mail:
    /// no `5yz` is final.
    pub(super) async fn connect(&self) -> Result<Connection, MailError> {
        let ready = self.open().await;
        ready
            .map(Connection::new)
            .map_err(|error| MailError::Later(format!("connecting: {}", reason(&error))))
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let implicit = match &self.tls {
            Tls::Implicit(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let server = (self.host.trim_matches(['[', ']']), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECTING), &self.hello, implicit, None)
                .await?;
        match &self.tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), &self.hello).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_as_the_manual_says_and_an_error_shows_no_password() {
        for (url, port) in [
            ("smtp://127.0.0.1", 25),
            ("smtp://mail.example.com?tls=required", 587),
            ("smtp://mail.example.com?tls=opportunistic", 587),
            (
                "smtps://ada%40example.com:p%2Fw%C3%B6@mail.example.com/id.example.com",
                465,
            ),
            ("smtps://[::1]:2465", 2465),
        ] {
            let relay = Relay::parse(url).unwrap();
            assert_eq!(relay.port, port, "{url}");
            assert_eq!(relay.credentials.is_some(), url.contains("%40"), "{url}");
        }
        for url in [
            "",
            "mail",
            "http://u:secret@mail",
            "smtp://u:secret@mail?tls=maybe",
            "smtp://u:%FF@mail",
        ] {
            let error = Relay::parse(url).err().unwrap();
            assert_eq!(format!("{error:#}"), "SMTP_URL is malformed", "{url}");
        }
    }
}
