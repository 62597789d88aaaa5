//! Bearer secrets: 256 random bits behind a scannable prefix, with a checksum that lets leak scanners tell a real one
//! from noise. Only their keyed hashes are stored.

use crate::core::Core;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use iam_domain::core::secret_hash::SecretHash;
use std::fmt;

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Browser session.
    Session,
    /// The browser that asked for a sign-in mail.
    Browser,
    /// Magic link.
    MagicLink,
    /// What takes back a sign-in that was somebody else's.
    Disown,
    /// A browser that stands for a second factor.
    TrustedBrowser,
    /// What stops a recovery.
    StopRecovery,
    /// What proves an address that a person adds.
    AddressLink,
    /// What puts an address back that was removed.
    RestoreAddress,
    /// What ties a form for a password to the browser that it was shown in.
    PasswordForm,
    /// What names a sign-in to a provider and back.
    ConnectionState,
    /// Client secret of an app.
    ClientSecret,
    /// Authorization code.
    Code,
    /// Refresh token.
    RefreshToken,
}

impl SecretKind {
    /// The scannable prefix, also the purpose of the hash.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "roo_ses_",
            Self::Browser => "roo_br_",
            Self::MagicLink => "roo_ml_",
            Self::Disown => "roo_no_",
            Self::TrustedBrowser => "roo_tb_",
            Self::StopRecovery => "roo_sr_",
            Self::AddressLink => "roo_al_",
            Self::RestoreAddress => "roo_ra_",
            Self::PasswordForm => "roo_pf_",
            Self::ConnectionState => "roo_cx_",
            Self::ClientSecret => "roo_cs_",
            Self::Code => "roo_ac_",
            Self::RefreshToken => "roo_rt_",
        }
    }
}

/// A secret in the clear: handed to its holder once, never stored or logged. Its hash is what is stored.
#[derive(Clone)]
pub struct Secret {
    text: String,
    hash: SecretHash,
}

impl Secret {
    /// The text, for the one place that hands it out.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> &SecretHash {
        &self.hash
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Core {
    /// Draws a new secret.
    pub(crate) fn new_secret(&self, kind: SecretKind) -> Secret {
        let mut random = [0; 32];
        self.deps.entropy.fill(&mut random);
        self.secret(kind, &random)
    }

    /// The secret that the same `facts` always make, which nobody without our keys can tell from a drawn one: whoever
    /// repeats a step gets what they got the first time. The pepper it takes is not in the database.
    pub(crate) fn derived_secret(&self, kind: SecretKind, facts: &[&[u8]]) -> Secret {
        let purpose = format!("derived {}", kind.prefix());
        self.secret(kind, &self.deps.master_keys.hash(&purpose, &facts.concat()))
    }

    fn secret(&self, kind: SecretKind, bits: &[u8; 32]) -> Secret {
        let text = URL_SAFE_NO_PAD.encode([bits.as_slice(), &checksum(bits)].concat());
        Secret {
            text: format!("{}{text}", kind.prefix()),
            hash: SecretHash::new(self.deps.master_keys.hash(kind.prefix(), bits)),
        }
    }

    /// A secret that somebody presented; `None` when it cannot be one of this kind, without asking the database.
    pub(crate) fn presented_secret(&self, kind: SecretKind, text: &str) -> Option<Secret> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(kind.prefix())?).ok()?;
        let (random, check) = bytes.split_first_chunk::<32>()?;
        (check == checksum(random)).then(|| self.secret(kind, random))
    }

    /// The stored form of a presented secret; `None` as for [`presented_secret`](Self::presented_secret).
    pub(crate) fn hash_secret(&self, kind: SecretKind, text: &str) -> Option<SecretHash> {
        self.presented_secret(kind, text).map(|secret| secret.hash)
    }

    /// Six digits, each combination equally likely.
    pub(crate) fn new_code(&self) -> String {
        loop {
            let mut bytes = [0; 4];
            self.deps.entropy.fill(&mut bytes);
            let number = u32::from_be_bytes(bytes);
            // The largest multiple of a million below 2^32: what lies above would favour small codes.
            if number < 4_294_000_000 {
                return format!("{:06}", number % 1_000_000);
            }
        }
    }
}

fn checksum(random: &[u8]) -> [u8; 3] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, random);
    let mut check = [0; 3];
    check.copy_from_slice(digest.as_ref().get(..3).unwrap_or_default());
    check
}
