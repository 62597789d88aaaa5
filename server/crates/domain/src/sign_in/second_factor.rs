//! Second factors: authenticator apps (RFC 6238), and recovery codes for whoever lost theirs.

use chrono::{DateTime, TimeDelta, Utc};
use iam_types::digit;

/// How long an authenticator app may take to be set up.
pub const SET_UP: TimeDelta = TimeDelta::minutes(15);
/// How long a code of an app counts (RFC 6238 5.2), in seconds.
pub const STEP: u64 = 30;
/// How many digits a code of an app has.
pub const DIGITS: usize = 6;
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// How many characters a recovery code has, of 5 bits each.
pub const RECOVERY_LENGTH: usize = 10;

/// Crockford's: nothing in it looks like anything else in it.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An authenticator app that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totp {
    /// When it was set up.
    pub confirmed_at: DateTime<Utc>,
    /// When it was last used, if ever.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A recovery code of so much randomness, as it is compared.
pub fn recovery_code(random: [u8; RECOVERY_LENGTH]) -> String {
    random
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
        .collect()
}

/// A recovery code as people read it.
pub fn shown(code: &str) -> String {
    let (head, tail) = code.split_at_checked(RECOVERY_LENGTH / 2).unwrap_or((code, ""));
    format!("{head}-{tail}")
}

/// What somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The digits of an authenticator app.
    Digits(String),
    /// A recovery code, as it is compared.
    Recovery(String),
    /// Neither.
    Neither,
}

/// Reads a code however it was typed: in lower case, with spaces and dashes, with letters for the digits that they look like.
pub fn typed(text: &str) -> Typed {
    let bare: String = text
        .chars()
        .map(digit::ascii)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .take(RECOVERY_LENGTH + 1)
        .collect();
    if bare.len() == DIGITS && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Typed::Digits(bare);
    }
    let plain: String = bare
        .to_ascii_uppercase()
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    if plain.len() == RECOVERY_LENGTH && plain.bytes().all(|byte| ALPHABET.contains(&byte)) {
        Typed::Recovery(plain)
    } else {
        Typed::Neither
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_digits_however_apps_space_them() {
        for text in ["123456", "123 456", " 123-456 ", "١٢٣٤٥٦", "۱۲۳ ۴۵۶"] {
            assert_eq!(typed(text), Typed::Digits("123456".to_owned()), "{text}");
        }
        for text in ["", "12345", "1234567", "12345a", &"1".repeat(5000)] {
            assert_eq!(typed(text), Typed::Neither, "{text}");
        }
    }

    proptest! {
        /// Whatever is shown is read as it is compared, in lower case and with look-alikes too.
        #[test]
        fn what_is_shown_is_read(random: [u8; RECOVERY_LENGTH]) {
            let code = recovery_code(random);
            let lower = shown(&code).to_lowercase();
            let sloppy = lower.replace('0', "o").replace('1', "l").replace('-', " – ");
            for text in [shown(&code), lower, sloppy, code.clone()] {
                prop_assert_eq!(typed(&text), Typed::Recovery(code.clone()));
            }
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text: String) {
            let _typed = typed(&text);
        }
    }
}
