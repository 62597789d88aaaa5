//! How sure a sign-in makes us of who somebody is, read off the methods that it took (RFC 8176).

use iam_types::SignInMethod;

/// How sure of a person a sign-in makes us, the least first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// They proved one thing.
    #[default]
    One,
    /// They proved two different things.
    Two,
    /// They proved two things, and no other site could have tricked them into it.
    PhishingResistant,
}

impl Assurance {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::PhishingResistant];

    /// What these methods amount to.
    pub fn of(amr: &[String]) -> Self {
        let has = |method: &str| amr.iter().any(|used| used == method);
        match (has("mfa"), has("hwk") || has("swk")) {
            (true, true) => Self::PhishingResistant,
            (true, false) => Self::Two,
            (false, _) => Self::One,
        }
    }

    /// Its name in `acr` and `acr_values`. `phr` is that of OpenID Connect Extended Authentication Profile ACR Values 1.0;
    /// for the others nothing is registered.
    pub const fn acr(self) -> &'static str {
        match self {
            Self::One => "aal1",
            Self::Two => "aal2",
            Self::PhishingResistant => "phr",
        }
    }

    /// The least that fulfils one of the `acr_values` that an app asks for, as far as they are known.
    pub fn asked(acr_values: &str) -> Self {
        let known = acr_values
            .split(' ')
            .filter_map(|value| Self::ALL.into_iter().find(|level| level.acr() == value));
        known.min().unwrap_or_default()
    }
}

/// The method by which a sign-in with these began.
pub fn first_factor(amr: &[String]) -> SignInMethod {
    let has = |method: &str| amr.iter().any(|used| used == method);
    if has("hwk") || has("swk") {
        SignInMethod::Passkey
    } else if has("fed") {
        SignInMethod::Connection
    } else if has("pwd") {
        SignInMethod::Password
    } else {
        SignInMethod::Email
    }
}

/// The methods of a sign-in that took `more` after `amr`: with two different things proved, it took several factors.
#[must_use]
pub fn with_second_factor(amr: &[String], more: &str) -> Vec<String> {
    let mut all = amr.to_vec();
    for method in [more, "mfa"] {
        if !all.iter().any(|used| used == method) {
            all.push(method.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_what_would_do_is_asked() {
        assert_eq!(Assurance::asked("phr aal2"), Assurance::Two);
        assert_eq!(Assurance::asked("phr"), Assurance::PhishingResistant);
        assert_eq!(
            Assurance::asked("urn:example:gold phr"),
            Assurance::PhishingResistant
        );
        assert_eq!(Assurance::asked("urn:example:gold"), Assurance::One);
        assert_eq!(Assurance::asked(""), Assurance::One);
    }

    #[test]
    fn what_began_with_a_password_began_with_that() {
        for amr in [&["pwd"][..], &["pwd", "otp", "mfa"]] {
            let amr: Vec<String> = amr.iter().map(ToString::to_string).collect();
            assert_eq!(first_factor(&amr), SignInMethod::Password);
        }
        // A provider may have asked for one: that is its matter.
        let amr = ["fed", "pwd"].map(str::to_owned);
        assert_eq!(first_factor(&amr), SignInMethod::Connection);
    }

    #[test]
    fn a_second_factor_is_told_once() {
        let amr = vec!["email".to_owned()];
        let both = with_second_factor(&amr, "otp");
        assert_eq!(both, ["email", "otp", "mfa"]);
        assert_eq!(with_second_factor(&both, "otp"), both);
        assert_eq!(Assurance::of(&both), Assurance::Two);
        assert_eq!(first_factor(&both), SignInMethod::Email);
    }
}
