//! Where an app may be sent back to. Compared as whole strings (RFC 9700 2.1); the one exception is the port of a
//! loopback IP literal, which native apps pick anew each time (RFC 8252 7.3).

use crate::apps::client_type::ClientType;
use iam_types::ErrorCode;
use std::fmt;
use url::{Host, Url};

/// A redirect URI fit for registration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Checks a URI that somebody registers.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidRedirectUri`] for anything but `https`, loopback `http`, or (public apps only) a private-use
    /// scheme with a dot in its name (RFC 8252 7.1); and for fragments, user information, wildcards, odd spellings, hosts
    /// that are no host names, or a query that holds a parameter of the answer.
    pub fn register(text: &str, client: ClientType) -> Result<Self, ErrorCode> {
        let invalid = ErrorCode::InvalidRedirectUri;
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| invalid)?;
        let plain = text.len() <= 2000
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"\\*<>\"'`^{}|".contains(&b))
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && has_plain_host(&url)
            && !answers_by_itself(&url);
        let scheme_ok = match url.scheme() {
            "https" => url.host().is_some(),
            "http" => is_loopback(&url),
            scheme => client == ClientType::Public && scheme.contains('.'),
        };
        // A spelling that a URL parser would change (case of the host, dot segments, a default port) could mean
        // one place to us and another to a browser.
        let canonical = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        if plain && scheme_ok && canonical {
            Ok(Self(text.to_owned()))
        } else {
            Err(invalid)
        }
    }

    /// Wraps a stored, once registered URI.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// Whether an authorization request may use `asked` in the name of this registration. Registrations older than the
    /// rule about hosts have to meet it too.
    pub fn admits(&self, asked: &str) -> bool {
        let same = self.0 == asked
            || (without_loopback_port(asked).is_some()
                && without_loopback_port(&self.0) == without_loopback_port(asked));
        same && Url::parse(asked).is_ok_and(|url| has_plain_host(&url))
    }

    /// The registered text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the host, if any, is a host name or an IP literal. URL parsers let more through, such as `;`, `,` and quotes,
/// which mean something where a host is named in a header.
fn has_plain_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
        _ => true,
    }
}

/// Parameters of an answer (RFC 6749 4.1.2, 4.2.2, RFC 9207 2, OpenID Connect Core 3.3.2.5, Session Management 2, JARM 2.3).
const OF_THE_ANSWER: [&str; 12] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "response",
    "session_state",
    "state",
    "token_type",
];

/// Whether the query holds what only the answer may hold: an app that reads the first of two would take it for ours.
/// Names are read as loosely as any framework reads them: any case, `;` between pairs, `code[]` and `error.uri`.
fn answers_by_itself(url: &Url) -> bool {
    let pairs = url.query().unwrap_or_default().split(['&', ';']);
    pairs
        .flat_map(|pair| url::form_urlencoded::parse(pair.as_bytes()))
        .any(|(name, _)| {
            let name = name.trim().to_ascii_lowercase().replace(['.', ' '], "_");
            OF_THE_ANSWER.contains(&name.split('[').next().unwrap_or_default())
        })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The URI with its port cut out of the text, if it is `http` on a loopback IP literal and otherwise canonical.
fn without_loopback_port(text: &str) -> Option<String> {
    let rest = text.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]"]
        .into_iter()
        .find(|host| rest.starts_with(host))?;
    let tail = rest.strip_prefix(host)?;
    let tail = match tail.strip_prefix(':') {
        Some(after) => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (port, path) = after.split_at_checked(digits)?;
            port.parse::<u16>().ok()?;
            path
        }
        None => tail,
    };
    (tail.is_empty() || tail.starts_with('/') || tail.starts_with('?'))
        .then(|| format!("http://{host}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn registered(uri: &str) -> RedirectUri {
        RedirectUri::register(uri, ClientType::Public).unwrap_or_else(|_| panic!("{uri} should register"))
    }

    #[test]
    fn tricky_uris_are_not_registered() {
        for bad in [
            "",
            "foo",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://example.com/cb",
            "https://user@example.com/cb",
            "https://example.com/cb#x",
            "https://*.example.com/cb",
            "https://example.com/a/../cb",
            "https://EXAMPLE.com/cb",
            "https://example.com\\@evil.example/cb",
            "https://example.com:443/cb",
            "https://example.com/a b",
            "myapp:/cb",
            "http://localhost.evil.example/cb",
            "//example.com/cb",
            "https://example.com;script-src/cb",
            "https://example.com,evil.example/cb",
            "https://a'b.example/cb",
            "https://a\"b.example/cb",
            "https://a b.example/cb",
            "https://a%3Bb.example/cb",
            "https://a\u{7f}b.example/cb",
            "https://$(a).example/cb",
            "com.example.app://a;b/cb",
            "https://example.com/cb?code=1",
            "https://example.com/cb?x=1&state=1",
            "https://example.com/cb?x=1;state=1",
            "https://example.com/cb?iss=https://evil.example",
            "https://example.com/cb?error",
            "https://example.com/cb?response=x",
            "https://example.com/cb?CODE=1",
            "https://example.com/cb?c%6fde=1",
            "https://example.com/cb?code[]=1",
            "https://example.com/cb?error.description=1",
            "com.example.app:/cb?id_token=1",
        ] {
            assert!(RedirectUri::register(bad, ClientType::Public).is_err(), "{bad}");
        }
        assert!(RedirectUri::register("com.example.app:/cb", ClientType::Confidential).is_err());
        registered("com.example.app:/cb");
        registered("https://example.com/cb?codes=1&tenant=state");
    }

    #[test]
    fn a_registration_from_before_a_rule_about_hosts_admits_nothing() {
        let uri = RedirectUri::stored("https://example.com;script-src/cb".to_owned());
        assert!(!uri.admits("https://example.com;script-src/cb"));
    }

    #[test]
    fn only_the_whole_string_matches() {
        let uri = registered("https://app.example.com/cb");
        assert!(uri.admits("https://app.example.com/cb"));
        for trick in [
            "https://app.example.com/cb/",
            "https://app.example.com/cb?x=1",
            "https://app.example.com/CB",
            "https://appaexample.com/cb",
            "https://app.example.com.evil.tld/cb",
            "https://app.example.com/..;/cb",
            "https://app.example.com/%2e%2e/cb",
            "https://app.example.com\\cb",
            "https://app.example.com./cb",
            "https://app.example.com:8443/cb",
            "https://app.example.com/cb#",
            "https://x@app.example.com/cb",
        ] {
            assert!(!uri.admits(trick), "{trick}");
        }
    }

    #[test]
    fn a_loopback_literal_admits_any_port_and_nothing_more() {
        let uri = registered("http://127.0.0.1/cb");
        assert!(uri.admits("http://127.0.0.1:49152/cb"));
        for trick in [
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1:80/other",
        ] {
            assert!(!uri.admits(trick), "{trick}");
        }
        assert!(!registered("http://localhost:3000/cb").admits("http://localhost:3001/cb"));
    }

    proptest! {
        #[test]
        fn what_registers_means_the_same_place_to_a_url_parser(text in "\\PC{0,60}|https://[a-z.@:\\\\/?#%0-9;,'!$&()+=~_-]{1,40}") {
            if let Ok(uri) = RedirectUri::register(&text, ClientType::Public) {
                let url = Url::parse(uri.as_str())?;
                prop_assert!(url.as_str().trim_end_matches('/') == uri.as_str().trim_end_matches('/'));
                prop_assert!(url.fragment().is_none() && url.username().is_empty());
                prop_assert!(url.host_str().unwrap_or_default().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b)));
            }
        }

        #[test]
        fn one_character_more_or_another_one_does_not_match(at in 0..30_usize, other in any::<char>(), replace in any::<bool>()) {
            let registered = "https://app.example.com/oauth/cb";
            let mut changed: Vec<char> = registered.chars().collect();
            match replace {
                true => changed[at] = other,
                false => changed.insert(at, other),
            }
            let changed: String = changed.into_iter().collect();
            let uri = RedirectUri::stored(registered.to_owned());
            prop_assert_eq!(uri.admits(&changed), changed == registered);
        }

        #[test]
        fn a_loopback_registration_never_admits_another_host(tail in "[0-9a-z.@:/?#\\[\\]\\\\]{0,30}") {
            let asked = format!("http://127.0.0.1{tail}");
            if RedirectUri::stored("http://127.0.0.1/cb".to_owned()).admits(&asked) {
                let url = Url::parse(&asked)?;
                prop_assert_eq!((url.host_str(), url.path()), (Some("127.0.0.1"), "/cb"));
            }
        }
    }
}
