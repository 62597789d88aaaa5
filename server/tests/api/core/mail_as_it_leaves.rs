//! Every kind of mail, as a mail server gets it.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use iam::port::{
    AddressMail, InvitationMail, MagicLinkMail, Mail, MailBrand, MailLinking, Mailer, Notice, NoticeMail,
    Outgoing, SecurityChange, SecurityMail,
};
use iam_testkit::{Answer, Sink};
use iam_types::{MailId, UserId};
use server::adapter::smtp::SmtpMailer;
use std::collections::HashSet;

const FROM: &str = "Rooiam <no-reply@id.example.com>";

/// Every kind and every notice once. What is missing here fails to compile in [`place`] or fails the test by its place.
fn all_mails(name: &str) -> Vec<Mail> {
    let brand = MailBrand {
        logo: Some("https://id.example.com/w/acme/logo/lgo_1".to_owned()),
        colours: Some(["#123456".to_owned(), "#ffffff".to_owned()]),
        support: "https://acme.example/help".to_owned(),
    };
    let mut mails = vec![
        Mail::MagicLink(MagicLinkMail {
            to: "ada@example.com".to_owned(),
            locale: "en".to_owned(),
            workspace: Some(name.to_owned()),
            brand: brand.clone(),
            url: format!("https://id.example.com/login/verify?token={}", "t".repeat(1500)),
            code: "123456".to_owned(),
            asked_by: "Firefox".to_owned(),
            linking: Some(MailLinking {
                provider: name.to_owned(),
                label: "ada@acme.example".to_owned(),
            }),
        }),
        Mail::Address(AddressMail {
            to: "ada@example.com".to_owned(),
            locale: "en".to_owned(),
            by: name.to_owned(),
            url: "https://id.example.com/account/addresses/verify?token=t".to_owned(),
            code: "123456".to_owned(),
            asked_by: "Firefox".to_owned(),
        }),
        Mail::Invitation(InvitationMail {
            to: "ada@example.com".to_owned(),
            locale: "en".to_owned(),
            workspace: name.to_owned(),
            brand: brand.clone(),
            inviter: "olga@example.com".to_owned(),
            url: "https://id.example.com/w/acme/join?invitation=inv_1".to_owned(),
        }),
    ];
    let notices = [
        Notice::WorkspaceEnds { due: written_at() },
        Notice::OwnershipOffered,
        Notice::JoinRequested,
        Notice::JoinApproved,
        Notice::DomainLost {
            domain: "acme.example".to_owned(),
        },
        Notice::AppsSignedOut {
            reason: name.to_owned(),
        },
        Notice::RecoveryObjected {
            person: UserId::from_uuid(uuid::Uuid::nil()),
        },
    ];
    mails.extend(notices.map(|notice| {
        Mail::Notice(NoticeMail {
            to: "ada@example.com".to_owned(),
            locale: "en".to_owned(),
            workspace: name.to_owned(),
            brand: brand.clone(),
            by: "olga@example.com".to_owned(),
            notice,
            url: "https://id.example.com/workspaces".to_owned(),
        })
    }));
    let changes = [
        SecurityChange::PasskeyAdded,
        SecurityChange::PasskeyRemoved,
        SecurityChange::PasskeySuspected,
        SecurityChange::NewBrowser,
        SecurityChange::TwoStepOn,
        SecurityChange::TwoStepOff,
        SecurityChange::RecoveryCodesMade,
        SecurityChange::RecoveryCodeUsed,
        SecurityChange::AddressAdded,
        SecurityChange::AddressWanted,
        SecurityChange::AddressMadePrimary,
        SecurityChange::AddressRemoved,
        SecurityChange::AccountEnds,
        SecurityChange::ConnectionLinked,
        SecurityChange::ConnectionUnlinked,
        SecurityChange::PasswordAdded,
        SecurityChange::PasswordChanged,
        SecurityChange::PasswordRemoved,
        SecurityChange::PasswordSpent,
        SecurityChange::RecoveryByWorkspace,
        SecurityChange::RecoveryByOperator,
        SecurityChange::RecoveryStopped,
        SecurityChange::Recovered,
    ];
    mails.extend(changes.map(|change| {
        Mail::Security(SecurityMail {
            to: "ada@example.com".to_owned(),
            locale: "en".to_owned(),
            change,
            name: name.to_owned(),
            browser: "Firefox".to_owned(),
            at: written_at(),
            time_zone: "Europe/Berlin".to_owned(),
            url: "https://id.example.com/account/security".to_owned(),
        })
    }));
    mails
}

const KINDS: usize = 33;

const fn place(mail: &Mail) -> usize {
    match mail {
        Mail::MagicLink(_) => 0,
        Mail::Address(_) => 15,
        Mail::Invitation(_) => 1,
        Mail::Notice(mail) => match mail.notice {
            Notice::WorkspaceEnds { .. } => 2,
            Notice::OwnershipOffered => 3,
            Notice::JoinRequested => 4,
            Notice::JoinApproved => 5,
            Notice::DomainLost { .. } => 6,
            Notice::AppsSignedOut { .. } => 21,
            Notice::RecoveryObjected { .. } => 32,
        },
        Mail::Security(mail) => match mail.change {
            SecurityChange::PasskeyAdded => 7,
            SecurityChange::PasskeyRemoved => 8,
            SecurityChange::PasskeySuspected => 9,
            SecurityChange::NewBrowser => 10,
            SecurityChange::AddressAdded => 11,
            SecurityChange::AddressWanted => 12,
            SecurityChange::AddressMadePrimary => 13,
            SecurityChange::AddressRemoved => 14,
            SecurityChange::AccountEnds => 16,
            SecurityChange::TwoStepOn => 17,
            SecurityChange::TwoStepOff => 18,
            SecurityChange::RecoveryCodesMade => 19,
            SecurityChange::RecoveryCodeUsed => 20,
            SecurityChange::ConnectionLinked => 22,
            SecurityChange::ConnectionUnlinked => 23,
            SecurityChange::PasswordAdded => 24,
            SecurityChange::PasswordChanged => 25,
            SecurityChange::PasswordRemoved => 26,
            SecurityChange::PasswordSpent => 27,
            SecurityChange::RecoveryByWorkspace => 28,
            SecurityChange::RecoveryByOperator => 29,
            SecurityChange::RecoveryStopped => 30,
            SecurityChange::Recovered => 31,
        },
    }
}

fn written_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn outgoing(mail: Mail) -> Outgoing {
    Outgoing {
        id: MailId::from_uuid(uuid::Uuid::from_u128(0xabc)),
        written_at: written_at(),
        mail,
    }
}

fn url_of(mail: &Mail) -> &str {
    match mail {
        Mail::MagicLink(mail) => &mail.url,
        Mail::Address(mail) => &mail.url,
        Mail::Invitation(mail) => &mail.url,
        Mail::Notice(mail) => &mail.url,
        Mail::Security(mail) => &mail.url,
    }
}

async fn as_taken(mails: Vec<Mail>) -> Vec<String> {
    let sink = Sink::start(|_, _| Answer::Take).await.unwrap();
    let mailer = SmtpMailer::new(&sink.url(), FROM).unwrap();
    let count = mails.len();
    for mail in mails {
        mailer.send(&outgoing(mail)).await.unwrap();
    }
    sink.taken(count).await.into_iter().map(|mail| mail.raw).collect()
}

/// Name and unfolded value of each header (RFC 5322 2.2.3), and what follows them.
fn parsed(raw: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
    let headers = unfolded.split("\r\n").map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    });
    (headers.collect(), body)
}

fn header(headers: &[(String, String)], name: &str) -> String {
    let found: Vec<_> = headers
        .iter()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].clone()
}

/// The text of a part, whatever its transfer encoding (RFC 2045 6).
fn text_of(part: &str) -> (String, String) {
    let (headers, body) = parsed(part);
    let bytes = match header(&headers, "content-transfer-encoding").as_str() {
        "7bit" => body.as_bytes().to_vec(),
        "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        "quoted-printable" => {
            let (mut rest, mut bytes) = (body.replace("=\r\n", ""), Vec::new());
            while let Some((before, after)) = rest.split_once('=') {
                bytes.extend(before.bytes());
                bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
                rest = after[2..].to_owned();
            }
            bytes.extend(rest.bytes());
            bytes
        }
        other => panic!("{other}"),
    };
    (
        header(&headers, "content-type"),
        String::from_utf8(bytes).unwrap(),
    )
}

fn check(mail: &Mail, raw: &str) {
    // RFC 5321 2.3.8, RFC 5322 2.1.1: lines end in CRLF and have at most 998 octets; no 8BITMIME is needed.
    assert!(raw.is_ascii(), "{raw}");
    for line in raw.split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").unwrap();
        assert!(line.len() <= 998 && !line.contains(['\r', '\n']), "{line}");
    }
    let (headers, body) = parsed(raw);
    let known: HashSet<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "from",
        "to",
        "date",
        "message-id",
        "subject",
        "auto-submitted",
        "mime-version",
        "content-type",
    ];
    // Nothing else: in particular none of ours is mail of a list, of which somebody could be taken off.
    assert_eq!(known, HashSet::from(expected), "{raw}");
    let header = |name| header(&headers, name);
    assert_eq!(header("from"), "Rooiam <no-reply@id.example.com>");
    assert_eq!(header("to"), mail.to());
    assert_eq!(
        header("message-id"),
        "<mail_00000000000000000000000000000abc@id.example.com>"
    );
    assert_eq!(header("auto-submitted"), "auto-generated");
    assert_eq!(header("mime-version"), "1.0");
    let date = DateTime::parse_from_rfc2822(&header("date")).unwrap();
    assert_eq!(date.to_utc(), written_at());
    assert!(!header("subject").is_empty());
    let kind = header("content-type");
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let boundary = kind.split('"').nth(1).unwrap();
    let parts: Vec<_> = body.split(&format!("--{boundary}")).collect();
    assert_eq!((parts.len(), parts[3].trim()), (4, "--"), "{raw}");
    for (part, kind) in [(parts[1], "text/plain"), (parts[2], "text/html")] {
        let (found, text) = text_of(part.trim_start_matches("\r\n"));
        assert!(found.starts_with(kind) && found.contains("utf-8"), "{found}");
        assert!(text.replace("&#x2f;", "/").contains(url_of(mail)), "{text}");
    }
}

#[actix_web::test]
async fn every_kind_of_mail_leaves_with_what_a_mail_needs() {
    let names = [
        "Acme".to_owned(),
        "Bücher & Söhne GmbH \u{1f4da}".to_owned(),
        "ß".repeat(2000),
        "x".repeat(2000),
        "Acme\r\nBcc: eve@example.com\r\n\r\n.\r\nQUIT\r\n".to_owned(),
        "Acme\nBcc: eve@example.com".to_owned(),
        ".".to_owned(),
    ];
    for name in names {
        let mails = all_mails(&name);
        let places: HashSet<_> = mails.iter().map(place).collect();
        assert_eq!(places, (0..KINDS).collect(), "a kind of mail has no case here");
        let taken = as_taken(mails.clone()).await;
        for (mail, raw) in mails.iter().zip(&taken) {
            check(mail, raw);
        }
    }
}

#[actix_web::test]
async fn the_same_mail_is_the_same_message_each_time() {
    let twice = all_mails("Acme")
        .into_iter()
        .flat_map(|mail| [mail.clone(), mail]);
    let taken = as_taken(twice.collect()).await;
    for [first, again] in taken.as_chunks().0 {
        assert_eq!(first, again);
    }
}

#[actix_web::test]
async fn mail_is_of_the_senders_own_domain_wherever_the_server_is() {
    let sink = Sink::start(|_, _| Answer::Take).await.unwrap();
    let mailer = SmtpMailer::new(&sink.url(), "Sign-in <auth@mail.acme.example>").unwrap();
    mailer.send(&outgoing(all_mails("Acme").remove(0))).await.unwrap();
    let raw = sink.taken(1).await.remove(0).raw;
    assert!(
        raw.contains("@mail.acme.example>\r\n") && !raw.contains("id.example.com>"),
        "{raw}"
    );
    assert!(SmtpMailer::new(&sink.url(), "auth@bücher.example").is_err());
}
