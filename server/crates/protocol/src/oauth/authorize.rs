//! The authorization request (RFC 6749 4.1.1, OpenID Connect Core 3.1.2.1) and the redirect that answers it.

use super::{
    error::{OAuthError, OAuthErrorCode},
    pkce,
};
use crate::params::Params;
use url::Url;

/// The longest `state` and `nonce`: apps keep whole return addresses and signed sessions in them.
const LONGEST_OPAQUE: usize = 8 * 1024;

/// How far the server may interact with the person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Show nothing; fail instead.
    pub none: bool,
    /// Ask to sign in again.
    pub login: bool,
    /// Ask for consent again.
    pub consent: bool,
    /// Let the person choose an account.
    pub select_account: bool,
}

/// A well-formed request. Whether the app and its redirect URI exist was checked before.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// Requested scopes as sent.
    pub scope: String,
    /// Opaque value to return.
    pub state: Option<String>,
    /// Opaque value for the ID token.
    pub nonce: Option<String>,
    /// S256 challenge.
    pub code_challenge: String,
    /// Interaction allowed or forced.
    pub prompt: Prompt,
    /// Greatest age of the sign-in, in seconds.
    pub max_age_secs: Option<u32>,
    /// Address hint, at most 254 characters; only ever prefills a field.
    pub login_hint: Option<String>,
    /// An ID token of the only person who may answer, not yet verified.
    pub id_token_hint: Option<String>,
    /// How sure of the person the app wants to be, the most wanted first.
    pub acr_values: Option<String>,
}

impl AuthorizationRequest {
    /// Reads everything but `client_id` and `redirect_uri`.
    ///
    /// # Errors
    /// An error for the client, to be sent to its (already checked) redirect URI.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        use OAuthErrorCode as Code;
        let invalid = |description| OAuthError::new(Code::InvalidRequest, description);
        for (name, code) in [
            ("request", Code::RequestNotSupported),
            ("request_uri", Code::RequestUriNotSupported),
        ] {
            if params.get(name).is_some() {
                return Err(OAuthError::new(code, "request objects are not supported"));
            }
        }
        match params.get("response_type") {
            Some("code") => {}
            Some(_) => {
                return Err(OAuthError::new(
                    Code::UnsupportedResponseType,
                    "only response_type=code is supported",
                ));
            }
            None => return Err(invalid("response_type is missing")),
        }
        if params.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(invalid("only response_mode=query is supported"));
        }
        if params.get("code_challenge_method") != Some("S256") {
            return Err(invalid("code_challenge_method must be S256"));
        }
        let code_challenge = params.get("code_challenge").filter(|c| pkce::is_challenge(c));
        let opaque = |name, description| match params.get(name) {
            Some(value) if value.len() > LONGEST_OPAQUE || value.contains(char::is_control) => {
                Err(invalid(description))
            }
            value => Ok(value.map(str::to_owned)),
        };
        Ok(Self {
            scope: params.get("scope").unwrap_or_default().to_owned(),
            state: opaque(
                "state",
                "state is longer than 8192 bytes or holds control characters",
            )?,
            nonce: opaque(
                "nonce",
                "nonce is longer than 8192 bytes or holds control characters",
            )?,
            code_challenge: code_challenge
                .ok_or_else(|| invalid("code_challenge is missing or malformed"))?
                .to_owned(),
            prompt: parse_prompt(params.get("prompt").unwrap_or_default())?,
            max_age_secs: match params.get("max_age") {
                Some(text) => Some(
                    text.parse()
                        .map_err(|_| invalid("max_age is not a number of seconds"))?,
                ),
                None => None,
            },
            login_hint: params
                .get("login_hint")
                .filter(|hint| hint.len() <= 254 && !hint.contains(char::is_control))
                .map(str::to_owned),
            id_token_hint: params.get("id_token_hint").map(str::to_owned),
            acr_values: params.get("acr_values").map(str::to_owned),
        })
    }
}

fn parse_prompt(text: &str) -> Result<Prompt, OAuthError> {
    let mut prompt = Prompt::default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            "select_account" => prompt.select_account = true,
            _ => {
                return Err(OAuthError::new(
                    OAuthErrorCode::InvalidRequest,
                    "prompt has an unknown value",
                ));
            }
        }
    }
    if prompt.none && (prompt.login || prompt.consent || prompt.select_account) {
        return Err(OAuthError::new(
            OAuthErrorCode::InvalidRequest,
            "prompt=none stands alone",
        ));
    }
    Ok(prompt)
}

/// The answer to an authorization request.
#[derive(Debug, Clone)]
pub enum AuthorizationResponse {
    /// RFC 6749 4.1.2.
    Code(String),
    /// RFC 6749 4.1.2.1.
    Error(OAuthError),
}

impl AuthorizationResponse {
    /// The URL to send the browser to: the redirect URI with the answer, `state` and `iss` (RFC 9207 2) added.
    pub fn redirect(&self, redirect_uri: &str, state: Option<&str>, issuer: &str) -> Option<String> {
        let mut url = Url::parse(redirect_uri).ok()?;
        {
            let mut query = url.query_pairs_mut();
            match self {
                Self::Code(code) => {
                    query.append_pair("code", code);
                }
                Self::Error(error) => {
                    query
                        .append_pair("error", error.error.as_str())
                        .append_pair("error_description", error.error_description);
                }
            }
            if let Some(state) = state {
                query.append_pair("state", state);
            }
            query.append_pair("iss", issuer);
        }
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHALLENGE: &str =
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    fn parse(query: &str) -> Result<AuthorizationRequest, OAuthErrorCode> {
        AuthorizationRequest::parse(&Params::decode(query.as_bytes()).unwrap()).map_err(|e| e.error)
    }

    #[test]
    fn a_plain_request_is_read() {
        let request = parse(&format!(
            "response_type=code&scope=openid&state=s&max_age=0&prompt=login&{CHALLENGE}"
        ))
        .unwrap();
        assert_eq!(
            (
                request.state.as_deref(),
                request.max_age_secs,
                request.prompt.login
            ),
            (Some("s"), Some(0), true)
        );
    }

    #[test]
    fn state_and_nonce_may_be_several_kilobytes_but_hold_no_control_characters() {
        let query = |name: &str, value: &str| format!("response_type=code&{name}={value}&{CHALLENGE}");
        for name in ["state", "nonce"] {
            assert!(parse(&query(name, &"s".repeat(LONGEST_OPAQUE))).is_ok(), "{name}");
            for bad in [
                "s".repeat(LONGEST_OPAQUE + 1),
                "a%00b".to_owned(),
                "a%0Ab".to_owned(),
            ] {
                assert_eq!(
                    parse(&query(name, &bad)).err(),
                    Some(OAuthErrorCode::InvalidRequest),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn pkce_can_be_neither_left_out_nor_weakened() {
        for query in [
            "response_type=code".to_owned(),
            "response_type=code&code_challenge_method=S256&code_challenge=".to_owned(),
            "response_type=code&code_challenge_method=plain&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
            "response_type=code&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
        ] {
            assert_eq!(parse(&query).err(), Some(OAuthErrorCode::InvalidRequest), "{query}");
        }
    }

    #[test]
    fn what_is_not_supported_says_so() {
        assert_eq!(
            parse(&format!("response_type=token&{CHALLENGE}")).err(),
            Some(OAuthErrorCode::UnsupportedResponseType)
        );
        assert_eq!(
            parse(&format!("response_type=code&request=x&{CHALLENGE}")).err(),
            Some(OAuthErrorCode::RequestNotSupported)
        );
        assert_eq!(
            parse(&format!("response_type=code&prompt=none%20login&{CHALLENGE}")).err(),
            Some(OAuthErrorCode::InvalidRequest)
        );
        assert_eq!(
            parse(&format!("response_type=code&max_age=-1&{CHALLENGE}")).err(),
            Some(OAuthErrorCode::InvalidRequest)
        );
    }

    #[test]
    fn the_answer_keeps_the_query_of_the_redirect_uri() {
        let url = AuthorizationResponse::Code("c".to_owned()).redirect(
            "https://a.example/cb?x=1",
            Some("s t"),
            "https://i",
        );
        assert_eq!(
            url.as_deref(),
            Some("https://a.example/cb?x=1&code=c&state=s+t&iss=https%3A%2F%2Fi")
        );
    }

    proptest! {
        #[test]
        fn the_state_comes_back_as_it_was_and_to_the_same_place(state in "\\PC{1,40}") {
            let response = AuthorizationResponse::Code("c".to_owned());
            let url = response.redirect("https://a.example/cb", Some(&state), "https://i").unwrap_or_default();
            let url = Url::parse(&url)?;
            prop_assert_eq!((url.host_str(), url.path(), url.fragment()), (Some("a.example"), "/cb", None));
            prop_assert!(url.query_pairs().any(|(name, value)| name == "state" && value == state));
        }
    }
}
