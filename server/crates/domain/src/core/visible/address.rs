//! Whether a name leads somewhere: a reader's mail program makes a link of it.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::net::Ipv4Addr;

/// What ends the host in an address.
const BEHIND_A_HOST: [char; 5] = ['/', '\\', ':', '?', '#'];

/// Whether `name` holds a web address, a host with something behind it, or a mail address. A bare domain does not count:
/// `Booking.com` and `Node.js` are names.
pub(super) fn leads_somewhere(name: &str) -> bool {
    let name = ComposingNormalizerBorrowed::new_nfkc()
        .normalize(name)
        .to_lowercase();
    let between = |letter: char| letter.is_whitespace() || "\"'()[]{}<>,;|«»„“”‚‘’".contains(letter);
    name.contains("://") || name.split(between).any(is_address)
}

fn is_address(word: &str) -> bool {
    if word
        .strip_prefix("www.")
        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    {
        return true;
    }
    let (person, place) = word.rsplit_once('@').unwrap_or(("", word));
    let host = place.split(BEHIND_A_HOST).next().unwrap_or_default();
    let behind = place.strip_prefix(host).unwrap_or_default();
    is_host(host.trim_end_matches('.')) && (!person.is_empty() || behind.contains(char::is_alphanumeric))
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let top = |top: &str| {
        top.starts_with("xn--") || top.chars().count() > 1 && top.chars().all(char::is_alphabetic)
    };
    let domain = text.rsplit_once('.').is_some_and(|(_, last)| top(last)) && text.split('.').all(label);
    domain || text.parse::<Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::leads_somewhere;

    #[test]
    fn names_of_companies_and_things_lead_nowhere() {
        for name in [
            "Booking.com",
            "Node.js",
            "ASP.NET / C#",
            "St. Gallen/Zürich",
            "TCP/IP 24/7",
            "A/B: tests?",
            "S.p.A./GmbH & Co. KG",
            "Version 1.2/1.3",
            "12:30 shift",
            "@handle",
            "Ada @ Acme",
            "R&D (Berlin), 2nd floor",
            "Is this Booking.com?",
            "wwwidgets",
        ] {
            assert!(!leads_somewhere(name), "{name}");
        }
    }

    #[test]
    fn what_a_mail_program_makes_a_link_of_is_found() {
        for name in [
            "Your mailbox is full https://evil.example",
            "x://y",
            "See (www.evil.example)",
            "WWW.EVIL.EXAMPLE",
            "ｗｗｗ．evil.example",
            "https：／／evil.example",
            "evil.example/login",
            "\"evil.example:8443/x\"",
            "evil.example?x=1",
            "bücher.example/päth",
            "evil.xn--p1ai/x",
            "192.0.2.7/login",
            "Write to help@evil.example",
            "mailto:help@evil.example?subject=x",
            "bank.example@evil.example/login",
            "a@evil.example.",
        ] {
            assert!(leads_somewhere(name), "{name}");
        }
    }
}
