//! Which addresses may be asked: public ones, and those that the operator allows. A name says nothing about where it leads, so
//! what counts is each address that it resolves to.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};
use thiserror::Error;
use url::{Host, Url};

/// Of IPv4 all that is not for everybody (RFC 6890, RFC 6598, RFC 5737, RFC 2544, RFC 7526, RFC 1112).
const SPECIAL_4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 88, 99, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

/// What is assigned to hosts of the public Internet (RFC 4291 2.4). What embeds an IPv4 address lies outside: mapped
/// (RFC 4291 2.5.5) and translated (RFC 6052, RFC 8215), as do private, link-local and multicast addresses.
const PUBLIC_6: Ipv6Net = v6([0x2000, 0], 3);

/// What of that is for protocols, with the tunnels of Teredo, for documents, and for tunnels of 6to4 (RFC 2928, RFC 3849,
/// RFC 9637, RFC 3056).
const SPECIAL_6: [Ipv6Net; 4] = [
    v6([0x2001, 0], 23),
    v6([0x2001, 0xdb8], 32),
    v6([0x3fff, 0], 20),
    v6([0x2002, 0], 16),
];

const fn v4(a: u8, b: u8, c: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), bits)
}

const fn v6([a, b]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// Whether everybody can reach this address, so that asking it gives nobody what they could not have themselves.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !SPECIAL_4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => PUBLIC_6.contains(&ip) && !SPECIAL_6.iter().any(|net| net.contains(&ip)),
    }
}

/// A part of the list that is neither an address, a network nor a name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is no address, network or host name")]
pub struct NotAllowable(String);

/// What may be asked though it is not public, and without TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    nets: Vec<IpNet>,
    hosts: Vec<String>,
}

impl FromStr for Allowed {
    type Err = NotAllowable;

    /// Reads addresses, networks and names, separated by commas.
    fn from_str(text: &str) -> Result<Self, NotAllowable> {
        let mut allowed = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if let Ok(net) = part.parse() {
                allowed.nets.push(net);
            } else if let Ok(address) = part.trim_matches(['[', ']']).parse::<IpAddr>() {
                allowed.nets.push(address.into());
            } else {
                match Host::parse(part) {
                    Ok(Host::Domain(name)) if is_plain(&name) => allowed.hosts.push(bare(&name).to_owned()),
                    _ => return Err(NotAllowable(part.to_owned())),
                }
            }
        }
        Ok(allowed)
    }
}

impl Allowed {
    /// This machine, which is all there is for `rooiam dev`.
    #[must_use]
    pub fn and_loopback(mut self) -> Self {
        self.nets.push(IpNet::V4(v4(127, 0, 0, 8)));
        self.nets.push(IpAddr::from(Ipv6Addr::LOCALHOST).into());
        self
    }

    /// Whether the operator allows this address, in whatever form.
    pub fn has_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.nets.iter().any(|net| net.contains(&address))
    }

    /// Whether the operator allows this name, wherever it leads.
    pub fn has_name(&self, name: &str) -> bool {
        self.hosts.iter().any(|host| host == bare(name))
    }

    /// Whether an address that `name` resolves to may be asked, with or without TLS.
    pub fn lets_through(&self, name: &str, address: IpAddr, tls: bool) -> bool {
        self.has_name(name) || self.has_address(address) || (tls && is_public(address))
    }

    /// Whether there is anything at `url` that may be asked, as far as the address tells by itself. Names are still to be resolved.
    pub fn may_ask(&self, url: &Url) -> bool {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return false,
        };
        let plain = url.username().is_empty() && url.password().is_none();
        plain
            && match url.host() {
                Some(Host::Ipv4(ip)) => self.lets_through("", ip.into(), tls),
                Some(Host::Ipv6(ip)) => self.lets_through("", ip.into(), tls),
                Some(Host::Domain(_)) => true,
                None => false,
            }
    }
}

/// Whether a name is one, not a pattern.
fn is_plain(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// A name without the dot that says that it is whole.
fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowed(text: &str) -> Allowed {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_barred_in_every_notation() {
        let nothing = Allowed::default();
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "127.0.0.1.",
            "0",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "0xa9fea9fe",
            "172.31.255.255",
            "192.168.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.19.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[5f00::1]",
        ] {
            let url = Url::parse(&format!("https://{host}/x")).unwrap();
            assert!(!nothing.may_ask(&url), "{host} is {:?}", url.host());
        }
    }

    #[test]
    fn public_addresses_and_names_are_asked_over_tls_alone() {
        let nothing = Allowed::default();
        for host in ["8.8.8.8", "[2606:4700::1111]", "idp.example.com"] {
            let at = |scheme| Url::parse(&format!("{scheme}://{host}/")).unwrap();
            assert!(nothing.may_ask(&at("https")), "{host}");
            assert!(
                !nothing.lets_through(host, "8.8.8.8".parse().unwrap(), false),
                "{host}"
            );
        }
        for bad in [
            "http://8.8.8.8/",
            "https://u@idp.example.com/",
            "https://u:p@8.8.8.8/",
            "ftp://8.8.8.8/",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            assert!(!nothing.may_ask(&Url::parse(bad).unwrap()), "{bad}");
        }
    }

    #[test]
    fn the_operator_allows_networks_addresses_and_names() {
        let allowed = allowed("10.1.0.0/16, [fd00::7],idp.intern.example. ,");
        let lets = |name: &str, address: &str| allowed.lets_through(name, address.parse().unwrap(), false);
        assert!(lets("x", "10.1.2.3") && !lets("x", "10.2.2.3"));
        assert!(
            lets("x", "::ffff:10.1.2.3"),
            "a mapped address is the address it maps"
        );
        assert!(lets("x", "fd00::7") && !lets("x", "fd00::8"));
        assert!(lets("idp.intern.example", "192.168.0.1") && lets("idp.intern.example.", "192.168.0.1"));
        assert!(!lets("evil.idp.intern.example", "192.168.0.1"));
        assert!(
            Allowed::default()
                .and_loopback()
                .has_address("127.9.9.9".parse().unwrap())
        );
        for bad in ["10.1.0.0/33", "a b", "https://idp.example", "*.example"] {
            assert!(bad.parse::<Allowed>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_address_that_carries_an_ipv4_address_inside_is_never_public(ip in any::<u32>(), tail in any::<u16>()) {
            let [a, b] = [(ip >> 16) as u16, ip as u16];
            for carrier in [
                [0, 0, 0, 0, 0, 0xffff, a, b],
                [0, 0, 0, 0, 0, 0, a, b],
                [0x64, 0xff9b, 0, 0, 0, 0, a, b],
                [0x64, 0xff9b, 1, tail, 0, 0, a, b],
                [0x2002, a, b, tail, 0, 0, 0, tail],
                [0x2001, 0, a, b, tail, tail, !a, !b],
            ] {
                prop_assert!(!is_public(IpAddr::from(carrier)));
            }
        }

        #[test]
        fn what_the_standard_library_calls_special_is_never_public(ip in any::<u32>()) {
            let ip = Ipv4Addr::from_bits(ip);
            let special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast()
                || ip.is_broadcast() || ip.is_documentation() || ip.is_unspecified();
            prop_assert!(!(special && is_public(ip.into())));
        }

        #[test]
        fn nothing_private_in_ipv6_is_public(ip in any::<u128>()) {
            let ip = Ipv6Addr::from_bits(ip);
            let special = ip.is_loopback() || ip.is_multicast() || ip.is_unspecified() || ip.is_unique_local()
                || ip.is_unicast_link_local() || ip.to_ipv4().is_some();
            prop_assert!(!(special && is_public(ip.into())));
        }

        #[test]
        fn a_literal_means_what_the_address_means(ip in any::<u32>()) {
            let address = Ipv4Addr::from_bits(ip);
            let [a, b, c, d] = address.octets();
            for host in [format!("{address}"), format!("{ip}"), format!("0x{ip:x}"), format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}")] {
                let url = Url::parse(&format!("https://{host}/")).unwrap();
                prop_assert_eq!(Allowed::default().may_ask(&url), is_public(address.into()), "{}", host);
            }
        }
    }
}
