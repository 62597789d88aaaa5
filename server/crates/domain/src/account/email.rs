//! Mail addresses in the one form that is stored and compared.

use iam_types::ErrorCode;
use std::{fmt, str::FromStr};

/// A normalised address: lower case, its domain in ASCII (punycode), so that equal mailboxes compare equal and
/// look-alike domains do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Email {
    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = ErrorCode;

    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(ErrorCode::InvalidEmail)?;
        // RFC 5321 4.1.2 dot-string, in ASCII: quoted local parts exist on paper only and carry injection tricks.
        let local_ok = (1..=64).contains(&local.len())
            && local
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        // The parser undoes percent-encoding, which no mail domain has: two spellings would be one mailbox to us alone.
        let domain = match url::Host::parse(domain) {
            _ if domain.contains('%') => return Err(ErrorCode::InvalidEmail),
            Ok(url::Host::Domain(domain))
                if domain
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') =>
            {
                domain
            }
            _ => return Err(ErrorCode::InvalidEmail),
        };
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if local_ok && !domain.ends_with('.') && !domain.contains("..") && address.len() <= 254 {
            Ok(Self(address))
        } else {
            Err(ErrorCode::InvalidEmail)
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_normalised() {
        assert_eq!(
            "  Ada@Example.COM ".parse::<Email>().map(|e| e.0),
            Ok("ada@example.com".to_owned())
        );
        assert_eq!(
            "a@bücher.example".parse::<Email>().map(|e| e.0),
            Ok("a@xn--bcher-kva.example".to_owned())
        );
    }

    #[test]
    fn what_could_steer_a_mail_header_is_refused() {
        for bad in [
            "",
            "a",
            "@b.c",
            "a@",
            "a b@c.d",
            "a@b\r\nBcc: x@y.z",
            "\"a\"@b.c",
            "a@[127.0.0.1]",
            "a@b..c",
            ".a@b.c",
            "a@b.c.",
            "a@ex%61mple.com",
            "a@example%2Ecom",
            "a@example.com%00",
        ] {
            assert_eq!(bad.parse::<Email>(), Err(ErrorCode::InvalidEmail), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_normalised_address_stays_as_it_is_and_fits_on_a_header_line(text in "\\PC{0,20}@\\PC{0,20}|[a-zA-Z.+]{1,10}@[a-zA-Zäöß.-]{1,20}") {
            if let Ok(email) = text.parse::<Email>() {
                prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
                prop_assert!(email.as_str().bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>' && b != b','));
            }
        }
    }
}
