//! Who calls the token endpoint (RFC 6749 2.3.1, OpenID Connect Core 9).

use super::error::{OAuthError, OAuthErrorCode};
use crate::params::Params;
use base64::{Engine, engine::general_purpose::STANDARD};
use iam_types::AppId;

/// A client's claim, not yet checked.
#[derive(Clone)]
pub struct ClientAuth {
    /// Which app it says it is.
    pub client_id: AppId,
    /// The secret it presents, none for a public client.
    pub secret: Option<String>,
}

const INVALID: OAuthError = OAuthError::new(OAuthErrorCode::InvalidClient, "client authentication failed");

impl ClientAuth {
    /// Reads `client_secret_basic`, `client_secret_post` or `none`.
    ///
    /// # Errors
    /// `invalid_client` without a usable identity, `invalid_request` when two methods are used at once (RFC 6749 2.3).
    pub fn parse(authorization: Option<&str>, params: &Params) -> Result<Self, OAuthError> {
        let in_body = params
            .get("client_id")
            .map(|id| id.parse::<AppId>().map_err(|_| INVALID))
            .transpose()?;
        let Some(header) = authorization else {
            return Ok(Self {
                client_id: in_body.ok_or(INVALID)?,
                secret: params.get("client_secret").map(str::to_owned),
            });
        };
        let (id, secret) = decode_basic(header).ok_or(INVALID)?;
        let client_id: AppId = id.parse().map_err(|_| INVALID)?;
        if params.get("client_secret").is_some() || in_body.is_some_and(|other| other != client_id) {
            return Err(OAuthError::new(
                OAuthErrorCode::InvalidRequest,
                "use one client authentication method",
            ));
        }
        Ok(Self {
            client_id,
            // An app without a secret may leave it empty (RFC 6749 2.3.1).
            secret: Some(secret).filter(|secret| !secret.is_empty()),
        })
    }
}

/// Both halves are form-encoded inside the base64 (RFC 6749 2.3.1).
fn decode_basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| {
        let pair = format!("x={part}");
        url::form_urlencoded::parse(pair.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "app_01900000000070008000000000000001";

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn each_method_is_read() {
        let auth = ClientAuth::parse(Some(&basic(&format!("{ID}:a%2Bb"))), &Params::default()).unwrap();
        assert_eq!(auth.secret.as_deref(), Some("a+b"));
        let auth = ClientAuth::parse(Some(&basic(&format!("{ID}:"))), &Params::default()).unwrap();
        assert_eq!(auth.secret, None);
        let params = Params::decode(format!("client_id={ID}&client_secret=s").as_bytes()).unwrap();
        assert_eq!(
            ClientAuth::parse(None, &params).unwrap().secret.as_deref(),
            Some("s")
        );
    }

    #[test]
    fn mixed_or_broken_methods_are_refused() {
        let params = Params::decode(format!("client_id={ID}&client_secret=s").as_bytes()).unwrap();
        assert!(ClientAuth::parse(Some(&basic(&format!("{ID}:s"))), &params).is_err());
        for header in ["Bearer x", "Basic !", "Basic", &basic("nocolon")] {
            assert!(
                ClientAuth::parse(Some(header), &Params::default()).is_err(),
                "{header}"
            );
        }
        assert!(ClientAuth::parse(None, &Params::default()).is_err());
    }
}
