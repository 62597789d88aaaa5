//! What is asked of a sign-in, as a form sends it.

use crate::sign_in::{
    max_age::{parse_max_age, parse_max_idle},
    models::Models,
    policy::SignInPolicy,
    trusted_browser::parse_trust_days,
};
use chrono::TimeDelta;
use iam_types::{ErrorCode, SignInMethod, SignInMethods};

/// What a form sends.
#[derive(Debug, Clone, Copy)]
pub struct SignInPolicyForm<'a> {
    /// How old a sign-in may be, as in [`parse_max_age`].
    pub max_age: &'a str,
    /// For how long its browser may not be heard of, as in [`parse_max_idle`].
    pub max_idle: &'a str,
    /// Whether it takes two factors.
    pub two_factors: bool,
    /// For how many days a trusted browser stands for the second one, as in [`parse_trust_days`].
    pub second_factor_days: &'a str,
    /// In the same what it counts alone: `network`, `browser`.
    pub same: &'a [String],
    /// By which methods it may begin.
    pub methods: &'a [String],
}

impl SignInPolicyForm<'_> {
    /// What it asks for, of any model of authenticators: those are decided by themselves.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`], also when no method is left to begin with.
    pub fn parse(self) -> Result<SignInPolicy, ErrorCode> {
        let allowed = self
            .methods
            .iter()
            .map(|name| SignInMethod::parse(name).ok_or(ErrorCode::InvalidInput))
            .collect::<Result<SignInMethods, _>>()?;
        if allowed == SignInMethods::default() {
            return Err(ErrorCode::InvalidInput);
        }
        if self
            .same
            .iter()
            .any(|one| !["network", "browser"].contains(&one.as_str()))
        {
            return Err(ErrorCode::InvalidInput);
        }
        let same = |what| self.same.iter().any(|one| one == what);
        let days = TimeDelta::days(parse_trust_days(self.second_factor_days)?.into());
        let time = |secs: Option<i32>| secs.map(|secs| TimeDelta::seconds(secs.into()));
        Ok(SignInPolicy {
            max_age: time(parse_max_age(self.max_age)?),
            max_idle: time(parse_max_idle(self.max_idle)?),
            two_factors: self.two_factors.then_some(days),
            same_network: same("network"),
            same_browser: same("browser"),
            refused: SignInMethod::ALL
                .into_iter()
                .filter(|method| !allowed.contains(*method))
                .collect(),
            models: Models::default(),
        })
    }
}
