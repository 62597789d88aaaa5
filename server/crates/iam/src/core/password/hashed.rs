//! How passwords are hashed: here as argon2id, elsewhere in other ways. What was made elsewhere is taken as far as its cost is one
//! that we can bear, since whoever types an address makes us pay it.

use crate::core::hasher::cost;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Ident, PasswordHash, PasswordHasher, PasswordVerifier, Salt, SaltString},
};
use aws_lc_rs::pbkdf2;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::num::NonZeroU32;
use subtle::ConstantTimeEq;
use thiserror::Error;

/// The most memory that one hash may take, in bytes.
const MEMORY: u64 = 128 * 1024 * 1024;
/// The most that one argon2 may work through, in KiB: 128 MiB four times over.
const ARGON2_WORK: u64 = 512 * 1024;
/// The most rounds of PBKDF2.
const PBKDF2_ROUNDS: u32 = 2_000_000;
/// The fewest: fewer are no protection, so their passwords are known as soon as the file is.
const PBKDF2_LEAST: u32 = 1_000;
/// The most of scrypt: `N * r * p`.
const SCRYPT_WORK: u64 = 1 << 20;
/// The costs of bcrypt.
const BCRYPT_COST: std::ops::RangeInclusive<u32> = 4..=14;
/// How long a derived key can be.
const KEY: std::ops::RangeInclusive<usize> = 16..=64;
/// The most of a stored hash, as of the table's check.
const LONGEST: usize = 512;

/// Why a hash is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnusableHash {
    /// It is of no kind that we know.
    #[error("unknown kind of hash")]
    Unknown,
    /// It is of one, and wrong.
    #[error("malformed hash")]
    Malformed,
    /// To check a password against it costs more than we bear.
    #[error("hash that costs too much to check")]
    TooCostly,
    /// It protects nothing.
    #[error("hash that is too cheap to protect a password")]
    TooCheap,
}

/// A stored hash, read.
pub(crate) enum Hashed<'a> {
    /// argon2id, or argon2i as other servers have it (RFC 9106), as a PHC string.
    Argon2(Algorithm, PasswordHash<'a>),
    /// bcrypt, in the form of its kind.
    Bcrypt(&'a str),
    /// PBKDF2 (RFC 8018 5.2).
    Pbkdf2 {
        algorithm: pbkdf2::Algorithm,
        name: &'static str,
        rounds: NonZeroU32,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
    /// scrypt (RFC 7914).
    Scrypt {
        params: scrypt::Params,
        salt: Vec<u8>,
        key: Vec<u8>,
    },
}

impl<'a> Hashed<'a> {
    /// Reads a hash: a PHC string, bcrypt's own form, or Django's of PBKDF2.
    ///
    /// # Errors
    /// [`UnusableHash`].
    pub(crate) fn parse(text: &'a str) -> Result<Self, UnusableHash> {
        if text.len() > LONGEST {
            return Err(UnusableHash::Malformed);
        }
        for (prefix, algorithm, name) in [
            ("pbkdf2_sha256$", pbkdf2::PBKDF2_HMAC_SHA256, "pbkdf2-sha256"),
            ("pbkdf2_sha512$", pbkdf2::PBKDF2_HMAC_SHA512, "pbkdf2-sha512"),
        ] {
            if let Some(rest) = text.strip_prefix(prefix) {
                return django(algorithm, name, rest);
            }
        }
        if ["$2a$", "$2b$", "$2y$"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            return bcrypt(text);
        }
        let known = [
            "$argon2id$",
            "$argon2i$",
            "$pbkdf2-sha256$",
            "$pbkdf2-sha512$",
            "$scrypt$",
        ];
        if !known.iter().any(|start| text.starts_with(start)) {
            return Err(UnusableHash::Unknown);
        }
        let hash = PasswordHash::new(text).map_err(|_| UnusableHash::Malformed)?;
        match hash.algorithm.as_str() {
            "pbkdf2-sha256" => pbkdf2(pbkdf2::PBKDF2_HMAC_SHA256, "pbkdf2-sha256", &hash),
            "pbkdf2-sha512" => pbkdf2(pbkdf2::PBKDF2_HMAC_SHA512, "pbkdf2-sha512", &hash),
            "scrypt" => scrypt(&hash),
            _ => argon2(hash),
        }
    }

    /// What it is called.
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::Argon2(algorithm, _) => algorithm.as_str(),
            Self::Bcrypt(_) => "bcrypt",
            Self::Pbkdf2 { name, .. } => name,
            Self::Scrypt { .. } => "scrypt",
        }
    }

    /// Whether it is of this password. Slow on purpose.
    pub(crate) fn is_of(&self, password: &str) -> bool {
        let password = password.as_bytes();
        match self {
            Self::Argon2(_, hash) => Argon2::default().verify_password(password, hash).is_ok(),
            // Of more than 72 bytes bcrypt never knew the rest, wherever it was made.
            Self::Bcrypt(hash) => bcrypt::verify(password, hash).unwrap_or(false),
            Self::Pbkdf2 {
                algorithm,
                rounds,
                salt,
                key,
                ..
            } => pbkdf2::verify(*algorithm, *rounds, salt, password, key).is_ok(),
            Self::Scrypt { params, salt, key } => {
                let mut derived = vec![0; key.len()];
                scrypt::scrypt(password, salt, params, &mut derived).is_ok() && bool::from(derived.ct_eq(key))
            }
        }
    }

    /// Whether it is as we make them now.
    pub(crate) fn is_current(&self) -> bool {
        let Self::Argon2(Algorithm::Argon2id, hash) = self else {
            return false;
        };
        let is_newest = hash.version == Some(Version::V0x13.into());
        is_newest && Params::try_from(hash).ok() == cost()
    }
}

/// The hash of a password, as we make them now. Slow on purpose.
pub(crate) fn make(password: &str, salt: &[u8; 16]) -> Option<String> {
    let salt = SaltString::encode_b64(salt).ok()?;
    let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost()?)
        .hash_password(password.as_bytes(), Salt::from(&salt))
        .ok()?;
    Some(made.to_string())
}

fn argon2(hash: PasswordHash<'_>) -> Result<Hashed<'_>, UnusableHash> {
    let malformed = |_| UnusableHash::Malformed;
    let algorithm = Algorithm::try_from(hash.algorithm).map_err(malformed)?;
    let params = Params::try_from(&hash).map_err(malformed)?;
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(UnusableHash::Malformed);
    }
    let memory = u64::from(params.m_cost());
    if memory * 1024 > MEMORY || memory * u64::from(params.t_cost()) > ARGON2_WORK {
        return Err(UnusableHash::TooCostly);
    }
    Ok(Hashed::Argon2(algorithm, hash))
}

/// `$2b$`, the cost in two digits, `$`, and 53 letters of salt and hash.
fn bcrypt(text: &str) -> Result<Hashed<'_>, UnusableHash> {
    let cost = text.get(4..6).and_then(|cost| cost.parse().ok());
    let cost: u32 = cost.ok_or(UnusableHash::Malformed)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"./".contains(&byte);
    let rest = text.get(6..).and_then(|rest| rest.strip_prefix('$'));
    if !rest.is_some_and(|rest| rest.len() == 53 && rest.bytes().all(is_plain)) {
        return Err(UnusableHash::Malformed);
    }
    if cost > *BCRYPT_COST.end() {
        return Err(UnusableHash::TooCostly);
    }
    if !BCRYPT_COST.contains(&cost) {
        return Err(UnusableHash::Malformed);
    }
    Ok(Hashed::Bcrypt(text))
}

/// Of a PHC string: `$pbkdf2-sha256$i=600000,l=32$salt$key`.
fn pbkdf2<'a>(
    algorithm: pbkdf2::Algorithm,
    name: &'static str,
    hash: &PasswordHash<'_>,
) -> Result<Hashed<'a>, UnusableHash> {
    let rounds = number(hash, "i")?;
    let (salt, key) = salt_and_key(hash)?;
    pbkdf2_of(algorithm, name, rounds, (salt, key))
}

/// Behind its name: `600000$salt$key`, the salt as it is, the key in base64.
fn django<'a>(
    algorithm: pbkdf2::Algorithm,
    name: &'static str,
    rest: &str,
) -> Result<Hashed<'a>, UnusableHash> {
    let parts: Vec<_> = rest.split('$').collect();
    let [rounds, salt, key] = parts.as_slice() else {
        return Err(UnusableHash::Malformed);
    };
    let rounds = rounds.parse().map_err(|_| UnusableHash::Malformed)?;
    let key = STANDARD.decode(key).map_err(|_| UnusableHash::Malformed)?;
    pbkdf2_of(algorithm, name, rounds, (salt.as_bytes().to_vec(), key))
}

fn pbkdf2_of<'a>(
    algorithm: pbkdf2::Algorithm,
    name: &'static str,
    rounds: u32,
    (salt, key): (Vec<u8>, Vec<u8>),
) -> Result<Hashed<'a>, UnusableHash> {
    let Some(counted) = NonZeroU32::new(rounds).filter(|_| KEY.contains(&key.len()) && !salt.is_empty())
    else {
        return Err(UnusableHash::Malformed);
    };
    match rounds {
        PBKDF2_LEAST..=PBKDF2_ROUNDS => Ok(Hashed::Pbkdf2 {
            algorithm,
            name,
            rounds: counted,
            salt,
            key,
        }),
        ..PBKDF2_LEAST => Err(UnusableHash::TooCheap),
        _ => Err(UnusableHash::TooCostly),
    }
}

/// `$scrypt$ln=15,r=8,p=1$salt$key`.
fn scrypt<'a>(hash: &PasswordHash<'_>) -> Result<Hashed<'a>, UnusableHash> {
    let [log_n, r, p] = ["ln", "r", "p"].map(|name| number(hash, name));
    let (log_n, r, p) = (log_n?, r?, p?);
    let (salt, key) = salt_and_key(hash)?;
    let n = 1_u64.checked_shl(log_n).filter(|_| log_n < 32);
    let work = n.and_then(|n| n.checked_mul(r.into())?.checked_mul(p.into()));
    let memory = n.and_then(|n| n.checked_mul(r.into())?.checked_mul(128));
    let bearable = |value: Option<u64>, most| value.is_some_and(|value| value <= most);
    if !bearable(work, SCRYPT_WORK) || !bearable(memory, MEMORY) {
        return Err(UnusableHash::TooCostly);
    }
    let log_n = u8::try_from(log_n).map_err(|_| UnusableHash::Malformed)?;
    let params = scrypt::Params::new(log_n, r, p).map_err(|_| UnusableHash::Malformed)?;
    if !KEY.contains(&key.len()) {
        return Err(UnusableHash::Malformed);
    }
    Ok(Hashed::Scrypt { params, salt, key })
}

fn number(hash: &PasswordHash<'_>, name: &str) -> Result<u32, UnusableHash> {
    let name = Ident::new(name).map_err(|_| UnusableHash::Malformed)?;
    hash.params.get_decimal(name).ok_or(UnusableHash::Malformed)
}

fn salt_and_key(hash: &PasswordHash<'_>) -> Result<(Vec<u8>, Vec<u8>), UnusableHash> {
    let (Some(salt), Some(key)) = (hash.salt, hash.hash) else {
        return Err(UnusableHash::Malformed);
    };
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes).map_err(|_| UnusableHash::Malformed)?;
    Ok((salt.to_vec(), key.as_bytes().to_vec()))
}
