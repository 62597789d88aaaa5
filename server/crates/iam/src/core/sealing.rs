//! Secrets that must be read back: AES-256-GCM under a versioned master key, the row's identity as associated data,
//! so that a sealed value copied to another row does not open.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf, hmac,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use zeroize::Zeroizing;

/// Sealing or opening failed. Says nothing about why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The setting is not `version:base64 of 32 bytes`, comma separated.
    #[error("the master key must be VERSION:BASE64 of 32 bytes, several separated by commas")]
    Malformed,
    /// Not sealed by us, for this row, under a key we have.
    #[error("a sealed value does not open")]
    Refused,
}

/// Master keys by version; the highest seals, all open. The lowest also makes the pepper for token hashes, so it stays
/// for as long as hashes made with it are in use.
pub struct MasterKeys {
    keys: BTreeMap<u8, LessSafeKey>,
    pepper: hmac::Key,
    guessable: bool,
}

impl MasterKeys {
    /// Reads `1:BASE64,2:BASE64`.
    ///
    /// # Errors
    /// [`SealError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let mut keys = BTreeMap::new();
        let mut lowest: Option<(u8, Zeroizing<Vec<u8>>)> = None;
        let mut guessable = false;
        for part in text.trim().split(',') {
            let (version, encoded) = part.trim().split_once(':').ok_or(SealError::Malformed)?;
            let version: u8 = version.parse().map_err(|_| SealError::Malformed)?;
            let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SealError::Malformed)?);
            if bytes.len() != 32 {
                return Err(SealError::Malformed);
            }
            guessable |= looks_made_up(&bytes);
            let key = derive(&bytes, b"rooiam seal v1")?;
            let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| SealError::Malformed)?;
            if keys.insert(version, LessSafeKey::new(key)).is_some() {
                return Err(SealError::Malformed);
            }
            if lowest.as_ref().is_none_or(|(other, _)| version < *other) {
                lowest = Some((version, bytes));
            }
        }
        let (_, bytes) = lowest.ok_or(SealError::Malformed)?;
        let pepper = hmac::Key::new(hmac::HMAC_SHA256, derive(&bytes, b"rooiam pepper v1")?.as_slice());
        Ok(Self {
            keys,
            pepper,
            guessable,
        })
    }

    /// Whether one of the keys was typed rather than drawn.
    pub fn guessable(&self) -> bool {
        self.guessable
    }

    /// Seals `plain` for the row that `row` names. `nonce` must be fresh randomness.
    ///
    /// # Errors
    /// [`SealError::Refused`].
    pub fn seal(&self, row: &str, plain: &[u8], nonce: [u8; 12]) -> Result<Vec<u8>, SealError> {
        let (version, key) = self.keys.last_key_value().ok_or(SealError::Refused)?;
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(row.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| SealError::Refused)?;
        Ok([&[*version], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) made for the same row.
    ///
    /// # Errors
    /// [`SealError::Refused`].
    pub fn open(&self, row: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError::Refused)?;
        let (nonce, body) = rest.split_first_chunk::<12>().ok_or(SealError::Refused)?;
        let key = self.keys.get(version).ok_or(SealError::Refused)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(row.as_bytes()),
                &mut body,
            )
            .map_err(|_| SealError::Refused)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// Keyed hash of a stored secret; `purpose` keeps one kind of secret from passing as another.
    pub fn hash(&self, purpose: &str, secret: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.pepper);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(secret);
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }
}

/// Few values, a repetition, a sequence or text: of 32 random bytes one in 10^12 looks so.
fn looks_made_up(key: &[u8]) -> bool {
    let distinct = key.iter().collect::<BTreeSet<_>>().len();
    let (first, second) = key.split_at(key.len() / 2);
    let even_steps = key
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]))
        .collect::<BTreeSet<_>>();
    distinct < 16
        || first == second
        || even_steps.len() == 1
        || key.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn derive(master: &[u8], label: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut key = Zeroizing::new([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"rooiam")
        .extract(master)
        .expand(&[label], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .map_err(|_| SealError::Malformed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_that_somebody_made_up_is_told_from_a_drawn_one() {
        let sequence: Vec<u8> = (0..32).collect();
        for key in [
            &[0; 32][..],
            &[0xff; 32],
            &sequence,
            b"correct horse battery staple, 32",
            b"0123456789abcdef0123456789abcdef",
            &[&sequence[..16], &sequence[..16]].concat(),
        ] {
            let keys = MasterKeys::parse(&format!("1:{}", STANDARD.encode(key))).unwrap();
            assert!(keys.guessable(), "{key:?}");
        }
        let mixed = format!(
            "{},2:{}",
            "1:3q2+7wABAgMEBfj5+vv8/f7/EBESExQVFhcYGRobHB0=",
            STANDARD.encode([7; 32])
        );
        assert!(MasterKeys::parse(&mixed).unwrap().guessable());
    }

    proptest! {
        #[test]
        fn a_drawn_key_is_taken(key in any::<[u8; 32]>()) {
            prop_assume!(key.iter().collect::<BTreeSet<_>>().len() >= 16);
            prop_assert!(!looks_made_up(&key));
        }
    }

    const ONE: &str = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const TWO: &str =
        "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    #[test]
    fn a_sealed_value_opens_for_its_own_row_only() {
        let keys = MasterKeys::parse(ONE).unwrap();
        let sealed = keys.seal("key_1", b"secret", [7; 12]).unwrap();
        assert_eq!(keys.open("key_1", &sealed).unwrap().as_slice(), b"secret");
        assert!(keys.open("key_2", &sealed).is_err());
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(keys.open("key_1", &bent).is_err());
        assert!(keys.open("key_1", &[]).is_err());
    }

    #[test]
    fn a_new_version_seals_while_the_old_one_still_opens() {
        let old = MasterKeys::parse(ONE).unwrap();
        let new = MasterKeys::parse(TWO).unwrap();
        let sealed = old.seal("r", b"x", [1; 12]).unwrap();
        assert!(new.open("r", &sealed).is_ok());
        assert!(old.open("r", &new.seal("r", b"x", [2; 12]).unwrap()).is_err());
        assert_eq!(old.hash("session", b"s"), new.hash("session", b"s"));
        assert_ne!(old.hash("session", b"s"), old.hash("code", b"s"));
    }

    #[test]
    fn malformed_keys_are_refused() {
        for bad in [
            "",
            "1",
            "1:",
            "1:AAAA",
            "x:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            &format!("{ONE},{ONE}"),
        ] {
            assert!(MasterKeys::parse(bad).is_err(), "{bad}");
        }
    }
}
