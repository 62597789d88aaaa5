//! What Apple gives out.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// A key as Apple offers it for download, and its public half.
#[expect(clippy::expect_used, reason = "only tests stand on this")]
pub fn apple_key() -> (String, Vec<u8>) {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref()).expect("a key");
    let text = STANDARD.encode(made.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----");
    (pem, pair.public_key().as_ref().to_vec())
}
