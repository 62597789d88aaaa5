//! Whose address a request comes from, as far as our proxies say: `X-Forwarded-For` in the spellings that proxies use, and
//! `Forwarded` (RFC 7239).

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use ipnet::IpNet;
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc};

/// The header that the proxies write. Clients can send either one, and a proxy that writes the one may pass the other on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded`.
    Forwarded,
}

/// Whose forwarding headers are believed, and which.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// Addresses of proxies. Of all others nothing is believed.
    pub trusted: Arc<[IpNet]>,
    /// The header, where both may come.
    pub header: Option<ForwardedHeader>,
}

/// A hop that a proxy saw; nothing where it does not say its address: `unknown`, `_hidden` (RFC 7239 6), nonsense.
type Hop = Option<IpAddr>;

impl Proxies {
    /// The nearest address to `peer` that is no proxy of ours.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let common = || self.nearest(peer, &lines(headers, &X_FORWARDED_FOR, comma_separated));
        let standard = || self.nearest(peer, &lines(headers, &FORWARDED, elements));
        match self.header {
            Some(ForwardedHeader::XForwardedFor) => common(),
            Some(ForwardedHeader::Forwarded) => standard(),
            None => match (
                headers.contains_key(X_FORWARDED_FOR),
                headers.contains_key(FORWARDED),
            ) {
                (_, false) => common(),
                (false, true) => standard(),
                // One of the two may be the client's own.
                (true, true) => Some(common())
                    .filter(|client| *client == standard())
                    .unwrap_or(peer),
            },
        }
    }

    /// Walks back from the peer for as long as the hop is one of our proxies. What is left of the first other hop was
    /// written by anybody, and so was what is left of one without an address: then the last proxy is all that is known.
    fn nearest(&self, peer: IpAddr, hops: &[Hop]) -> IpAddr {
        let ours = |address: &IpAddr| {
            let address = address.to_canonical();
            self.trusted.iter().any(|proxy| proxy.contains(&address))
        };
        let mut client = peer;
        for hop in hops.iter().rev() {
            match hop {
                Some(address) if ours(&client) => client = *address,
                _ => break,
            }
        }
        client
    }
}

fn lines(headers: &HeaderMap, name: &HeaderName, parse: fn(&str) -> Vec<Hop>) -> Vec<Hop> {
    headers
        .get_all(name)
        // A line that is no text still stands where it stands.
        .flat_map(|line| line.to_str().map_or_else(|_| vec![None], parse))
        .collect()
}

fn comma_separated(line: &str) -> Vec<Hop> {
    line.split(',')
        .map(str::trim)
        .filter(|hop| !hop.is_empty())
        .map(|hop| {
            let bare = hop.strip_prefix('"').and_then(|hop| hop.strip_suffix('"'));
            node(bare.unwrap_or(hop))
        })
        .collect()
}

/// The `for` of each element of a `Forwarded` line (RFC 7239 4).
fn elements(line: &str) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let Some((element, after)) = split_outside_quotes(rest, ',') else {
            hops.push(None);
            break;
        };
        rest = after;
        if !element.trim().is_empty() {
            hops.push(received_from(element));
        }
    }
    hops
}

fn received_from(element: &str) -> Hop {
    let mut found = None;
    let mut rest = element;
    while !rest.is_empty() {
        let (pair, after) = split_outside_quotes(rest, ';')?;
        rest = after;
        if let Some((name, value)) = pair.split_once('=')
            && name.trim().eq_ignore_ascii_case("for")
            // Each parameter may come once.
            && found.replace(value.trim()).is_some()
        {
            return None;
        }
    }
    let value = found?;
    match value.strip_prefix('"') {
        Some(quoted) => node(&unescape(quoted)?),
        None => node(value),
    }
}

/// Splits at the first `at` that no quoted string holds. Nothing where one does not end: a client could open it so that
/// what a proxy appends falls into it.
fn split_outside_quotes(text: &str, at: char) -> Option<(&str, &str)> {
    let (mut quoted, mut escaped) = (false, false);
    for (place, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if character == at && !quoted => {
                let (before, after) = text.split_at(place);
                return Some((before, after.strip_prefix(at).unwrap_or(after)));
            }
            _ => {}
        }
    }
    (!quoted).then_some((text, ""))
}

/// What stands in a quoted string whose opening quote is gone (RFC 9110 5.6.4), if it ends where the text does.
fn unescape(quoted: &str) -> Option<String> {
    let mut plain = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(plain),
            '\\' => plain.push(characters.next()?),
            character => plain.push(character),
        }
    }
}

/// An address, with or without brackets, zone and port (RFC 7239 6).
fn node(text: &str) -> Hop {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest.split_once(']')?;
        let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return without_zone(address).filter(|address| port && address.is_ipv6());
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => address
            .parse()
            .ok()
            .filter(|address: &IpAddr| address.is_ipv4() && is_port(port)),
        _ => without_zone(text),
    }
}

/// A port, or what hides one (RFC 7239 6.3).
fn is_port(text: &str) -> bool {
    match text.strip_prefix('_') {
        Some(hidden) => {
            !hidden.is_empty()
                && hidden
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        }
        None => text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok(),
    }
}

/// A zone says by which of its interfaces the proxy reached the address: nothing to us.
fn without_zone(text: &str) -> Hop {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    let address: IpAddr = address.parse().ok()?;
    (!zone.is_empty() && (address.is_ipv6() || address.to_string() == text)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    const PROXY: &str = "10.0.0.1";

    fn client(header: Option<ForwardedHeader>, peer: &str, lines: &[(HeaderName, &str)]) -> String {
        let proxies = Proxies {
            trusted: Arc::from(["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]),
            header,
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn forwarding_headers_count_only_behind_our_proxies() {
        for name in [X_FORWARDED_FOR, FORWARDED] {
            let line = if name == FORWARDED {
                "for=198.51.100.1"
            } else {
                "198.51.100.1"
            };
            assert_eq!(
                client(None, "203.0.113.9", &[(name.clone(), line)]),
                "203.0.113.9"
            );
            assert_eq!(client(None, PROXY, &[(name, line)]), "198.51.100.1");
        }
        assert_eq!(client(None, PROXY, &[]), PROXY);
    }

    #[test]
    fn an_address_is_read_in_every_spelling_that_proxies_use() {
        for (hop, address) in [
            ("198.51.100.1", "198.51.100.1"),
            ("198.51.100.1:49152", "198.51.100.1"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("\"198.51.100.1\"", "198.51.100.1"),
            ("\"[2001:db8::7]:443\"", "2001:db8::7"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:443", "fe80::1"),
            ("::ffff:198.51.100.1", "::ffff:198.51.100.1"),
        ] {
            assert_eq!(client(None, PROXY, &[(X_FORWARDED_FOR, hop)]), address, "{hop}");
        }
        for (element, address) in [
            ("for=198.51.100.1", "198.51.100.1"),
            ("For=\"198.51.100.1:49152\"", "198.51.100.1"),
            ("FOR=\"[2001:db8::7]:443\"", "2001:db8::7"),
            (
                "proto=https; for=\"[2001:db8::7]:_x\" ;by=10.0.0.1",
                "2001:db8::7",
            ),
            ("for=192.0.2.1;host=\"a, for=1.1.1.1;b\"", "192.0.2.1"),
            ("for=\"192\\.0.2.1\"", "192.0.2.1"),
            ("for=1.1.1.1, for=192.0.2.1, , for=10.0.0.2", "192.0.2.1"),
        ] {
            assert_eq!(client(None, PROXY, &[(FORWARDED, element)]), address, "{element}");
        }
    }

    #[test]
    fn the_walk_ends_at_the_first_hop_that_is_not_ours_or_has_no_address() {
        for (line, address) in [
            ("1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("1.1.1.1, unknown, 10.0.0.2", "10.0.0.2"),
            ("1.1.1.1, _hidden", PROXY),
            ("1.1.1.1, 198.51.100.1:http", PROXY),
            ("1.1.1.1, 198.51.100.1:99999", PROXY),
            ("1.1.1.1, [198.51.100.1]", PROXY),
            ("1.1.1.1, [2001:db8::7", PROXY),
            ("1.1.1.1, 198.51.100.1%eth0", PROXY),
            ("1.1.1.1, 0198.51.100.1", PROXY),
        ] {
            assert_eq!(client(None, PROXY, &[(X_FORWARDED_FOR, line)]), address, "{line}");
        }
        for line in [
            "for=1.1.1.1, for=unknown",
            "for=1.1.1.1, for=_hidden",
            "for=1.1.1.1, for=\"_hidden\"",
            "for=1.1.1.1, proto=https",
            "for=1.1.1.1, for=2.2.2.2;for=3.3.3.3",
            "for=1.1.1.1, for=\"2.2.2.2",
            "for=\"1.1.1.1\";a=\", for=2.2.2.2",
            "for=1.1.1.1, for=\"2.2.2.2\"x",
        ] {
            assert_eq!(client(None, PROXY, &[(FORWARDED, line)]), PROXY, "{line}");
        }
        // A line that is no text is a hop without an address, wherever it stands.
        let lines = [(X_FORWARDED_FOR, "1.1.1.1"), (X_FORWARDED_FOR, "caf\u{e9}")];
        assert_eq!(client(None, PROXY, &lines), PROXY);
    }

    #[test]
    fn where_both_headers_come_neither_is_believed_unless_they_agree_or_one_is_chosen() {
        let both = |forwarded| [(X_FORWARDED_FOR, "198.51.100.1"), (FORWARDED, forwarded)];
        assert_eq!(client(None, PROXY, &both("for=198.51.100.1")), "198.51.100.1");
        assert_eq!(client(None, PROXY, &both("for=192.0.2.1")), PROXY);
        let chosen = |header| client(Some(header), PROXY, &both("for=192.0.2.1"));
        assert_eq!(chosen(ForwardedHeader::XForwardedFor), "198.51.100.1");
        assert_eq!(chosen(ForwardedHeader::Forwarded), "192.0.2.1");
        // The header that was not chosen is nobody's word.
        let alone = [(FORWARDED, "for=192.0.2.1")];
        assert_eq!(client(Some(ForwardedHeader::XForwardedFor), PROXY, &alone), PROXY);
    }

    proptest! {
        #[test]
        fn an_address_survives_every_spelling(bits in any::<u128>(), port in any::<u16>(), v4 in any::<bool>()) {
            let address = if v4 {
                IpAddr::V4((bits as u32).into())
            } else {
                IpAddr::V6(bits.into())
            };
            let spellings = match address {
                IpAddr::V4(_) => vec![format!("{address}"), format!("{address}:{port}")],
                IpAddr::V6(_) => vec![format!("{address}"), format!("[{address}]"), format!("[{address}]:{port}")],
            };
            for spelling in spellings {
                prop_assert_eq!(comma_separated(&spelling), vec![Some(address)]);
                prop_assert_eq!(elements(&format!("for=\"{spelling}\"")), vec![Some(address)]);
            }
        }

        #[test]
        fn whatever_a_client_sends_it_never_passes_as_somebody_else(line in "([ -~]{0,30}|for=|1\\.1\\.1\\.1|\"|;|,|\\\\|a=){0,9}") {
            for (name, appended) in [(X_FORWARDED_FOR, "198.51.100.1"), (FORWARDED, "for=198.51.100.1")] {
                // A proxy goes on in the client's line, or writes one of its own.
                let same = client(None, PROXY, &[(name.clone(), format!("{line}, {appended}").as_str())]);
                prop_assert!(same == "198.51.100.1" || same == PROXY, "{}", same);
                let own = client(None, PROXY, &[(name.clone(), line.as_str()), (name, appended)]);
                prop_assert_eq!(own, "198.51.100.1");
            }
        }
    }
}
