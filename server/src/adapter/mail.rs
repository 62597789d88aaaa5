//! Mail in words, and the mailbox page. The way out of the house is in [`smtp`](super::smtp).

use app::{
    i18n::{
        address_words, approved_words, apps_signed_out_words, asked_words, domain_words, ending_words, exact,
        help, invitation_words, locale_of, mail_words, objected_words, offer_words, security_words,
    },
    server::mailbox::Mailbox,
};
use async_trait::async_trait;
use iam::port::{Clock, Mail, MailBrand, MailError, Mailer, Notice, Outgoing};
use iam_types::view::CaughtMail;
use minijinja::{Environment, Value, context, value::Serde};
use std::sync::Arc;

/// The templates of whatever has a link and a code.
const SIGN_IN: [&str; 2] = [
    include_str!("../../templates/magic_link.txt"),
    include_str!("../../templates/magic_link.html"),
];
/// The templates of whatever says what happened and leads to a page.
const NOTICE: [&str; 2] = [
    include_str!("../../templates/notice.txt"),
    include_str!("../../templates/notice.html"),
];

/// A mail in words.
pub(super) struct Composed {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Puts a mail into words.
pub(super) fn compose(mail: &Mail) -> Result<Composed, MailError> {
    match mail {
        Mail::MagicLink(mail) => {
            let locale = locale_of(&mail.locale).unwrap_or_default();
            let words = mail_words(locale, mail);
            let values = context! { words => Serde(&words), brand => Serde(&mail.brand), url => mail.url.as_str(), code => mail.code.as_str(), help => help(locale) };
            render(SIGN_IN, words.subject, values)
        }
        Mail::Address(mail) => {
            let locale = locale_of(&mail.locale).unwrap_or_default();
            let words = address_words(locale, &mail.by, &mail.code, &mail.asked_by);
            let brand = MailBrand::default();
            let values = context! { words => Serde(&words), brand => Serde(&brand), url => mail.url.as_str(), code => mail.code.as_str(), help => help(locale) };
            render(SIGN_IN, words.subject, values)
        }
        Mail::Invitation(mail) => {
            let locale = locale_of(&mail.locale).unwrap_or_default();
            let words = invitation_words(locale, &mail.workspace, &mail.inviter, &mail.to);
            let values = context! { words => Serde(&words), brand => Serde(&mail.brand), url => mail.url.as_str(), help => help(locale) };
            render(
                [
                    include_str!("../../templates/invitation.txt"),
                    include_str!("../../templates/invitation.html"),
                ],
                words.subject,
                values,
            )
        }
        Mail::Notice(mail) => {
            let locale = locale_of(&mail.locale).unwrap_or_default();
            let words = match mail.notice {
                Notice::WorkspaceEnds { due } => {
                    ending_words(locale, &mail.workspace, &mail.by, &due.format("%F").to_string())
                }
                Notice::JoinRequested => asked_words(locale, &mail.workspace, &mail.by),
                Notice::JoinApproved => approved_words(locale, &mail.workspace, &mail.by),
                Notice::DomainLost { ref domain } => domain_words(locale, &mail.workspace, domain),
                Notice::AppsSignedOut { ref reason } => {
                    apps_signed_out_words(locale, &mail.workspace, &mail.by, reason)
                }
                Notice::OwnershipOffered => offer_words(locale, &mail.workspace, &mail.by),
                Notice::RecoveryObjected { .. } => objected_words(locale, &mail.workspace, &mail.by),
            };
            let values = context! { words => Serde(&words), brand => Serde(&mail.brand), url => mail.url.as_str(), help => help(locale) };
            render(NOTICE, words.subject, values)
        }
        Mail::Security(mail) => {
            let locale = locale_of(&mail.locale).unwrap_or_default();
            let at = exact(mail.at.timestamp(), mail.time_zone.parse().ok());
            let words = security_words(locale, mail.change, [&mail.name, &mail.browser, &at]);
            let brand = MailBrand::default();
            let values = context! { words => Serde(&words), brand => Serde(&brand), url => mail.url.as_str(), help => help(locale) };
            render(NOTICE, words.subject, values)
        }
    }
}

/// Fills the plain and the HTML template; the name of the latter makes it escape.
fn render([text, html]: [&str; 2], subject: String, values: Value) -> Result<Composed, MailError> {
    // The next version of this server may have a template that works.
    let failed = |error: minijinja::Error| MailError::Later(format!("template: {}", error.kind()));
    let mut templates = Environment::new();
    templates
        .add_template("frame.html", include_str!("../../templates/frame.html"))
        .map_err(failed)?;
    Ok(Composed {
        text: templates
            .render_named_str("mail.txt", text, &values)
            .map_err(failed)?,
        html: templates
            .render_named_str("mail.html", html, &values)
            .map_err(failed)?,
        subject,
    })
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
    async fn send(&self, outgoing: &Outgoing) -> Result<(), MailError> {
        let composed = compose(&outgoing.mail)?;
        self.mailbox.catch(CaughtMail {
            to: outgoing.mail.to().to_owned(),
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
    use iam::port::{InvitationMail, MagicLinkMail, NoticeMail};

    #[test]
    fn an_invitation_names_who_asks_and_escapes_names() {
        let mail = InvitationMail {
            brand: MailBrand::default(),
            to: "ada@example.com".to_owned(),
            locale: "de".to_owned(),
            workspace: "<b>Acme</b>".to_owned(),
            inviter: "olga@example.com".to_owned(),
            url: "https://id.example.com/w/acme/join?invitation=inv_1".to_owned(),
        };
        let composed = compose(&Mail::Invitation(mail.clone())).unwrap();
        assert!(composed.text.contains(&mail.url) && composed.text.contains(&mail.inviter));
        assert!(composed.html.contains("lang=\"de\"") && !composed.html.contains("<b>Acme"));
    }

    #[test]
    fn a_mail_speaks_the_receivers_language_and_escapes_names() {
        let mail = MagicLinkMail {
            brand: MailBrand {
                logo: Some("https://id.example.com/w/acme/logo/lgo_1".to_owned()),
                colours: Some(["#123456".to_owned(), "#ffffff".to_owned()]),
                support: "mailto:help@acme.example".to_owned(),
            },
            to: "ada@example.com".to_owned(),
            locale: "de".to_owned(),
            workspace: Some("<b>Acme</b>".to_owned()),
            url: "https://id.example.com/login/verify?token=t".to_owned(),
            code: "123456".to_owned(),
            asked_by: "Firefox".to_owned(),
            linking: None,
        };
        let composed = compose(&Mail::MagicLink(mail.clone())).unwrap();
        assert!(composed.subject.contains("123456"));
        assert!(composed.text.contains(&mail.url) && composed.text.contains("123456"));
        assert!(composed.html.contains("lang=\"de\"") && !composed.html.contains("<b>Acme"));
        for part in [
            "background:#123456;color:#ffffff",
            "lgo_1",
            "mailto:help@acme.example",
        ] {
            assert!(composed.html.contains(part), "{part}");
        }
        assert!(composed.text.contains(" help@acme.example"), "{}", composed.text);
    }

    #[test]
    fn a_mail_is_written_in_the_direction_of_its_language() {
        for (locale, dir) in [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")] {
            let mail = NoticeMail {
                to: "ada@example.com".to_owned(),
                locale: locale.to_owned(),
                workspace: "Acme".to_owned(),
                brand: MailBrand::default(),
                by: "olga@example.com".to_owned(),
                notice: Notice::JoinApproved,
                url: "https://id.example.com/workspaces".to_owned(),
            };
            let composed = compose(&Mail::Notice(mail)).unwrap();
            let html = format!("<html lang=\"{locale}\" dir=\"{dir}\">");
            assert!(composed.html.contains(&html), "{}", composed.html);
            // Some readers of mail keep the body and drop what is around it.
            let body = format!("<body dir=\"{dir}\"");
            assert!(composed.html.contains(&body), "{}", composed.html);
        }
    }

    #[test]
    fn markup_in_a_name_is_text_in_every_mail_and_subject() {
        let name = "</title><b x>&\"Acme\"";
        let (to, locale, url) = ("ada@example.com", "en", "https://id.example.com/x");
        let notice = |notice| {
            Mail::Notice(NoticeMail {
                to: to.to_owned(),
                locale: locale.to_owned(),
                workspace: name.to_owned(),
                brand: MailBrand::default(),
                by: "olga@example.com".to_owned(),
                notice,
                url: url.to_owned(),
            })
        };
        let mails = [
            Mail::MagicLink(MagicLinkMail {
                to: to.to_owned(),
                locale: locale.to_owned(),
                workspace: Some(name.to_owned()),
                brand: MailBrand::default(),
                url: url.to_owned(),
                code: "123456".to_owned(),
                asked_by: name.to_owned(),
                linking: None,
            }),
            Mail::Invitation(InvitationMail {
                to: to.to_owned(),
                locale: locale.to_owned(),
                workspace: name.to_owned(),
                brand: MailBrand::default(),
                inviter: "olga@example.com".to_owned(),
                url: url.to_owned(),
            }),
            notice(Notice::WorkspaceEnds {
                due: chrono::DateTime::UNIX_EPOCH,
            }),
            notice(Notice::JoinRequested),
            notice(Notice::JoinApproved),
            notice(Notice::OwnershipOffered),
            notice(Notice::AppsSignedOut {
                reason: "lost laptop".to_owned(),
            }),
            notice(Notice::RecoveryObjected {
                person: iam_types::UserId::from_uuid(uuid::Uuid::nil()),
            }),
            notice(Notice::DomainLost {
                domain: name.to_owned(),
            }),
        ];
        for mail in mails {
            let composed = compose(&mail).unwrap();
            assert!(!composed.html.contains("<b x>"), "{}", composed.html);
            let title = composed.html.split_once("<title>").unwrap().1;
            let title = title.split_once("</title>").unwrap().0;
            assert!(!title.contains('<'), "{title}");
            assert!(composed.text.contains(name) || composed.subject.contains(name));
            assert!(!composed.subject.contains(['\r', '\n']));
        }
    }
}
