//! Which claims of a provider say what somebody is called, at which address they are and in which groups.

use iam_types::ErrorCode;
use serde_json::{Map, Value};

/// The longest name of a claim.
const LONGEST: usize = 200;
/// How deep it may lie.
const DEEPEST: usize = 8;
/// The longest value that counts, in characters.
const LONGEST_VALUE: usize = 200;
/// How many values of somebody count.
const MOST_VALUES: usize = 500;
/// What the protocol says by, or by what it is decided who somebody is and what of their address counts.
const RESERVED: [&str; 22] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "auth_time",
    "acr",
    "amr",
    "email_verified",
    "hd",
    "tid",
    "oid",
    "xms_edov",
    "_claim_sources",
];

/// A claim: by its name or, where it lies inside of others, by theirs with dots between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim(String);

impl Claim {
    /// What was stored.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidClaim`] for what is none, and for those that are not to be taken for anything else.
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let text = text.trim();
        let names = || text.split('.');
        let plain = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        let whole = names().count() <= DEEPEST && names().all(|name| !name.is_empty());
        let reserved = names().next().is_some_and(|first| RESERVED.contains(&first));
        if plain && whole && !reserved {
            Ok(Self(text.to_owned()))
        } else {
            Err(ErrorCode::InvalidClaim)
        }
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it says. A claim of the whole name comes first: names may have dots of their own.
    pub fn of<'a>(&self, claims: &'a Map<String, Value>) -> Option<&'a Value> {
        if let Some(whole) = claims.get(&self.0) {
            return Some(whole);
        }
        let mut names = self.0.split('.');
        let outermost = claims.get(names.next()?)?;
        names.try_fold(outermost, |outer, name| outer.as_object()?.get(name))
    }
}

/// The words that a claim says, be it one or several: bounded, each once. What is no text counts for nothing.
pub fn words(said: &Value) -> Vec<String> {
    let all = match said {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let words = all.iter().take(MOST_VALUES).filter_map(Value::as_str);
    let mut words: Vec<String> = words
        .filter(|word| (1..=LONGEST_VALUE).contains(&word.chars().count()))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Which claims say what of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// What they are called.
    pub name: Claim,
    /// At which address they are.
    pub address: Claim,
}

impl Default for Claims {
    /// Those of the standard (OpenID Connect Core 1.0, 5.1).
    fn default() -> Self {
        Self {
            name: Claim("name".to_owned()),
            address: Claim("email".to_owned()),
        }
    }
}

impl Claims {
    /// Whether the name is that of the standard.
    pub fn names_as_usual(&self) -> bool {
        self.name == Self::default().name
    }

    /// Whether the address is the one of which `email_verified` speaks.
    pub fn addresses_as_usual(&self) -> bool {
        self.address == Self::default().address
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(claims: &Value, name: &str) -> Result<Option<Value>, ErrorCode> {
        let none = Map::new();
        let claims = claims.as_object().unwrap_or(&none);
        Ok(Claim::parse(name)?.of(claims).cloned())
    }

    #[test]
    fn a_claim_is_found_by_its_whole_name_and_then_inside_of_others() -> Result<(), ErrorCode> {
        let claims = json!({
            "groups": ["a"],
            "realm": { "roles": ["b"], "x.y": "no" },
            "https://acme.example/groups": "c",
            "realm.roles2": "d",
        });
        assert_eq!(said(&claims, "groups")?, Some(json!(["a"])));
        assert_eq!(said(&claims, "realm.roles")?, Some(json!(["b"])));
        assert_eq!(said(&claims, "https://acme.example/groups")?, Some(json!("c")));
        assert_eq!(said(&claims, "realm.roles2")?, Some(json!("d")));
        for missing in ["realm.other", "groups.0", "other", "realm.x.y"] {
            assert_eq!(said(&claims, missing)?, None, "{missing}");
        }
        Ok(())
    }

    #[test]
    fn what_the_protocol_says_is_nobodys_name_address_or_group() {
        for reserved in RESERVED {
            assert_eq!(Claim::parse(reserved), Err(ErrorCode::InvalidClaim), "{reserved}");
            let below = format!("{reserved}.x");
            assert_eq!(Claim::parse(&below), Err(ErrorCode::InvalidClaim), "{below}");
        }
        for bad in [
            "",
            " ",
            "a b",
            "a..b",
            ".a",
            "a.",
            "ä",
            "a.b.c.d.e.f.g.h.i",
            &"x".repeat(201),
        ] {
            assert_eq!(Claim::parse(bad), Err(ErrorCode::InvalidClaim), "{bad}");
        }
    }

    #[test]
    fn words_are_texts_bounded_and_each_once() {
        assert_eq!(words(&json!("one")), ["one"]);
        assert_eq!(words(&json!(["b", "a", "b", 1, null, ["c"], ""])), ["a", "b"]);
        assert!(words(&json!({ "a": "b" })).is_empty());
        assert!(words(&json!(["x".repeat(201)])).is_empty());
        let many: Vec<_> = (0..2000).map(|number| number.to_string()).collect();
        assert_eq!(words(&json!(many)).len(), MOST_VALUES);
    }
}
