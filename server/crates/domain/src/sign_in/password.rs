//! Passwords that people choose (NIST SP 800-63B 5.1.1.2): long rather than colourful, in one spelling.

use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ErrorCode, UserId};
use icu_normalizer::ComposingNormalizerBorrowed;
use std::fmt;

/// The fewest characters of a new one.
pub const SHORTEST: usize = 8;
/// The most bytes of one, so that nobody makes us work with their length: four times what has to be taken.
pub const LONGEST: usize = 256;
/// The most bytes of what is typed: a spelling may shrink, but not so much.
const TYPED: usize = 4 * LONGEST;
/// How long a form for one may stay open.
pub const FORM_LIFETIME: TimeDelta = super::email_challenge::LIFETIME;

/// A password in the clear. Never stored or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Password {
    /// As it was typed, for what came from elsewhere.
    typed: String,
    /// In one spelling (Unicode NFKC): keyboards differ in how they write the same letters.
    spelled: String,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Reads what somebody typed; nothing when it is longer than any password.
    pub fn typed(text: &str) -> Option<Self> {
        if text.len() > TYPED {
            return None;
        }
        let spelled = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
        (spelled.len() <= LONGEST).then(|| Self {
            typed: text.to_owned(),
            spelled: spelled.into_owned(),
        })
    }

    /// Reads one that somebody wants to have from now on. How easily it is guessed is another question.
    ///
    /// # Errors
    /// [`ErrorCode::PasswordShort`], [`ErrorCode::PasswordLong`].
    pub fn chosen(text: &str) -> Result<Self, ErrorCode> {
        let password = Self::typed(text).ok_or(ErrorCode::PasswordLong)?;
        if password.spelled.chars().count() < SHORTEST {
            return Err(ErrorCode::PasswordShort);
        }
        Ok(password)
    }

    /// In the spelling that is hashed.
    pub fn expose(&self) -> &str {
        &self.spelled
    }

    /// Letter by letter as it was typed, as other servers hash it.
    pub fn expose_typed(&self) -> &str {
        &self.typed
    }
}

/// What is stored of a person's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// Whose.
    pub user_id: UserId,
    /// How it is hashed, as a PHC string or as another server wrote it.
    pub hash: String,
    /// Whether it came with a file, and nobody signed in with it yet.
    pub imported: bool,
    /// Whether it signs nobody in any more.
    pub must_change: bool,
    /// When it was chosen.
    pub set_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_ones_are_taken_and_longer_ones_refused_in_whatever_letters() {
        assert_eq!(Password::chosen("1234567"), Err(ErrorCode::PasswordShort));
        assert_eq!(Password::chosen("пароль!"), Err(ErrorCode::PasswordShort));
        assert!(Password::chosen("пароль!!").is_ok());
        assert!(Password::chosen("a blank at the end ").is_ok_and(|all| all.expose().ends_with(' ')));
        for (letter, times) in [("a", LONGEST), ("ü", LONGEST / 2), ("🔑", LONGEST / 4)] {
            assert!(Password::chosen(&letter.repeat(times)).is_ok(), "{letter}");
            assert_eq!(
                Password::chosen(&letter.repeat(times + 1)),
                Err(ErrorCode::PasswordLong)
            );
        }
        assert_eq!(Password::typed(&"a".repeat(1 << 20)), None);
    }

    #[test]
    fn the_same_letters_are_the_same_password_from_every_keyboard() {
        let [one, other] = ["Müller straße", "Mu\u{308}ller straße"].map(Password::typed);
        let [one, other] = [one, other].map(|password| password.map(|all| all.expose().to_owned()));
        assert_eq!(one, other);
        assert_eq!(
            Password::typed("ｐａｓｓ").map(|all| all.expose().to_owned()),
            Some("pass".to_owned())
        );
        assert_eq!(format!("{:?}", Password::typed("secret")), "Some(Password(…))");
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(text: String) {
            if let Some(password) = Password::typed(&text) {
                prop_assert!(password.expose().len() <= LONGEST);
                prop_assert_eq!(password.expose_typed(), text);
            }
        }
    }
}
