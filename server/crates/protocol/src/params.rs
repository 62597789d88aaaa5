//! Request parameters, from a query or a form body.

use std::collections::{BTreeMap, BTreeSet};
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
        match Self::decode_unrepeated(encoded) {
            (params, None) => Ok(params),
            (_, Some(repeated)) => Err(repeated),
        }
    }

    /// As [`decode`](Self::decode), for who must know where to send a refusal (RFC 6749 4.1.2.1): what came once, and a
    /// name that came more often, of which no value is taken.
    pub fn decode_unrepeated(encoded: &[u8]) -> (Self, Option<Repeated>) {
        let (mut params, mut repeated) = (BTreeMap::new(), BTreeSet::new());
        // A parameter without a value is as good as absent (RFC 6749 3.1), so it repeats none.
        let pairs = url::form_urlencoded::parse(encoded).filter(|(_, value)| !value.is_empty());
        for (name, value) in pairs {
            if params
                .insert(name.clone().into_owned(), value.into_owned())
                .is_some()
            {
                repeated.insert(name.into_owned());
            }
        }
        params.retain(|name, _| !repeated.contains(name));
        (Self(params), repeated.pop_first().map(Repeated))
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
        let params = Params::decode(b"a=&b=x%20y&b=").unwrap();
        assert_eq!((params.get("a"), params.get("b")), (None, Some("x y")));
    }

    #[test]
    fn beside_a_repeated_parameter_the_others_are_readable_and_none_of_its_values_is() {
        let (params, repeated) = Params::decode_unrepeated(b"a=1&b=2&a=&a=3");
        assert_eq!(repeated, Some(Repeated("a".to_owned())));
        assert_eq!((params.get("a"), params.get("b")), (None, Some("2")));
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
