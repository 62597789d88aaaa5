//! GitHub, which speaks OAuth 2.0 (RFC 6749) and has no token that says who somebody is: its API does.

use super::{Heard, Http, Ties, ask::transport};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use iam_domain::{
    account::email::Email,
    audit::ConnectionRefusal,
    connections::{attempt::Said, connection::Settings, issuer::Issuer},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::{Host, Url, form_urlencoded};

/// The version of the API that is spoken here.
const VERSION: (&str, &str) = ("x-github-api-version", "2022-11-28");
/// Where GitHub has servers for enterprises, each with an API beside it.
const HOSTED: &str = ".ghe.com";

/// GitHub, or a server of somebody's own.
pub(crate) struct Github {
    base: Url,
    api: Url,
}

/// What a code becomes. Errors come with a status of success, too.
#[derive(Deserialize)]
struct Token {
    access_token: Option<String>,
}

/// Who somebody is. The number stays; the login is given up, and then is somebody else's.
#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
    login: Option<String>,
    name: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

impl Github {
    /// The one at `issuer`.
    pub(super) fn at(issuer: &Issuer) -> Result<Self, ConnectionRefusal> {
        let base = Url::parse(issuer.as_str()).map_err(|_| ConnectionRefusal::Discovery)?;
        let api = match base.host() {
            Some(Host::Domain(name)) if name == "github.com" || name.ends_with(HOSTED) => {
                let mut api = base.clone();
                api.set_host(Some(&format!("api.{name}")))
                    .map_err(|_| ConnectionRefusal::Discovery)?;
                api
            }
            _ => base.join("/api/v3/").map_err(|_| ConnectionRefusal::Discovery)?,
        };
        Ok(Self { base, api })
    }

    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("server", self.base.to_string()), ("api", self.api.to_string())]
    }

    pub(super) fn authorize_url(
        &self,
        settings: &Settings,
        (state, hint): (&str, Option<&Email>),
        ties: &Ties<'_>,
    ) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, ties.verifier.as_bytes()));
        let mut url = self.base.clone();
        url.set_path("/login/oauth/authorize");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", ties.redirect_uri)
            .append_pair("scope", &settings.scopes.join(" "))
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(hint) = hint {
            url.query_pairs_mut().append_pair("login", hint.as_str());
        }
        url.into()
    }

    /// It need not say who it is: it has a redirect URI of its own. Where it does, it says the truth.
    pub(super) fn sent(&self, iss: Option<&str>) -> bool {
        let base = self.base.as_str().trim_end_matches('/');
        iss.is_none_or(|iss| iss == base || iss.strip_suffix("/login/oauth") == Some(base))
    }

    /// Who came back with `code`, by the number that GitHub knows them by, and at which address that it has verified.
    pub(super) async fn redeem(
        &self,
        http: &Http,
        (client_id, secret): (&str, &str),
        code: &str,
        ties: &Ties<'_>,
    ) -> Result<Heard, ConnectionRefusal> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", client_id)
            .append_pair("client_secret", secret)
            .append_pair("code", code)
            .append_pair("redirect_uri", ties.redirect_uri)
            .append_pair("code_verifier", &ties.verifier)
            .finish();
        let mut url = self.base.clone();
        url.set_path("/login/oauth/access_token");
        let request = Request::post(url.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes());
        let (status, body) = send(http, request).await?;
        let token = serde_json::from_slice::<Token>(&body).ok();
        let token = token.and_then(|token| token.access_token);
        let token = token
            .filter(|_| status == StatusCode::OK)
            .ok_or(ConnectionRefusal::Code)?;
        let user = self.get::<User>(http, "user", &token).await?;
        let user = user.ok_or(ConnectionRefusal::Token)?;
        // Whoever is linked already needs no address, so that none is no fault yet.
        let addresses = self
            .get::<Vec<Address>>(http, "user/emails?per_page=100", &token)
            .await?;
        let addresses = addresses.unwrap_or_default();
        let claims = [
            ("/user".to_owned(), serde_json::to_value(&user)),
            ("/user/emails".to_owned(), serde_json::to_value(&addresses)),
        ];
        let claims = claims
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.ok()?)))
            .collect::<Map<String, Value>>();
        let primary = addresses
            .into_iter()
            .find(|address| address.primary && address.verified);
        let said = Said {
            subject: user.id.to_string(),
            email_verified: primary.is_some().then_some(true),
            email: primary.map(|address| address.email),
            hosted: None,
            name: user.name,
        };
        Ok(Heard {
            said,
            groups: None,
            claims,
        })
    }

    /// What the API says; nothing where it says no.
    async fn get<T: DeserializeOwned>(
        &self,
        http: &Http,
        path: &str,
        token: &str,
    ) -> Result<Option<T>, ConnectionRefusal> {
        let url = self.api.join(path).map_err(|_| ConnectionRefusal::Discovery)?;
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/vnd.github+json")
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(VERSION.0, VERSION.1)
            .body(Vec::new());
        let (status, body) = send(http, request).await?;
        if status != StatusCode::OK {
            return Ok(None);
        }
        serde_json::from_slice(&body)
            .map(Some)
            .map_err(|_| ConnectionRefusal::Token)
    }
}

async fn send(
    http: &Http,
    request: http::Result<Request<Vec<u8>>>,
) -> Result<(StatusCode, Vec<u8>), ConnectionRefusal> {
    // What cannot be sent is a token with signs in it that none has.
    let request = request.map_err(|_| ConnectionRefusal::Token)?;
    let answer = http.0.send(request).await.map_err(transport)?;
    Ok((answer.status(), answer.into_body()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_server_has_its_api_elsewhere() {
        for (base, api) in [
            ("https://github.com", "https://api.github.com/user"),
            ("https://acme.ghe.com", "https://api.acme.ghe.com/user"),
            ("https://git.acme.example", "https://git.acme.example/api/v3/user"),
            ("https://evilghe.com", "https://evilghe.com/api/v3/user"),
        ] {
            let github = Github::at(&Issuer::stored(base.to_owned())).unwrap();
            assert_eq!(github.api.join("user").unwrap().as_str(), api);
        }
    }

    #[test]
    fn it_may_say_who_it_is_and_nobody_else() {
        let github = Github::at(&Issuer::stored("https://github.com".to_owned())).unwrap();
        for good in [
            None,
            Some("https://github.com"),
            Some("https://github.com/login/oauth"),
        ] {
            assert!(github.sent(good), "{good:?}");
        }
        for bad in ["", "https://github.com.evil.example", "https://gitlab.com"] {
            assert!(!github.sent(Some(bad)), "{bad}");
        }
    }
}
