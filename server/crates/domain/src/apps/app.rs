//! An app: an OAuth client of one workspace.

use crate::{
    apps::{client_type::ClientType, redirect_uri::RedirectUri},
    core::{text::stored_as_text, visible::VisibleName},
};
use chrono::{DateTime, Utc};
use iam_types::{AppId, ErrorCode};

/// Signature algorithm of an app's tokens (RFC 7518 3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SigningAlg {
    /// RSA PKCS#1 v1.5 with SHA-256: what every provider has to offer (OpenID Connect Discovery 1.0, 3).
    Rs256,
    /// ECDSA on P-256: signs ten times faster, and its signatures are a quarter as long.
    Es256,
    /// Ed25519.
    EdDsa,
}

stored_as_text!(SigningAlg { Rs256 = "RS256", Es256 = "ES256", EdDsa = "EdDSA" });

impl SigningAlg {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];
    /// What an app begins with unless it asks for another.
    pub const RECOMMENDED: Self = Self::Es256;
}

/// A registered app.
#[derive(Debug, Clone)]
pub struct App {
    /// Its `client_id`.
    pub id: AppId,
    /// Its name, shown on login and consent.
    pub name: VisibleName,
    /// Whether it has a secret.
    pub client_type: ClientType,
    /// How its tokens are signed.
    pub id_token_alg: SigningAlg,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Since when nobody can sign in to it.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl App {
    /// Whether `asked` is one of its redirect URIs.
    pub fn admits_redirect(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|uri| uri.admits(asked))
    }

    /// Whether an answer sent to `redirect_uri` can only reach this app: it proves itself with a secret, or the address is
    /// an `https` one that it owns. Any other program on the device can claim a loopback port or a private-use scheme
    /// (RFC 8252 8.6), so what a person once allowed says nothing about who asks there now.
    pub fn is_assured_at(&self, redirect_uri: &str) -> bool {
        self.client_type == ClientType::Confidential || redirect_uri.starts_with("https://")
    }
}

/// Parses the redirect URIs of a form: one a line.
///
/// # Errors
/// [`ErrorCode::InvalidRedirectUri`] when there is none, more than 20, or one is not allowed.
pub fn parse_redirect_uris(text: &str, client: ClientType) -> Result<Vec<RedirectUri>, ErrorCode> {
    let mut uris = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let uri = RedirectUri::register(line, client)?;
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    if uris.is_empty() || uris.len() > 20 {
        Err(ErrorCode::InvalidRedirectUri)
    } else {
        Ok(uris)
    }
}
