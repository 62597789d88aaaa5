//! Mail: templates, and the two ways out of the house.

use app::{
    i18n::{locale_of, mail_words},
    server::mailbox::Mailbox,
};
use async_trait::async_trait;
use iam::port::{Clock, MagicLinkMail, MailError, Mailer};
use iam_types::view::CaughtMail;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::header::{Header, HeaderName},
    message::{Mailbox as Address, MultiPart, header::HeaderValue},
};
use minijinja::{Environment, context, value::Serde};
use std::{error::Error, sync::Arc};

/// A mail in words.
struct Composed {
    subject: String,
    text: String,
    html: String,
}

fn compose(mail: &MagicLinkMail) -> Result<Composed, MailError> {
    let failed = |error: minijinja::Error| MailError(error.to_string());
    let locale = locale_of(&mail.locale).unwrap_or_default();
    let words = mail_words(locale, mail.workspace.as_deref(), &mail.code, &mail.asked_by);
    let mut templates = Environment::new();
    templates
        .add_template("magic_link.txt", include_str!("../../templates/magic_link.txt"))
        .map_err(failed)?;
    templates
        .add_template("magic_link.html", include_str!("../../templates/magic_link.html"))
        .map_err(failed)?;
    let render = |name| {
        let values =
            context! { words => Serde(&words), url => mail.url.as_str(), code => mail.code.as_str() };
        templates
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(failed)
    };
    Ok(Composed {
        text: render("magic_link.txt")?,
        html: render("magic_link.html")?,
        subject: words.subject.clone(),
    })
}

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
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl SmtpMailer {
    /// Prepares connections to `url`.
    ///
    /// # Errors
    /// The URL or the sender's address is malformed.
    pub fn new(url: &str, from: &str) -> Result<Self, anyhow::Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow::anyhow!("SMTP_URL is malformed"))?
            .build();
        let from = from
            .parse()
            .map_err(|_| anyhow::anyhow!("ROOIAM_MAIL_FROM is no address"))?;
        Ok(Self { transport, from })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &MagicLinkMail) -> Result<(), MailError> {
        let composed = compose(mail)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(mail
                .to
                .parse()
                .map_err(|_| MailError("receiver's address".to_owned()))?)
            .subject(composed.subject)
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(composed.text, composed.html))
            .map_err(|error| MailError(error.to_string()))?;
        self.transport
            .send(message)
            .await
            .map(drop)
            .map_err(|error| MailError(error.to_string()))
    }
}

/// Puts mail into the mailbox page of `rooiam dev`.
pub struct DevMailer {
    /// Where it goes.
    pub mailbox: Mailbox,
    /// When.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Mailer for DevMailer {
    async fn send(&self, mail: &MagicLinkMail) -> Result<(), MailError> {
        let composed = compose(mail)?;
        self.mailbox.catch(CaughtMail {
            to: mail.to.clone(),
            subject: composed.subject,
            text: composed.text,
            sent_at: self.clock.now().timestamp(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_speaks_the_receivers_language_and_escapes_names() {
        let mail = MagicLinkMail {
            to: "ada@example.com".to_owned(),
            locale: "de".to_owned(),
            workspace: Some("<b>Acme</b>".to_owned()),
            url: "https://id.example.com/login/verify?token=t".to_owned(),
            code: "123456".to_owned(),
            asked_by: "Firefox".to_owned(),
        };
        let composed = compose(&mail).unwrap();
        assert!(composed.subject.contains("123456"));
        assert!(composed.text.contains(&mail.url) && composed.text.contains("123456"));
        assert!(composed.html.contains("lang=\"de\"") && !composed.html.contains("<b>Acme"));
    }
}
