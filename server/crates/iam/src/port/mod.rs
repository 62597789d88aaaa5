//! What an operator or a test swaps.

use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use chrono::{DateTime, Utc};
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

/// A sign-in mail, ready to be put into words.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct MagicLinkMail {
    /// Receiver.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// Where it signs in: a workspace's name, or none for the platform.
    pub workspace: Option<String>,
    /// The link.
    pub url: String,
    /// The six digits.
    pub code: String,
    /// Which browser asked, to tell a stranger's request from one's own.
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
    /// Address of who caused it.
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
    /// Asks somebody to join.
    Invitation(InvitationMail),
    /// Tells of something that happened.
    Notice(NoticeMail),
}

impl Mail {
    /// The stored name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::MagicLink(_) => "magic_link",
            Self::Invitation(_) => "invitation",
            Self::Notice(_) => "notice",
        }
    }

    /// Receiver.
    pub fn to(&self) -> &str {
        match self {
            Self::MagicLink(mail) => &mail.to,
            Self::Invitation(mail) => &mail.to,
            Self::Notice(mail) => &mail.to,
        }
    }
}

/// A mail that could not be handed over.
#[derive(Debug)]
pub struct MailError(pub String);

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes mail out of the house.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail over.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
