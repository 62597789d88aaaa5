//! A GitHub that knows who it was told of: OAuth 2.0 and an API, no token that says who somebody is.

use crate::{
    requests::{query, read, write},
    upstream::CLIENT,
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Somebody who has an account there.
#[derive(Debug, Clone)]
pub struct Coder {
    /// The number that stays theirs.
    pub id: u64,
    /// What they call themselves now.
    pub login: String,
    /// Their addresses: whether each is the primary one, and verified.
    pub emails: Vec<(String, bool, bool)>,
    /// Whether the API says no when it is asked for addresses.
    pub hides_emails: bool,
}

impl Coder {
    /// Somebody whose one address was verified.
    pub fn new(id: u64, login: &str, email: &str) -> Self {
        Self {
            id,
            login: login.to_owned(),
            emails: vec![(email.to_owned(), true, true)],
            hides_emails: false,
        }
    }
}

#[derive(Default)]
struct State {
    codes: HashMap<String, (Coder, HashMap<String, String>)>,
    tokens: HashMap<String, Coder>,
}

/// A GitHub on a port of its own.
pub struct Github {
    /// Where it is.
    pub base: String,
    state: Arc<Mutex<State>>,
}

impl Github {
    /// Starts one.
    #[expect(clippy::expect_used, reason = "only tests stand on this")]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let kept = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(&kept, stream);
            }
        });
        Self {
            base: format!("http://127.0.0.1:{port}"),
            state,
        }
    }

    /// Lets `coder` say yes at the address that a browser was sent to, and returns where it is sent back to.
    pub fn authorizes(&self, address: &str, coder: &Coder) -> String {
        let asked = query(address.split_once('?').map_or("", |(_, query)| query));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let code = format!("code-{}-{}", coder.id, state.codes.len());
        let back = asked.get("redirect_uri").cloned().unwrap_or_default();
        let known = asked.get("state").cloned().unwrap_or_default();
        state.codes.insert(code.clone(), (coder.clone(), asked));
        format!("{back}?code={code}&state={known}")
    }
}

fn answer(state: &Mutex<State>, mut stream: TcpStream) {
    let Some((path, authorization, body)) = read(&stream) else {
        return;
    };
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let bearer = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let coder = state.tokens.get(bearer).cloned();
    let (status, document) = match (path.as_str(), coder) {
        // It says no with a status that says yes.
        ("/login/oauth/access_token", _) => (200, state.token(&query(&body))),
        ("/api/v3/user", Some(coder)) => (
            200,
            json!({ "id": coder.id, "login": coder.login, "name": "Somebody", "email": "public@elsewhere.example" }),
        ),
        ("/api/v3/user/emails?per_page=100", Some(coder)) if !coder.hides_emails => {
            let emails: Vec<_> = coder.emails.iter().map(email).collect();
            (200, json!(emails))
        }
        _ => (404, json!({ "message": "Not Found" })),
    };
    write(&mut stream, status, &document);
}

fn email((email, primary, verified): &(String, bool, bool)) -> Value {
    json!({ "email": email, "primary": primary, "verified": verified, "visibility": null })
}

impl State {
    fn token(&mut self, form: &HashMap<String, String>) -> Value {
        let refused = json!({ "error": "bad_verification_code" });
        let Some((coder, asked)) = form.get("code").and_then(|code| self.codes.remove(code)) else {
            return refused;
        };
        let given = |name: &str| form.get(name).map_or("", String::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, given("code_verifier").as_bytes()));
        let honest = (given("client_id"), given("client_secret")) == CLIENT
            && asked.get("code_challenge") == Some(&challenge)
            && asked.get("code_challenge_method").map(String::as_str) == Some("S256")
            && asked.get("redirect_uri") == form.get("redirect_uri");
        if !honest {
            return refused;
        }
        let token = format!("gho_{}{}", coder.id, self.tokens.len());
        self.tokens.insert(token.clone(), coder);
        json!({ "access_token": token, "token_type": "bearer", "scope": "read:user,user:email" })
    }
}
