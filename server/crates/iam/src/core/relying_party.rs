//! What checks passkeys (WebAuthn Level 3): one relying party, which is the host of the configured public origin.

use iam_domain::sign_in::passkey::LIFETIME;
use std::time::Duration;
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What checks passkeys of the origin `public_url`; nothing where its host is an address, which owns no passkeys.
pub(crate) fn relying_party(public_url: &Url) -> Option<Webauthn> {
    let id = public_url.domain()?;
    let lifetime = LIFETIME.num_seconds();
    let built = WebauthnBuilder::new(id, public_url)
        .map(|builder| {
            builder
                .rp_name(id)
                .timeout(Duration::from_secs(u64::try_from(lifetime).unwrap_or_default()))
        })
        .and_then(WebauthnBuilder::build);
    match built {
        Ok(relying_party) => Some(relying_party),
        Err(error) => {
            tracing::warn!(%error, "no passkeys at this origin");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_own_passkeys_and_addresses_do_not() {
        for (url, owns) in [
            ("https://id.example.com", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("https://[::1]", false),
        ] {
            assert_eq!(relying_party(&url.parse().unwrap()).is_some(), owns, "{url}");
        }
    }
}
