//! Request parameters, from a query or a form body.

use std::collections::BTreeMap;
use thiserror::Error;

/// A parameter came more than once (RFC 6749 3.1: must not).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the parameter {0} is included more than once")]
pub struct Repeated(pub String);

/// Parameters by name, each at most once, empty values left out (RFC 6749 3.1: treated as omitted).
#[derive(Debug, Clone, Default)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// Decodes `application/x-www-form-urlencoded` text.
    ///
    /// # Errors
    /// [`Repeated`] when a name comes twice.
    pub fn decode(encoded: &[u8]) -> Result<Self, Repeated> {
        let mut params = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(encoded) {
            if params.contains_key(name.as_ref()) {
                return Err(Repeated(name.into_owned()));
            }
            params.insert(name.into_owned(), value.into_owned());
        }
        params.retain(|_, value| !value.is_empty());
        Ok(Self(params))
    }

    /// The value of `name`, if present and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_repeated_parameter_is_refused_and_an_empty_one_is_absent() {
        assert_eq!(Params::decode(b"a=1&a=2").err(), Some(Repeated("a".to_owned())));
        let params = Params::decode(b"a=&b=x%20y").unwrap();
        assert_eq!((params.get("a"), params.get("b")), (None, Some("x y")));
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_are_refused_and_what_was_encoded_comes_back(bytes: Vec<u8>, pairs: BTreeMap<String, String>) {
            drop(Params::decode(&bytes));
            let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let params = Params::decode(encoded.as_bytes())?;
            for (name, value) in &pairs {
                prop_assert_eq!(params.get(name).unwrap_or_default(), value);
            }
        }
    }
}
