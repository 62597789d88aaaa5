//! Metadata of models of authenticators, as the FIDO Alliance signs it (FIDO Metadata Service 3.0): a JWT whose signer's chain
//! ends at a root that the operator trusts.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, NaiveDate, Utc};
use rustls_pki_types::{CertificateDer, UnixTime};
use serde::{Deserialize, de::DeserializeOwned};
use std::time::Duration;
use uuid::Uuid;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// Under this name signs who may. Many have certificates below the same root.
const SIGNER: &str = "fidoalliance.org";

/// Reports after which no authenticator of a model is believed (3.1.4): it can be used without its person, or its keys got out.
const COMPROMISED: [&str; 5] = [
    "USER_VERIFICATION_BYPASS",
    "ATTESTATION_KEY_COMPROMISE",
    "USER_KEY_REMOTE_COMPROMISE",
    "USER_KEY_PHYSICAL_COMPROMISE",
    "REVOKED",
];

/// Why metadata is not believed.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// It is none.
    #[error("this is no metadata of the FIDO Metadata Service 3.0")]
    Malformed,
    /// The root is no certificate.
    #[error("the root is no certificate, neither PEM nor DER")]
    Root,
    /// Its signer's certificate does not lead to the root, or not any more.
    #[error("the signer's certificate does not count: {0}")]
    Chain(webpki::Error),
    /// Its signer is somebody else.
    #[error("the signer is not of {SIGNER}")]
    Signer,
    /// The signature is of something else, or of an algorithm that is not known.
    #[error("the signature is wrong")]
    Signature,
}

/// What is known of all models.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// The day by which there is newer metadata.
    pub next_update: NaiveDate,
    /// The models that have an AAGUID.
    pub models: Vec<ModelMetadata>,
}

/// What is known of a model.
#[derive(Debug, Clone)]
pub struct ModelMetadata {
    /// Which one.
    pub aaguid: Uuid,
    /// What its maker calls it.
    pub description: String,
    /// The certificates to which its attestation leads, in DER.
    pub roots: Vec<Vec<u8>>,
    /// Whether nothing is believed that it says.
    pub compromised: bool,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5c: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    next_update: NaiveDate,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    aaguid: Option<Uuid>,
    metadata_statement: Option<Statement>,
    #[serde(default)]
    status_reports: Vec<StatusReport>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    description: String,
    #[serde(default)]
    attestation_root_certificates: Vec<String>,
}

#[derive(Deserialize)]
struct StatusReport {
    status: String,
}

/// Reads metadata that whoever `root` vouches for signed (3.2, but for the lists of certificates that were revoked).
///
/// # Errors
/// [`MetadataError`].
pub fn read(blob: &str, root: &[u8], now: DateTime<Utc>) -> Result<Metadata, MetadataError> {
    let blob = blob.trim();
    let (signed, signature) = blob.rsplit_once('.').ok_or(MetadataError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(MetadataError::Malformed)?;
    let header: Header = decode(header)?;
    let chain = header.x5c.iter().map(|one| certificate(one));
    let chain: Vec<_> = chain.collect::<Option<_>>().ok_or(MetadataError::Malformed)?;
    let (leaf, above) = chain.split_first().ok_or(MetadataError::Malformed)?;
    let leaf = EndEntityCert::try_from(leaf).map_err(MetadataError::Chain)?;
    require_chain(&leaf, above, root, now)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| MetadataError::Malformed)?;
    require_signature(&leaf, &header.alg, signed.as_bytes(), &signature)?;
    let payload: Payload = decode(payload)?;
    Ok(Metadata {
        next_update: payload.next_update,
        models: payload.entries.into_iter().filter_map(model).collect(),
    })
}

fn require_chain(
    leaf: &EndEntityCert<'_>,
    above: &[CertificateDer<'_>],
    root: &[u8],
    now: DateTime<Utc>,
) -> Result<(), MetadataError> {
    let root = match pem::parse(root) {
        Ok(parsed) => CertificateDer::from(parsed.into_contents()),
        Err(_) => CertificateDer::from(root),
    };
    let anchor = anchor_from_trusted_cert(&root).map_err(|_| MetadataError::Root)?;
    let since = Duration::from_secs(u64::try_from(now.timestamp()).unwrap_or_default());
    leaf.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &[anchor],
        above,
        UnixTime::since_unix_epoch(since),
        KeyUsage::server_auth(),
        None,
        None,
    )
    .map_err(MetadataError::Chain)?;
    let is_signer = |name: &str| {
        name.strip_suffix(SIGNER)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    leaf.valid_dns_names()
        .any(is_signer)
        .then_some(())
        .ok_or(MetadataError::Signer)
}

/// A JWS (RFC 7515 5.2) of an algorithm that the service signs by.
fn require_signature(
    leaf: &EndEntityCert<'_>,
    alg: &str,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), MetadataError> {
    let algorithm: &'static dyn VerificationAlgorithm = match alg {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "ES256" => &ECDSA_P256_SHA256_FIXED,
        _ => return Err(MetadataError::Signature),
    };
    UnparsedPublicKey::new(algorithm, leaf.subject_public_key_info())
        .verify(signed, signature)
        .map_err(|_| MetadataError::Signature)
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, MetadataError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| MetadataError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| MetadataError::Malformed)
}

/// A certificate in Base64, be it over several lines.
fn certificate(text: &str) -> Option<CertificateDer<'static>> {
    let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    STANDARD.decode(text).ok().map(CertificateDer::from)
}

fn model(entry: Entry) -> Option<ModelMetadata> {
    let statement = entry.metadata_statement?;
    let reports = &entry.status_reports;
    let roots = statement.attestation_root_certificates.iter();
    Some(ModelMetadata {
        aaguid: entry.aaguid?,
        description: statement.description,
        roots: roots
            .filter_map(|root| Some(certificate(root)?.to_vec()))
            .collect(),
        compromised: reports
            .iter()
            .any(|report| COMPROMISED.contains(&report.status.as_str())),
    })
}
