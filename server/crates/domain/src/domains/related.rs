//! At which own hosts passkeys of the platform may work (WebAuthn Level 3, 5.11).

use std::collections::BTreeSet;

/// How many registrable labels each browser honours at least (5.11.1); no more of them are listed, so that none is listed in vain.
pub const MOST_LABELS: usize = 5;

/// What browsers count: the first label of the name that is registered below a public suffix (5.11.1). Nothing for a public suffix.
pub fn label(host: &str) -> Option<&str> {
    psl::domain_str(host)?.split('.').next()
}

/// The different labels of these hosts.
pub fn labels<'a>(hosts: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    hosts.into_iter().filter_map(label).collect()
}

/// Whether browsers would honour `host` too, next to these.
pub fn has_room<'a>(hosts: impl IntoIterator<Item = &'a str>, host: &'a str) -> bool {
    let Some(label) = label(host) else {
        return false;
    };
    let mut all = labels(hosts);
    all.insert(label);
    all.len() <= MOST_LABELS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_what_was_registered() {
        for (host, expected) in [
            ("login.acme.example", Some("acme")),
            ("acme.example", Some("acme")),
            ("sso.acme.co.uk", Some("acme")),
            ("acme.github.io", Some("acme")),
            ("co.uk", None),
            ("github.io", None),
        ] {
            assert_eq!(label(host), expected, "{host}");
        }
    }

    #[test]
    fn five_labels_have_room_and_names_of_one_share_it() {
        let five = ["a.example", "b.example", "c.example", "d.example", "e.example"];
        assert!(has_room(five, "login.a.example"));
        assert!(has_room(five, "a.co.uk"));
        assert!(!has_room(five, "f.example"));
        assert!(has_room(five[..4].iter().copied(), "f.example"));
        assert!(!has_room([], "co.uk"));
    }
}
