//! How easily a password is guessed (NIST SP 800-63B 5.1.1.2): by zxcvbn, for whoever knows the person too.

use iam_types::ErrorCode;
use zxcvbn::{Score, zxcvbn};

/// Whoever guesses needs more than 10^8 tries.
const LEAST: Score = Score::Three;
/// What everybody knows who sees the page.
const PRODUCT: &str = "rooiam";
/// Shorter parts of a name are in every word.
const SHORTEST_PART: usize = 3;

/// That a password is not easily guessed by whoever knows what is `about` the person.
///
/// # Errors
/// [`ErrorCode::PasswordWeak`]; [`ErrorCode::PasswordPersonal`] where that is what makes it so.
pub(super) fn strong(password: &str, about: &[String]) -> Result<(), ErrorCode> {
    let known = parts(about);
    let known: Vec<&str> = known.iter().map(String::as_str).chain([PRODUCT]).collect();
    if zxcvbn(password, &known).score() >= LEAST {
        return Ok(());
    }
    Err(if zxcvbn(password, &[PRODUCT]).score() >= LEAST {
        ErrorCode::PasswordPersonal
    } else {
        ErrorCode::PasswordWeak
    })
}

/// Names and addresses as a whole, and what they consist of.
fn parts(about: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for text in about {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        all.extend(
            words
                .filter(|word| word.chars().count() >= SHORTEST_PART)
                .map(str::to_owned),
        );
        all.push(text.replace(char::is_whitespace, ""));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_soon_is_weak_and_what_takes_long_is_not() {
        for weak in [
            "password",
            "P@ssw0rd1",
            "qwertyuiop",
            "12345678",
            "aaaaaaaaaaaa",
            "rooiam2026",
        ] {
            assert_eq!(strong(weak, &[]), Err(ErrorCode::PasswordWeak), "{weak}");
        }
        for good in [
            "correct horse battery staple",
            "tR8#kk0!vQzP",
            "пингвин ест борщ утром",
        ] {
            assert_eq!(strong(good, &[]), Ok(()), "{good}");
        }
    }

    #[test]
    fn who_one_is_and_where_one_works_is_no_password() {
        let about = ["ada.lovelace@example.com", "Ada Lovelace", "Harbour Clinic"].map(str::to_owned);
        for own in ["lovelaceharbour", "ada.lovelace@example.com", "harbourclinic1"] {
            assert!(strong(own, &about).is_err(), "{own}");
        }
        assert_eq!(
            strong("xkqj.wvzt@example.com", &["xkqj.wvzt@example.com".to_owned()]),
            Err(ErrorCode::PasswordPersonal)
        );
        assert_eq!(strong("correct horse battery staple", &about), Ok(()));
    }
}
