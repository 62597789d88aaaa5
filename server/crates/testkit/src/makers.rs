//! Makers of authenticators in software, what they attest, and what metadata tells of them (WebAuthn Level 3, 8.2.1; FIDO Metadata
//! Service 3.0).

use anyhow::Context;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SigningKey,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// The certificate says of which model it is (8.2.1).
const MODEL_EXTENSION: [u64; 10] = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];

/// Whoever vouches for others by certificates.
pub struct Authority {
    root: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// What an authenticator attests with: the key that all of a batch have, and its certificates, the own one first.
#[derive(Clone)]
pub struct Attester {
    key: Arc<KeyPair>,
    /// The chain, in DER.
    pub chain: Vec<Vec<u8>>,
}

/// How a new passkey shows what it is.
#[derive(Clone, Default)]
pub enum Attests {
    /// Not at all.
    #[default]
    Nothing,
    /// By its own word.
    Itself,
    /// By its maker's.
    By(Attester),
    /// By its maker's, as keys of the time before FIDO2 do it (8.6): nothing that is signed tells of the model.
    ByU2f(Attester),
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// Never, as far as tests go.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let (key, mut params) = (KeyPair::generate()?, named(name, Vec::new())?);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let root = params.self_signed(&key)?;
        Ok(Self {
            root,
            issuer: Issuer::new(params, key),
        })
    }

    /// Its certificate, in DER.
    pub fn der(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// Its certificate, in PEM.
    pub fn pem(&self) -> String {
        let body = STANDARD.encode(self.root.der());
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    /// What authenticators of a `model` attest with; a certificate that names no model says so of none.
    ///
    /// # Errors
    /// Never, as far as tests go.
    pub fn attester(&self, model: Option<Uuid>) -> anyhow::Result<Attester> {
        let (key, mut params) = (KeyPair::generate()?, named("Attestation", Vec::new())?);
        params.is_ca = IsCa::ExplicitNoCa;
        params.custom_extensions.extend(model.map(names));
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Attester {
            key: Arc::new(key),
            chain: vec![certificate.der().to_vec()],
        })
    }

    /// Signs metadata that tells of these `entries`, as the service does under `name`.
    ///
    /// # Errors
    /// Never, as far as tests go.
    pub fn metadata(&self, name: &str, next_update: &str, entries: &[Value]) -> anyhow::Result<String> {
        let (key, params) = (KeyPair::generate()?, named(name, vec![name.to_owned()])?);
        let certificate = params.signed_by(&key, &self.issuer)?;
        let header = json!({ "alg": "ES256", "typ": "JWT", "x5c": [STANDARD.encode(certificate.der())] });
        let payload = json!({ "legalHeader": "", "no": 1, "nextUpdate": next_update, "entries": entries });
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encoded(&header), encoded(&payload));
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.serialized_der())
            .ok()
            .context("a key")?;
        let signature = key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.ok().context("a signature")?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// An entry of metadata for a `model` of this maker.
    pub fn entry(&self, model: Uuid, description: &str, status: &str) -> Value {
        json!({
            "aaguid": model,
            "metadataStatement": {
                "description": description,
                "attestationRootCertificates": [STANDARD.encode(self.root.der())],
            },
            "statusReports": [{ "status": status, "effectiveDate": "2026-01-01" }],
            "timeOfLastStatusChange": "2026-01-01",
        })
    }
}

impl Attester {
    /// The one that this one's key vouches for, though it may not.
    ///
    /// # Errors
    /// Never, as far as tests go.
    pub fn vouching(&self, model: Uuid) -> anyhow::Result<Self> {
        let (key, mut params) = (KeyPair::generate()?, named("Attestation", Vec::new())?);
        params.is_ca = IsCa::ExplicitNoCa;
        params.custom_extensions.push(names(model));
        let own = KeyPair::from_pkcs8_der_and_sign_algo(
            &self.key.serialize_der().as_slice().into(),
            &rcgen::PKCS_ECDSA_P256_SHA256,
        )?;
        let issuer = Issuer::new(named("Attestation", Vec::new())?, own);
        let certificate = params.signed_by(&key, &issuer)?;
        let mut chain = vec![certificate.der().to_vec()];
        chain.extend(self.chain.iter().cloned());
        Ok(Self {
            key: Arc::new(key),
            chain,
        })
    }

    /// Signs in the name of the maker.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).unwrap_or_default()
    }
}

/// That a certificate is for one model: an octet string of 16 bytes.
fn names(model: Uuid) -> CustomExtension {
    let content = [&[0x04, 16], &model.as_bytes()[..]].concat();
    CustomExtension::from_oid_content(&MODEL_EXTENSION, content)
}

/// As certificates of attestation are named (8.2.1), and others may be.
fn named(name: &str, hosts: Vec<String>) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::new(hosts)?;
    for (part, text) in [
        (DnType::CountryName, "AT"),
        (DnType::OrganizationName, "Testkey"),
        (DnType::OrganizationalUnitName, "Authenticator Attestation"),
        (DnType::CommonName, name),
    ] {
        params.distinguished_name.push(part, text);
    }
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
