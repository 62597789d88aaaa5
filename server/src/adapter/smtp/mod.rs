//! The way out of the house: mail as a message (RFC 5322), and its transfer (RFC 5321).

mod connection;
mod relay;

use super::mail::compose;
use async_trait::async_trait;
use connection::Connection;
use iam::port::{MailError, Mailer, Outgoing};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use relay::Relay;
use std::{
    error::Error,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

/// How many idle connections are kept for the next mail.
const MOST_IDLE: usize = 4;
/// Characters of a subject. RFC 5322 2.1.1 has 998 octets for a line.
const LONGEST_SUBJECT: usize = 250;

/// Tells auto-responders to stay silent (RFC 3834 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Sends through an SMTP server.
pub struct SmtpMailer {
    relay: Relay,
    from: Mailbox,
    idle: Mutex<Vec<Connection>>,
}

impl SmtpMailer {
    /// Prepares connections to `url`.
    ///
    /// # Errors
    /// The URL or the sender's address is malformed.
    pub fn new(url: &str, from: &str) -> Result<Self, anyhow::Error> {
        let relay = Relay::parse(url)?;
        let from: Mailbox = from
            .parse()
            .map_err(|_| anyhow::anyhow!("ROOIAM_MAIL_FROM is no address"))?;
        // Not every server on the way has SMTPUTF8 (RFC 6531).
        anyhow::ensure!(
            from.email.to_string().is_ascii(),
            "ROOIAM_MAIL_FROM: the address must be in ASCII, its domain in punycode"
        );
        Ok(Self {
            relay,
            from,
            idle: Mutex::default(),
        })
    }

    /// The message. The same mail gives the same bytes each time: a `Message-ID` stands for exactly one version
    /// (RFC 5322 3.6.4).
    fn message(&self, to: &Address, outgoing: &Outgoing) -> Result<Vec<u8>, MailError> {
        let composed = compose(&outgoing.mail)?;
        let parts = MultiPart::alternative()
            .boundary(format!("=_{}", outgoing.id))
            .singlepart(SinglePart::plain(composed.text))
            .singlepart(SinglePart::html(composed.html));
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .date(SystemTime::from(outgoing.written_at))
            .message_id(Some(format!("<{}@{}>", outgoing.id, self.from.email.domain())))
            .subject(shortened(&composed.subject))
            .header(AutoSubmitted)
            .multipart(parts)
            .map_err(|_| MailError::Later("message".to_owned()))?;
        Ok(message.formatted())
    }

    /// A connection that answers: an idle one, or a new one.
    async fn connection(&self) -> Result<Connection, MailError> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some(idle) => {
                    if let Some(alive) = idle.wake().await {
                        return Ok(alive);
                    }
                }
                None => return self.relay.connect().await,
            }
        }
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        } else {
            connection.leave();
        }
    }
}

/// A subject that fits on a line even where it has no blank to fold it at.
fn shortened(subject: &str) -> String {
    if subject.chars().count() <= LONGEST_SUBJECT {
        return subject.to_owned();
    }
    let kept: String = subject.chars().take(LONGEST_SUBJECT - 1).collect();
    format!("{kept}\u{2026}")
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, outgoing: &Outgoing) -> Result<(), MailError> {
        let refused = |_| MailError::Refused("address".to_owned());
        let to: Address = outgoing.mail.to().parse().map_err(refused)?;
        let message = self.message(&to, outgoing)?;
        // The connection is this future's own: dropped half-way, it is closed and never carries another mail.
        let mut connection = self.connection().await?;
        let outcome = connection.transfer(&self.from.email, to, &message).await;
        if let Some(connection) = connection.reusable() {
            self.keep(connection);
        }
        outcome
    }
}
