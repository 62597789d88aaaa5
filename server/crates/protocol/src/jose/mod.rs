//! Signing keys, signed tokens and key sets (RFC 7515, 7517, 7519), by `jsonwebtoken` on aws-lc. Signatures are made by aws-lc
//! itself, since `jsonwebtoken` parses a key anew for each.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa, signature,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, KeyOperations, PublicKeyUse},
};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// A key could not be made, read or used.
#[derive(Debug, Error)]
pub enum JoseError {
    /// The generator failed.
    #[error("key generation failed")]
    Generate,
    /// The signature failed.
    #[error("signing failed")]
    Sign,
    /// The key or the token is malformed, or the signature or a claim is wrong.
    #[error("token or key refused")]
    Token(#[from] jsonwebtoken::errors::Error),
    /// Nothing of ours, not for this, or not any more.
    #[error("token refused")]
    Refused,
    /// The algorithm is not one of ours.
    #[error("unknown algorithm")]
    UnknownAlg,
}

fn algorithm(alg: &str) -> Result<Algorithm, JoseError> {
    match alg {
        "RS256" => Ok(Algorithm::RS256),
        "ES256" => Ok(Algorithm::ES256),
        "EdDSA" => Ok(Algorithm::EdDSA),
        _ => Err(JoseError::UnknownAlg),
    }
}

/// Makes a private key for `alg` and returns it as PKCS#8.
///
/// # Errors
/// [`JoseError::Generate`] or [`JoseError::UnknownAlg`].
pub fn generate(alg: &str) -> Result<Vec<u8>, JoseError> {
    let random = SystemRandom::new();
    let failed = |_| JoseError::Generate;
    Ok(match algorithm(alg)? {
        Algorithm::RS256 => {
            let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(failed)?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
            der.as_ref().to_vec()
        }
        Algorithm::ES256 => {
            let der =
                signature::EcdsaKeyPair::generate_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &random);
            der.map_err(failed)?.as_ref().to_vec()
        }
        _ => {
            let pair = signature::Ed25519KeyPair::generate().map_err(failed)?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
            der.as_ref().to_vec()
        }
    })
}

/// A private key, parsed once: with RSA that costs more than a signature.
enum KeyPair {
    Rsa(rsa::KeyPair),
    Ec(signature::EcdsaKeyPair),
    Ed(signature::Ed25519KeyPair),
}

/// A private key ready to sign.
pub struct SigningKey {
    kid: String,
    alg: Algorithm,
    pair: KeyPair,
}

impl SigningKey {
    /// Loads a PKCS#8 private key.
    ///
    /// # Errors
    /// [`JoseError`] when the key does not fit `alg`.
    pub fn load(kid: &str, alg: &str, pkcs8: &[u8]) -> Result<Self, JoseError> {
        let alg = algorithm(alg)?;
        let pair = match alg {
            Algorithm::RS256 => rsa::KeyPair::from_pkcs8(pkcs8).map(KeyPair::Rsa),
            Algorithm::ES256 => {
                signature::EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .map(KeyPair::Ec)
            }
            _ => signature::Ed25519KeyPair::from_pkcs8(pkcs8).map(KeyPair::Ed),
        };
        Ok(Self {
            kid: kid.to_owned(),
            alg,
            pair: pair.map_err(|_| JoseError::Refused)?,
        })
    }

    /// Whether a signature takes so long that it does not belong on a thread that others wait for.
    pub fn is_slow(&self) -> bool {
        matches!(self.pair, KeyPair::Rsa(_))
    }

    /// Signs `claims` with the given `typ` header, in the compact serialisation (RFC 7515 3.1, 5.1).
    ///
    /// # Errors
    /// [`JoseError::Sign`]; [`JoseError::Token`] for claims that are no JSON.
    pub fn sign<C: Serialize>(&self, typ: &str, claims: &C) -> Result<String, JoseError> {
        let mut header = Header::new(self.alg);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.kid.clone());
        let mut token = format!("{}.{}", encoded(&header)?, encoded(claims)?);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        let random = SystemRandom::new();
        match &self.pair {
            KeyPair::Rsa(pair) => {
                let mut made = vec![0; pair.public_modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut made)
                    .map_err(|_| JoseError::Sign)?;
                Ok(made)
            }
            KeyPair::Ec(pair) => {
                let made = pair.sign(&random, message).map_err(|_| JoseError::Sign)?;
                Ok(made.as_ref().to_vec())
            }
            KeyPair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

fn encoded<T: Serialize>(part: &T) -> Result<String, JoseError> {
    let json = serde_json::to_vec(part).map_err(jsonwebtoken::errors::Error::from)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// The public half of a PKCS#8 private key, for the key set.
///
/// # Errors
/// [`JoseError`] when the key does not fit `alg`.
pub fn public_jwk(kid: &str, alg: &str, pkcs8: &[u8]) -> Result<Jwk, JoseError> {
    let alg = algorithm(alg)?;
    let text = pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8));
    let key = match alg {
        Algorithm::RS256 => EncodingKey::from_rsa_pem(text.as_bytes())?,
        Algorithm::ES256 => EncodingKey::from_ec_pem(text.as_bytes())?,
        _ => EncodingKey::from_ed_pem(text.as_bytes())?,
    };
    let mut jwk = Jwk::from_encoding_key(&key, alg)?;
    jwk.common.key_id = Some(kid.to_owned());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_operations = None::<Vec<KeyOperations>>;
    Ok(jwk)
}

/// A workspace's public keys (RFC 7517 5).
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct KeySet(JwkSet);

impl KeySet {
    /// Reads stored keys.
    ///
    /// # Errors
    /// A stored key is no JWK.
    pub fn from_values(values: Vec<serde_json::Value>) -> Result<Self, serde_json::Error> {
        let keys = values
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()?;
        Ok(Self(JwkSet { keys }))
    }

    /// Whether the key that `token` names is one of these. Says nothing about the token.
    pub fn names_key_of(&self, token: &str) -> bool {
        jsonwebtoken::decode_header(token)
            .ok()
            .and_then(|header| header.kid)
            .is_some_and(|kid| self.0.find(&kid).is_some())
    }

    /// Verifies who made a token: signature by one of these keys with that key's own algorithm, `typ`, and that `iss` is
    /// one of `issuers`. Keys named in the token itself are ignored. For whom it is and until when differs by kind of
    /// token, so that each kind has a function of its own on top of this one, in `oidc::verify`.
    ///
    /// # Errors
    /// [`JoseError`] with the first check that failed.
    pub(crate) fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        typ: &str,
        issuers: &[&str],
    ) -> Result<C, JoseError> {
        let header = jsonwebtoken::decode_header(token)?;
        let jwk = header
            .kid
            .as_deref()
            .and_then(|kid| self.0.find(kid))
            .ok_or(JoseError::Refused)?;
        let alg = jwk
            .common
            .key_algorithm
            .and_then(|alg| alg.to_string().parse().ok())
            .ok_or(JoseError::Refused)?;
        if header.typ.as_deref() != Some(typ) {
            return Err(JoseError::Refused);
        }
        let mut validation = Validation::new(alg);
        validation.set_issuer(issuers);
        validation.set_required_spec_claims(&["iss"]);
        validation.validate_aud = false;
        // The clock is injected, so expiry is compared by the caller rather than by the library against the machine's time.
        validation.validate_exp = false;
        Ok(jsonwebtoken::decode(token, &DecodingKey::from_jwk(jwk)?, &validation)?.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A key, and the set that holds its public half.
    fn key(alg: &str) -> (SigningKey, KeySet) {
        let pkcs8 = generate(alg).unwrap();
        let jwk = serde_json::to_value(public_jwk("k", alg, &pkcs8).unwrap()).unwrap();
        let set = KeySet::from_values(vec![jwk]).unwrap();
        (SigningKey::load("k", alg, &pkcs8).unwrap(), set)
    }

    #[test]
    fn a_token_of_each_algorithm_verifies_against_the_published_key() {
        for alg in ["RS256", "ES256", "EdDSA"] {
            let (key, set) = key(alg);
            let token = key.sign("at+jwt", &json!({"iss": "i", "aud": "a"})).unwrap();
            let verified = set.verify::<serde_json::Value>(&token, "at+jwt", &["i"]);
            assert!(verified.is_ok(), "{alg}: {verified:?}");
        }
    }

    #[test]
    fn tokens_that_are_foreign_or_of_another_kind_are_refused() {
        let (ours, keys) = key("ES256");
        let token = |key: &SigningKey, typ: &str| key.sign(typ, &json!({"iss": "i", "aud": "a"})).unwrap();
        let refused = |token: &str, issuer: &str| {
            keys.verify::<serde_json::Value>(token, "at+jwt", &[issuer])
                .is_err()
        };
        assert!(refused(&token(&ours, "at+jwt"), "other"));
        assert!(refused(&token(&ours, "JWT"), "i"));
        assert!(refused(&token(&key("ES256").0, "at+jwt"), "i"));
        assert!(refused(&token(&key("RS256").0, "at+jwt"), "i"));
        assert!(refused(&ours.sign("at+jwt", &json!({"aud": "a"})).unwrap(), "i"));
        let unsigned = token(&ours, "at+jwt")
            .rsplit_once('.')
            .map(|(head, _)| format!("{head}."))
            .unwrap();
        assert!(refused(&unsigned, "i"));
        assert!(refused(
            "eyJhbGciOiJub25lIiwia2lkIjoiayIsInR5cCI6ImF0K2p3dCJ9.eyJleHAiOjEwMH0.",
            "i"
        ));
    }
}
