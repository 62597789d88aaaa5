//! An identity provider that tells the truth until a test wants it to lie (OpenID Connect Core 1.0).

use crate::requests::{query, read, write};
use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use iam::port::Clock;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::Write,
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What clients have to send along.
pub const CLIENT: (&str, &str) = ("rooiam", "s3cret");

/// Somebody whom the provider knows.
#[derive(Debug, Clone)]
pub struct Person {
    /// What it calls them for ever.
    pub subject: String,
    /// Their address, if it says one.
    pub email: Option<String>,
    /// Whether it says that the address was verified.
    pub verified: Option<bool>,
    /// What else stands in their token, instead of what would.
    pub more: Value,
}

impl Person {
    /// Somebody whose address was verified.
    pub fn new(subject: &str, email: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            email: Some(email.to_owned()),
            verified: Some(true),
            more: Value::Null,
        }
    }
}

/// How the provider misbehaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lie {
    /// Not at all.
    #[default]
    Nothing,
    /// Its discovery document names another issuer.
    OtherDiscovery,
    /// Its token names another issuer.
    OtherIssuer,
    /// Its token is for somebody else.
    OtherAudience,
    /// Its token is for us and was given to somebody else.
    OtherParty,
    /// Its token is of another sign-in.
    OtherNonce,
    /// Its token says of no sign-in.
    NoNonce,
    /// Its token is too old.
    Expired,
    /// Its token was made long ago.
    Stale,
    /// Its token names a key that it does not publish.
    UnknownKey,
    /// Its token is signed by another key than it names.
    OtherKey,
    /// Its token is signed by nobody.
    NoSignature,
    /// Its token is signed with our secret.
    ClientSecret,
    /// Its token is signed with its public key, taken for a secret.
    PublicKey,
    /// It answers with an error.
    NoToken,
    /// It takes its time with tokens.
    Slow,
    /// It does not stop.
    Huge,
    /// It sends elsewhere.
    Redirecting,
}

struct State {
    lie: Lie,
    key: EcdsaKeyPair,
    generation: usize,
    apple: Option<Vec<u8>>,
    held: Option<usize>,
    codes: HashMap<String, (Person, HashMap<String, String>)>,
}

/// A provider on a port of its own.
pub struct Upstream {
    /// Who it says it is.
    pub issuer: String,
    state: Arc<Mutex<State>>,
    discovered: Arc<AtomicUsize>,
}

#[expect(clippy::expect_used, reason = "only tests stand on this")]
fn new_key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upstream {
    /// Starts one that lives by `clock`.
    #[expect(clippy::expect_used, reason = "only tests stand on this")]
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let issuer = format!("http://127.0.0.1:{port}");
        let state = Arc::new(Mutex::new(State {
            lie: Lie::Nothing,
            key: new_key(),
            generation: 1,
            apple: None,
            held: None,
            codes: HashMap::new(),
        }));
        let discovered = Arc::new(AtomicUsize::new(0));
        let server = Server {
            issuer: issuer.clone(),
            clock,
            state: Arc::clone(&state),
            discovered: Arc::clone(&discovered),
        };
        let server = Arc::new(server);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = Arc::clone(&server);
                thread::spawn(move || server.answer(stream));
            }
        });
        Self {
            issuer,
            state,
            discovered,
        }
    }

    /// From now on it lies like that.
    pub fn lies(&self, lie: Lie) {
        lock(&self.state).lie = lie;
    }

    /// From now on it signs with another key.
    pub fn rotates(&self) {
        let mut state = lock(&self.state);
        state.key = new_key();
        state.generation += 1;
    }

    /// From now on it is as Apple: it knows us by what this key signs, and its answers do not say whom they are of.
    pub fn takes_key(&self, public: Vec<u8>) {
        lock(&self.state).apple = Some(public);
    }

    /// From now on it keeps whoever asks for a token waiting, until it [`goes_on`](Self::goes_on).
    pub fn holds(&self) {
        lock(&self.state).held = Some(0);
    }

    /// Whether somebody waits for a token.
    pub fn is_asked(&self) -> bool {
        lock(&self.state).held.is_some_and(|waiting| waiting > 0)
    }

    /// Keeps nobody waiting any more.
    pub fn goes_on(&self) {
        lock(&self.state).held = None;
    }

    /// How often its discovery document was read.
    pub fn discovered(&self) -> usize {
        self.discovered.load(Ordering::SeqCst)
    }

    /// Lets `person` say yes at the address that a browser was sent to, and returns where it is sent back to.
    pub fn authorizes(&self, address: &str, person: &Person) -> String {
        let asked = query(address.split_once('?').map_or("", |(_, query)| query));
        let mut state = lock(&self.state);
        let code = format!("code-{}-{}", person.subject, state.codes.len());
        let back = asked.get("redirect_uri").cloned().unwrap_or_default();
        let known = asked.get("state").cloned().unwrap_or_default();
        state.codes.insert(code.clone(), (person.clone(), asked));
        let iss = self.issuer.replace(':', "%3A").replace('/', "%2F");
        format!("{back}?code={code}&state={known}&iss={iss}")
    }
}

struct Server {
    issuer: String,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
    discovered: Arc<AtomicUsize>,
}

impl Server {
    fn answer(&self, mut stream: TcpStream) {
        let Some((path, authorization, body)) = read(&stream) else {
            return;
        };
        let lie = lock(&self.state).lie;
        let (status, document) = match (path.as_str(), lie) {
            (_, Lie::Redirecting) => {
                let head =
                    "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";
                let _gone = stream.write_all(head.as_bytes());
                return;
            }
            (path, _) if path.ends_with("/.well-known/openid-configuration") => {
                self.discovered.fetch_add(1, Ordering::SeqCst);
                let below = path.trim_end_matches("/.well-known/openid-configuration");
                (200, self.discovery(lie, below))
            }
            ("/jwks", _) => (200, self.jwks()),
            ("/token", Lie::Slow) => {
                thread::sleep(Duration::from_secs(4));
                return;
            }
            ("/token", Lie::Huge) => (200, json!({ "access_token": "x".repeat(400_000) })),
            ("/token", Lie::NoToken) => (400, json!({ "error": "invalid_grant" })),
            ("/token", lie) => match self.waits().token(lie, &authorization, &query(&body)) {
                Some(answer) => (200, answer),
                None => (400, json!({ "error": "invalid_grant" })),
            },
            _ => (404, json!({})),
        };
        write(&mut stream, status, &document);
    }

    fn waits(&self) -> &Self {
        if let Some(waiting) = lock(&self.state).held.as_mut() {
            *waiting += 1;
        }
        while lock(&self.state).held.is_some() {
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// As Entra has it, what is asked for all `organizations` names a pattern of issuers, and answers do not say whom they are of.
    fn discovery(&self, lie: Lie, below: &str) -> Value {
        let own = &self.issuer;
        let apple = lock(&self.state).apple.is_some();
        let issuer = if lie == Lie::OtherDiscovery {
            "http://127.0.0.1:1".to_owned()
        } else {
            format!("{own}{}", below.replace("organizations/v2.0", "{tenantid}/v2.0"))
        };
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{own}/authorize"),
            "token_endpoint": format!("{own}/token"),
            "jwks_uri": format!("{own}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": [if apple { "client_secret_post" } else { "client_secret_basic" }],
            "authorization_response_iss_parameter_supported": below.is_empty() && !apple,
        })
    }

    fn jwks(&self) -> Value {
        let state = lock(&self.state);
        let point = state.key.public_key().as_ref().to_vec();
        let coordinate = |range| URL_SAFE_NO_PAD.encode(point.get(range).unwrap_or_default());
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("key-{}", state.generation),
            "x": coordinate(1..33), "y": coordinate(33..65),
        }] })
    }

    /// What a code becomes, once, for whoever knows the secret and the verifier.
    fn token(&self, lie: Lie, authorization: &str, form: &HashMap<String, String>) -> Option<Value> {
        let mut state = lock(&self.state);
        let (person, asked) = state.codes.remove(form.get("code")?)?;
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", CLIENT.0, CLIENT.1)));
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form.get("code_verifier")?.as_bytes()));
        let known = match &state.apple {
            Some(key) => self.made_by(key, form.get("client_secret")?).is_some(),
            None => authorization == basic,
        };
        let honest = known
            && asked.get("code_challenge") == Some(&challenge)
            && asked.get("code_challenge_method").map(String::as_str) == Some("S256")
            && asked.get("redirect_uri") == form.get("redirect_uri");
        if !honest {
            return None;
        }
        let now = self.clock.now().timestamp();
        let (from, until) = match lie {
            Lie::Expired => (now - 400, now - 100),
            Lie::Stale => (now - 4_000, now + 300),
            _ => (now, now + 300),
        };
        let mut claims = json!({
            "iss": if lie == Lie::OtherIssuer { "http://127.0.0.1:1" } else { &self.issuer },
            "aud": if lie == Lie::OtherAudience { "another" } else { CLIENT.0 },
            "sub": person.subject,
            "iat": from,
            "exp": until,
        });
        if lie == Lie::OtherParty {
            claims["azp"] = json!("another");
        }
        if lie != Lie::NoNonce {
            let nonce = asked.get("nonce").map_or("", String::as_str);
            claims["nonce"] = json!(if lie == Lie::OtherNonce { "another" } else { nonce });
        }
        if let Some(email) = person.email {
            claims["email"] = json!(email);
        }
        if let Some(verified) = person.verified {
            claims["email_verified"] = json!(verified);
        }
        for (name, value) in person.more.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        let token = sign(&state, lie, &claims)?;
        Some(json!({ "access_token": "at", "token_type": "Bearer", "id_token": token }))
    }
}

impl Server {
    /// Whether a secret is a token for us of the last minutes that the key signed.
    fn made_by(&self, key: &[u8], secret: &str) -> Option<()> {
        let (signed, signature) = secret.rsplit_once('.')?;
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
        key.verify(signed.as_bytes(), &decoded(signature)?).ok()?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&decoded(header)?).ok()?;
        let claims: Value = serde_json::from_slice(&decoded(claims)?).ok()?;
        let now = self.clock.now().timestamp();
        let good = header["kid"] == "KEY1234567"
            && claims["iss"] == "TEAM123456"
            && claims["sub"] == CLIENT.0
            && claims["aud"] == self.issuer.as_str()
            && claims["iat"] == now
            && (now..=now + 600).contains(&claims["exp"].as_i64()?);
        good.then_some(())
    }
}

fn sign(state: &State, lie: Lie, claims: &Value) -> Option<String> {
    let alg = match lie {
        Lie::NoSignature => "none",
        Lie::ClientSecret | Lie::PublicKey => "HS256",
        _ => "ES256",
    };
    let kid = match lie {
        Lie::UnknownKey => "key-0".to_owned(),
        _ => format!("key-{}", state.generation),
    };
    let header = json!({ "alg": alg, "kid": kid, "typ": "JWT" });
    let signed = [header.to_string(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    let signed = signed.join(".");
    let mac = |secret: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
    };
    let by = |key: &EcdsaKeyPair| {
        let signature = key.sign(&SystemRandom::new(), signed.as_bytes());
        signature.ok().map(|signature| signature.as_ref().to_vec())
    };
    let signature = match lie {
        Lie::NoSignature => Vec::new(),
        Lie::ClientSecret => mac(CLIENT.1.as_bytes()),
        Lie::PublicKey => mac(state.key.public_key().as_ref()),
        Lie::OtherKey => by(&new_key())?,
        _ => by(&state.key)?,
    };
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
