//! The workspace's name in addresses and in its issuer. It never changes.

use crate::ErrorCode;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Names that would read as a part of the platform, or that an attacker would like to own.
const RESERVED: &[&str] = &[
    "account",
    "admin",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "billing",
    "console",
    "dashboard",
    "dev",
    "device",
    "docs",
    "healthz",
    "help",
    "login",
    "logout",
    "mail",
    "metrics",
    "new",
    "oauth",
    "oidc",
    "pkg",
    "platform",
    "readyz",
    "register",
    "rooiam",
    "root",
    "saml",
    "scim",
    "security",
    "settings",
    "signup",
    "static",
    "status",
    "support",
    "system",
    "well-known",
    "workspace",
    "workspaces",
    "www",
];

/// The fewest characters of a slug.
const LEAST: usize = 2;
/// The most.
const MOST: usize = 40;

/// A valid workspace slug: 2 to 40 of `a-z`, `0-9` and single inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The platform's own.
    pub fn platform() -> Self {
        Self("platform".to_owned())
    }

    /// Whether it is the platform's own.
    pub fn is_platform(&self) -> bool {
        *self == Self::platform()
    }

    /// Parses a slug that somebody wants to take.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidSlug`] for a malformed one, [`ErrorCode::SlugReserved`] for one that is kept back.
    pub fn choose(text: &str) -> Result<Self, ErrorCode> {
        let slug: Self = text.trim().parse()?;
        if RESERVED.contains(&slug.as_str()) || slug.0.starts_with("xn--") {
            return Err(ErrorCode::SlugReserved);
        }
        Ok(slug)
    }

    /// What a workspace called `name` may have for an address; empty where the name has nothing to make one of. It may be
    /// reserved or taken: that is for [`choose`](Self::choose).
    pub fn proposed(name: &str) -> String {
        let mut slug = String::new();
        for letter in name.chars().flat_map(char::to_lowercase) {
            match letter {
                'a'..='z' | '0'..='9' => slug.push(letter),
                // An apostrophe, or a mark on the letter before it, parts no words.
                '\'' | '\u{2019}' | '\u{300}'..='\u{36f}' => {}
                _ => match in_latin(letter) {
                    Some(letters) => slug.push_str(letters),
                    None if slug.is_empty() || slug.ends_with('-') => {}
                    None => slug.push('-'),
                },
            }
        }
        slug.truncate(MOST);
        let slug = slug.trim_end_matches('-');
        if slug.len() < LEAST {
            String::new()
        } else {
            slug.to_owned()
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How European languages write a letter of theirs where there are only 26.
const fn in_latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'þ' => "th",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='õ' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

impl FromStr for Slug {
    type Err = ErrorCode;

    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let edges = !text.starts_with('-') && !text.ends_with('-');
        let inside = text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if (LEAST..=MOST).contains(&text.len()) && edges && inside && !text.contains("--") {
            Ok(Self(text.to_owned()))
        } else {
            Err(ErrorCode::InvalidSlug)
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = ErrorCode;

    fn try_from(text: String) -> Result<Self, ErrorCode> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs_are_plain_lower_case_names() {
        for good in ["acme", "a1", "acme-corp", "3m"] {
            assert!(Slug::choose(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "Acme",
            "-acme",
            "acme-",
            "ac--me",
            "ac me",
            "acmé",
            "a/b",
            "..",
            &"a".repeat(41),
        ] {
            assert_eq!(Slug::choose(bad), Err(ErrorCode::InvalidSlug), "{bad}");
        }
        assert_eq!(Slug::choose("admin"), Err(ErrorCode::SlugReserved));
    }

    #[test]
    fn a_name_proposes_an_address() {
        for (name, expected) in [
            ("Harbour Clinic", "harbour-clinic"),
            ("  Müller & Söhne GmbH ", "mueller-soehne-gmbh"),
            ("Łódź Ålesund", "lodz-alesund"),
            ("Ada’s, and Bob's!", "adas-and-bobs"),
            ("İstanbul", "istanbul"),
            ("A.C.M.E. (3rd)", "a-c-m-e-3rd"),
            ("x", ""),
            ("ميناء", ""),
            ("", ""),
        ] {
            assert_eq!(Slug::proposed(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn what_a_name_proposes_is_an_address_or_nothing(name in "\\PC{0,60}|[a-zÀ-ſ '-]{0,60}") {
            let proposed = Slug::proposed(&name);
            prop_assert!(proposed.is_empty() || proposed.parse::<Slug>().is_ok(), "{}", proposed);
        }

        #[test]
        fn a_slug_is_one_segment_of_a_path_as_it_stands(text in "\\PC{0,12}|[a-zA-Z0-9-]{0,45}") {
            if let Ok(slug) = Slug::choose(&text) {
                prop_assert!(slug.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
            }
        }
    }
}
