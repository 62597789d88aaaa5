//! An authenticator in software, which lies when a test wants it to (WebAuthn Level 3, 6).

use crate::makers::{Attester, Attests};
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::{SystemRandom, fill},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_BACKED_UP: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;

/// One passkey and what holds it.
pub struct Authenticator {
    key: EcdsaKeyPair,
    /// What it calls its passkey.
    pub credential_id: Vec<u8>,
    /// Who it says that its person is; set when the passkey is made.
    pub user: Vec<u8>,
    /// How often it has signed; 0 for one that does not count.
    pub counter: u32,
    /// The model that it says it is of.
    pub aaguid: [u8; 16],
    /// Whether other devices have the passkey too.
    pub synced: bool,
    /// How it shows that it is of that model.
    pub attests: Attests,
}

/// What it says when it is asked. The default is the truth.
#[derive(Debug, Clone, Default)]
pub struct Says {
    /// Another origin than the page's.
    pub origin: Option<String>,
    /// Another RP ID than it was asked for.
    pub rp_id: Option<String>,
    /// Another challenge than it was asked to sign.
    pub challenge: Option<String>,
    /// Another type than the ceremony's.
    pub kind: Option<&'static str>,
    /// That nobody was verified.
    pub unverified: bool,
    /// That nobody was there.
    pub absent: bool,
    /// A signature of something else.
    pub forged: bool,
}

impl Default for Authenticator {
    fn default() -> Self {
        let mut credential_id = vec![0; 32];
        #[expect(clippy::expect_used, reason = "only tests stand on this")]
        fill(&mut credential_id).expect("randomness");
        #[expect(clippy::expect_used, reason = "only tests stand on this")]
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Self {
            key,
            credential_id,
            user: Vec::new(),
            counter: 0,
            aaguid: [0; 16],
            synced: false,
            attests: Attests::Nothing,
        }
    }
}

impl Authenticator {
    /// Makes the passkey that `options` ask for on a page of `origin`, and answers as a browser sends it.
    pub fn create(&mut self, options: &Value, origin: &str, says: &Says) -> String {
        self.user = decode(&options["user"]["id"]);
        let client = client_data(options, origin, says, "webauthn.create");
        let rp_id = options["rp"]["id"].as_str().unwrap_or_default();
        let mut data = self.data(rp_id, says, HAS_KEY);
        data.extend(self.aaguid);
        data.extend(length(&self.credential_id));
        data.extend(&self.credential_id);
        data.extend(self.public_key());
        let mut attestation = self.statement(&data, &client);
        attestation.extend(b"\x68authData");
        attestation.extend(bytes(&data));
        self.answer(&json!({
            "clientDataJSON": encode(&client),
            "attestationObject": encode(&attestation),
        }))
    }

    /// Says who its person is to a page of `origin`, as `options` ask, and answers as a browser sends it.
    pub fn get(&mut self, options: &Value, origin: &str, says: &Says) -> String {
        let client = client_data(options, origin, says, "webauthn.get");
        let rp_id = options["rpId"].as_str().unwrap_or_default();
        let data = self.data(rp_id, says, 0);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        if says.forged {
            signed.push(0);
        }
        let signature = self.sign(&signed);
        self.answer(&json!({
            "clientDataJSON": encode(&client),
            "authenticatorData": encode(&data),
            "signature": encode(&signature),
            "userHandle": encode(&self.user),
        }))
    }

    /// The format and the statement of an attestation object (6.5.4, 8.2, 8.7).
    fn statement(&self, data: &[u8], client: &[u8]) -> Vec<u8> {
        let signed = [data, digest(&SHA256, client).as_ref()].concat();
        let (signature, chain) = match &self.attests {
            Attests::Nothing => return b"\xa3\x63fmt\x64none\x67attStmt\xa0".to_vec(),
            Attests::Itself => (self.sign(&signed), None),
            Attests::By(attester) => (attester.sign(&signed), Some(&attester.chain)),
            Attests::ByU2f(attester) => return self.u2f_statement(attester, data, client),
        };
        let mut statement = b"\xa3\x63fmt\x66packed\x67attStmt".to_vec();
        statement.push(if chain.is_some() { 0xa3 } else { 0xa2 });
        statement.extend(b"\x63alg\x26\x63sig");
        statement.extend(bytes(&signature));
        if let Some(chain) = chain {
            statement.extend(b"\x63x5c");
            statement.push(0x80 | u8::try_from(chain.len()).unwrap_or_default());
            statement.extend(chain.iter().flat_map(|certificate| bytes(certificate)));
        }
        statement
    }

    /// The statement of a U2F key (8.6).
    fn u2f_statement(&self, attester: &Attester, data: &[u8], client: &[u8]) -> Vec<u8> {
        let rp_id = data.get(..32).unwrap_or_default();
        let client = digest(&SHA256, client);
        let point = self.key.public_key();
        let signed = [&[0], rp_id, client.as_ref(), &self.credential_id, point.as_ref()].concat();
        let mut statement = b"\xa3\x63fmt\x68fido-u2f\x67attStmt\xa2\x63sig".to_vec();
        statement.extend(bytes(&attester.sign(&signed)));
        statement.extend(b"\x63x5c\x81");
        statement.extend(attester.chain.first().map(|one| bytes(one)).unwrap_or_default());
        statement
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "only tests stand on this")]
        let signature = self.key.sign(&SystemRandom::new(), message).expect("a signature");
        signature.as_ref().to_vec()
    }

    fn answer(&self, response: &Value) -> String {
        let id = encode(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
            .to_string()
    }

    /// Authenticator data (6.1), as far as every answer has it.
    fn data(&self, rp_id: &str, says: &Says, more: u8) -> Vec<u8> {
        let rp_id = says.rp_id.as_deref().unwrap_or(rp_id);
        let mut flags = more;
        if !says.absent {
            flags |= PRESENT;
        }
        if !says.unverified {
            flags |= VERIFIED;
        }
        if self.synced {
            flags |= MAY_BE_BACKED_UP | BACKED_UP;
        }
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// A COSE key (RFC 9053 7.1.1): EC2, ES256, P-256, x, y.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point.get(1..).unwrap_or_default().split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}

fn client_data(options: &Value, origin: &str, says: &Says, kind: &str) -> Vec<u8> {
    let challenge = options["challenge"].as_str().unwrap_or_default();
    json!({
        "type": says.kind.unwrap_or(kind),
        "challenge": says.challenge.as_deref().unwrap_or(challenge),
        "origin": says.origin.as_deref().unwrap_or(origin),
        "crossOrigin": false,
    })
    .to_string()
    .into_bytes()
}

/// A byte string (RFC 8949 3.1), its length always in two bytes.
fn bytes(content: &[u8]) -> Vec<u8> {
    [&[0x59], &length(content)[..], content].concat()
}

fn length(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or_default().to_be_bytes()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap_or_default();
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}
