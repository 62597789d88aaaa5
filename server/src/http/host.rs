//! For which host a request is. Only what the browser asked for counts; forwarding headers say what anybody wants.

use actix_web::{HttpRequest, http::header::HOST};
use iam_types::ErrorCode;
use std::net::{IpAddr, Ipv6Addr};

/// The host that a request is for, in lower case and without its port: of an absolute target, else of `Host`
/// (RFC 9112 3.2, RFC 9110 7.2).
///
/// The port is left out because proxies in front of us write their own or none, while what a host may see hangs on its
/// name: that is what cookies belong to, and what a name server can turn to another address.
///
/// # Errors
/// [`ErrorCode::BadRequest`] where there is none, more than one, or none that can be (RFC 9112 3.2).
pub fn asked(request: &HttpRequest) -> Result<String, ErrorCode> {
    let mut headers = request.headers().get_all(HOST);
    let header = match (headers.next(), headers.next()) {
        (Some(value), None) => Some(value.to_str().ok().and_then(parse).ok_or(ErrorCode::BadRequest)?),
        (None, _) => None,
        (Some(_), Some(_)) => return Err(ErrorCode::BadRequest),
    };
    let target = match request.uri().authority() {
        Some(authority) => Some(parse(authority.as_str()).ok_or(ErrorCode::BadRequest)?),
        None => None,
    };
    match (target, header) {
        // What stands before us may have looked at the other one.
        (Some(target), Some(header)) if target != header => Err(ErrorCode::BadRequest),
        (Some(host), _) | (None, Some(host)) => Ok(host),
        (None, None) => Err(ErrorCode::BadRequest),
    }
}

/// Whether a host that [`asked`] gave is this machine's own, by a name that no name server turns elsewhere (RFC 6761 6.3).
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

/// `host[:port]` without the port, or nothing for what is no such thing.
fn parse(text: &str) -> Option<String> {
    let (host, rest) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            (format!("[{address}]"), rest)
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let (host, rest) = text.split_at_checked(end)?;
            // The root's dot is no other host.
            let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            let sound = host.len() <= 253
                && host.bytes().all(known)
                && host.split('.').all(|label| !label.is_empty());
            (sound.then_some(host)?, rest)
        }
    };
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let sound = (rest.is_empty() || rest.starts_with(':'))
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && (port.is_empty() || port.parse::<u16>().is_ok());
    sound.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_host_is_known_by_its_name_however_it_is_spelt() {
        for (text, host) in [
            ("id.example.com", "id.example.com"),
            ("ID.Example.COM:443", "id.example.com"),
            ("id.example.com.", "id.example.com"),
            ("id.example.com.:8443", "id.example.com"),
            ("id.example.com:", "id.example.com"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("[0:0:0:0:0:0:0:1]:80", "[::1]"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(host), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_none() {
        for text in [
            "",
            ".",
            ":80",
            "a..b",
            "id.example.com..",
            "id.example.com:abc",
            "id.example.com:-1",
            "id.example.com:+80",
            "id.example.com:65536",
            "id.example.com:80:80",
            "u@id.example.com",
            "id.example.com/x",
            "id.example.com,evil.example",
            "id%2eexample.com",
            "i d.example.com",
            "[::1",
            "[::1]x",
            "[::1%eth0]",
            "::1",
            "[127.0.0.1]",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"a".repeat(254)), None);
    }

    #[test]
    fn one_host_is_asked_for_and_target_and_header_agree() {
        let ask = |uri: &str, hosts: &[&str]| {
            let mut request = TestRequest::with_uri(uri);
            for host in hosts {
                request = request.append_header((HOST, *host));
            }
            asked(&request.to_http_request())
        };
        assert_eq!(ask("/login", &["a.example"]).as_deref(), Ok("a.example"));
        assert_eq!(
            ask("http://A.example:80/login", &["a.example"]).as_deref(),
            Ok("a.example")
        );
        for (uri, hosts) in [
            ("/login", &[][..]),
            ("/login", &["a.example", "a.example"]),
            ("/login", &["a.example:x"]),
            ("http://b.example/login", &["a.example"]),
            ("http://u@a.example/login", &["a.example"]),
        ] {
            assert_eq!(ask(uri, hosts), Err(ErrorCode::BadRequest), "{uri} {hosts:?}");
        }
    }
}
