//! What of our own tokens means when it comes back to us: for whom, and until when.

use super::claims::{AccessTokenClaims, app_audience};
use crate::jose::{JoseError, KeySet};
use serde::Deserialize;

/// Who an ID token that came back as a hint speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hint {
    /// The person.
    pub sub: String,
    aud: String,
}

impl KeySet {
    /// Verifies an access token (RFC 9068 4) that comes to the issuer's own resources: any app's will do there, if it was
    /// made for that app's audience and has not expired at `now` (Unix seconds).
    ///
    /// # Errors
    /// [`JoseError`] with the first check that failed.
    pub fn access_token(&self, token: &str, issuer: &str, now: i64) -> Result<AccessTokenClaims, JoseError> {
        let claims: AccessTokenClaims = self.verify(token, "at+jwt", &[issuer])?;
        let ours = claims.aud == app_audience(issuer, &claims.client_id);
        if ours && now < claims.exp {
            Ok(claims)
        } else {
            Err(JoseError::Refused)
        }
    }

    /// Verifies an ID token that the app `client_id` hands back as `id_token_hint` (OpenID Connect Core 3.1.2.1): it must be
    /// one that this app was given, and may have expired.
    ///
    /// # Errors
    /// [`JoseError`] with the first check that failed.
    pub fn id_token_hint(&self, token: &str, issuers: &[&str], client_id: &str) -> Result<Hint, JoseError> {
        let hint: Hint = self.verify(token, "JWT", issuers)?;
        if hint.aud == client_id {
            Ok(hint)
        } else {
            Err(JoseError::Refused)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{SigningKey, generate, public_jwk};
    use serde_json::{Value, json};

    fn signer() -> (SigningKey, KeySet) {
        let pkcs8 = generate("ES256").unwrap();
        let jwk = serde_json::to_value(public_jwk("k", "ES256", &pkcs8).unwrap()).unwrap();
        let key = SigningKey::load("k", "ES256", &pkcs8).unwrap();
        (key, KeySet::from_values(vec![jwk]).unwrap())
    }

    fn access_claims(change: (&str, Value)) -> Value {
        let mut claims = json!({
            "iss": "https://i", "sub": "usr_1", "aud": "https://i/apps/app_1", "client_id": "app_1", "exp": 100, "iat": 0,
            "auth_time": 0, "jti": "j", "scope": "openid", "gid": "g",
        });
        claims[change.0] = change.1;
        claims
    }

    #[test]
    fn an_access_token_opens_our_own_resources_only_with_its_apps_audience_and_in_its_time() {
        let (key, keys) = signer();
        let opens = |claims: &Value, now| {
            let token = key.sign("at+jwt", claims).unwrap();
            keys.access_token(&token, "https://i", now).is_ok()
        };
        assert!(opens(&access_claims(("sub", json!("usr_1"))), 99));
        assert!(!opens(&access_claims(("sub", json!("usr_1"))), 100));
        for aud in [
            "https://i",
            "app_1",
            "https://i/apps/app_2",
            "https://other/apps/app_1",
        ] {
            assert!(!opens(&access_claims(("aud", json!(aud))), 99), "{aud}");
        }
        assert!(!opens(&access_claims(("iss", json!("https://other"))), 99));
    }

    #[test]
    fn a_hint_may_be_old_but_must_be_an_id_token_that_this_app_was_given() {
        let (key, keys) = signer();
        let claims = json!({"iss": "https://i", "sub": "usr_1", "aud": "app_1", "exp": 1});
        let token = key.sign("JWT", &claims).unwrap();
        let read = |token: &str, client_id| keys.id_token_hint(token, &["https://i"], client_id);
        assert_eq!(
            read(&token, "app_1").map(|hint| hint.sub).ok().as_deref(),
            Some("usr_1")
        );
        assert!(read(&token, "app_2").is_err());
        assert!(read(&key.sign("at+jwt", &claims).unwrap(), "app_1").is_err());
        assert!(read(&signer().0.sign("JWT", &claims).unwrap(), "app_1").is_err());
        assert!(read("garbage", "app_1").is_err());
    }
}
