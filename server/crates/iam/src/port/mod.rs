//! What an operator or a test swaps.

pub mod breached;
pub mod outbound;
mod security_mail;
pub mod toll;

pub use breached::BreachedPasswords;
pub use security_mail::{SecurityChange, SecurityMail};

use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use chrono::{DateTime, Utc};
use iam_domain::{account::preferences::Preferences, core::mail::Lane};
use iam_types::{MailId, Slug, UserId, paths};
use std::fmt;

/// Time.
pub trait Clock: Send + Sync {
    /// The moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the machine's clock"
        )]
        Utc::now()
    }
}

/// Randomness fit for secrets.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if SystemRandom::new().fill(bytes).is_err() {
            // A server that cannot draw secrets must not go on and hand out predictable ones.
            std::process::abort();
        }
    }
}

/// How a workspace looks in a mail.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct MailBrand {
    /// Where its logo is.
    pub logo: Option<String>,
    /// Its accent colour on white, and what is readable on that.
    pub colours: Option<[String; 2]>,
    /// Where its people get help, empty for nowhere.
    pub support: String,
}

/// A sign-in mail, ready to be put into words.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct MagicLinkMail {
    /// Receiver.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// Where it signs in: a workspace's name, or none for the platform.
    pub workspace: Option<String>,
    /// How that workspace looks.
    #[serde(default)]
    pub brand: MailBrand,
    /// The link.
    pub url: String,
    /// The six digits.
    pub code: String,
    /// Which browser asked, to tell a stranger's request from one's own.
    pub asked_by: String,
    /// With what it links the account, if with anything.
    #[serde(default)]
    pub linking: Option<MailLinking>,
}

/// With what an account is linked by a sign-in.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct MailLinking {
    /// The provider.
    pub provider: String,
    /// What it calls the person.
    pub label: String,
}

/// A mail that proves an address which somebody adds to their account, ready to be put into words.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct AddressMail {
    /// Receiver: the new address.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// The primary address of who adds it.
    pub by: String,
    /// The link.
    pub url: String,
    /// The six digits.
    pub code: String,
    /// Which browser asked.
    pub asked_by: String,
}

/// A mail that asks somebody to join a workspace, ready to be put into words.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct InvitationMail {
    /// Receiver.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// The workspace's name.
    pub workspace: String,
    /// How the workspace looks.
    #[serde(default)]
    pub brand: MailBrand,
    /// Address of who invites.
    pub inviter: String,
    /// Where to answer.
    pub url: String,
}

/// What a mail about a workspace tells.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum Notice {
    /// It will be deleted, unless an owner takes that back before `due`.
    WorkspaceEnds {
        /// When.
        due: DateTime<Utc>,
    },
    /// An owner offers their ownership to the receiver.
    OwnershipOffered,
    /// Somebody asks to join.
    JoinRequested,
    /// The receiver, who asked to join, is a member now.
    JoinApproved,
    /// A domain's proof has been missing for too long.
    DomainLost {
        /// Which one.
        domain: String,
    },
    /// Somebody who may signed the receiver out of its apps.
    AppsSignedOut {
        /// Why, in their words.
        reason: String,
    },
    /// Somebody objects to the recovery of their account that operators began.
    RecoveryObjected {
        /// Who.
        person: UserId,
    },
}

impl Notice {
    /// A name for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::WorkspaceEnds { .. } => "workspace-ends",
            Self::OwnershipOffered => "ownership-offered",
            Self::JoinRequested => "join-requested",
            Self::JoinApproved => "join-approved",
            Self::DomainLost { .. } => "domain-lost",
            Self::AppsSignedOut { .. } => "apps-signed-out",
            Self::RecoveryObjected { .. } => "recovery-objected",
        }
    }
}

/// A mail about a workspace, ready to be put into words.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct NoticeMail {
    /// Receiver.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// The workspace's name.
    pub workspace: String,
    /// How the workspace looks.
    #[serde(default)]
    pub brand: MailBrand,
    /// Address of who caused it, empty if nobody did.
    pub by: String,
    /// What happened.
    pub notice: Notice,
    /// Where to act on it.
    pub url: String,
}

/// Any mail.
#[derive(Clone)]
pub enum Mail {
    /// Signs somebody in.
    MagicLink(MagicLinkMail),
    /// Proves a new address.
    Address(AddressMail),
    /// Asks somebody to join.
    Invitation(InvitationMail),
    /// Tells of something that happened.
    Notice(NoticeMail),
    /// Tells somebody what changed about how they sign in.
    Security(SecurityMail),
}

impl Notice {
    /// The page on which to act on it, below the origin.
    pub(crate) fn path(&self, slug: &Slug) -> String {
        match self {
            Self::WorkspaceEnds { .. }
            | Self::OwnershipOffered
            | Self::JoinApproved
            | Self::AppsSignedOut { .. } => paths::WORKSPACES.to_owned(),
            Self::JoinRequested => paths::invitations(slug),
            Self::DomainLost { .. } => paths::domains(slug),
            Self::RecoveryObjected { person } => paths::user(*person),
        }
    }
}

impl Mail {
    /// The stored name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::MagicLink(_) => "magic_link",
            Self::Address(_) => "address",
            Self::Invitation(_) => "invitation",
            Self::Notice(_) => "notice",
            Self::Security(_) => "security",
        }
    }

    /// How urgent it is.
    pub const fn lane(&self) -> Lane {
        match self {
            Self::MagicLink(_) | Self::Address(_) => Lane::SignIn,
            Self::Notice(_) | Self::Security(_) => Lane::Notice,
            Self::Invitation(_) => Lane::Many,
        }
    }

    /// The same, as its receiver wants to be spoken to.
    #[must_use]
    pub fn spoken(mut self, chosen: Preferences) -> Self {
        if let Some(locale) = chosen.locale {
            *self.locale() = locale;
        }
        if let (Self::Security(mail), Some(zone)) = (&mut self, chosen.time_zone) {
            mail.time_zone = zone;
        }
        self
    }

    fn locale(&mut self) -> &mut String {
        match self {
            Self::MagicLink(mail) => &mut mail.locale,
            Self::Address(mail) => &mut mail.locale,
            Self::Invitation(mail) => &mut mail.locale,
            Self::Notice(mail) => &mut mail.locale,
            Self::Security(mail) => &mut mail.locale,
        }
    }

    /// Receiver.
    pub fn to(&self) -> &str {
        match self {
            Self::MagicLink(mail) => &mail.to,
            Self::Address(mail) => &mail.to,
            Self::Invitation(mail) => &mail.to,
            Self::Notice(mail) => &mail.to,
            Self::Security(mail) => &mail.to,
        }
    }
}

/// A mail on its way out. Whoever hands it over again makes the same message of it, so that a receiver who has it
/// already knows it by its `Message-ID`.
#[derive(Clone)]
pub struct Outgoing {
    /// Which one.
    pub id: MailId,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// What it says, and to whom.
    pub mail: Mail,
}

/// Why a mail was not handed over. The reason is shown, stored and logged: a code or a class, never words of a server,
/// which name addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailError {
    /// It will never be taken (RFC 5321 4.2.1, 5yz about this mail or its receiver).
    Refused(String),
    /// It may be taken later.
    Later(String),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(reason) | Self::Later(reason)) = self;
        f.write_str(reason)
    }
}

/// A name server that did not answer, or not in a way that means something.
#[derive(Debug)]
pub struct ResolveError(pub String);

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Knows roughly where an address is.
pub trait Places: Send + Sync {
    /// In words of this language, if that is known.
    fn place(&self, address: std::net::IpAddr, locale: &str) -> Option<String>;
}

/// Asks name servers.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// The texts of the TXT records at `name` (RFC 1035 3.3.14), each joined from its parts; none if there are none.
    async fn txt(&self, name: &str) -> Result<Vec<String>, ResolveError>;
}

/// Takes mail out of the house.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail over. May be dropped at any moment: then the mail counts as not taken and comes again.
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError>;
}
