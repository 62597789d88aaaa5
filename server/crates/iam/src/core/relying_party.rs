//! What checks passkeys (WebAuthn Level 3): one relying party, which is the host of the configured public origin. At workspaces' own
//! hosts its passkeys are used by related origins.

use iam_domain::sign_in::passkey::LIFETIME;
use std::time::Duration;
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What checks passkeys of the origin `public_url`; nothing where its host is an address, which owns no passkeys.
pub(crate) fn relying_party(public_url: &Url) -> Option<Webauthn> {
    built(public_url, None)
}

/// What checks the same passkeys where they are used at a related origin (5.11). It takes answers of `public_url` too: whoever asks
/// it looks at their origin first.
pub(crate) fn related_party(public_url: &Url, related: &Url) -> Option<Webauthn> {
    built(public_url, Some(related))
}

fn built(public_url: &Url, related: Option<&Url>) -> Option<Webauthn> {
    let id = public_url.domain()?;
    let lifetime = LIFETIME.num_seconds();
    let built = WebauthnBuilder::new(id, public_url)
        .map(|builder| {
            let builder = builder
                .rp_name(id)
                .timeout(Duration::from_secs(u64::try_from(lifetime).unwrap_or_default()));
            match related {
                Some(related) => builder.append_allowed_origin(related),
                None => builder,
            }
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
