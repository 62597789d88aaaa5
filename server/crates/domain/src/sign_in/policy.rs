//! What is asked of a sign-in by where it is to count (`docs/decisions/0015-deciding-sign-ins.md`).

use crate::sign_in::{assurance::Assurance, models::Models, proof::Proof};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{SignInMethods, view::SignInPolicyView};

/// What a workspace, or the platform for all of them, asks of a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignInPolicy {
    /// How old it may be.
    pub max_age: Option<TimeDelta>,
    /// For how long its browser may not be heard of.
    pub max_idle: Option<TimeDelta>,
    /// Two factors where this is, unless the second was proved in a browser that its person trusts, and not longer ago: never where it is
    /// zero.
    pub two_factors: Option<TimeDelta>,
    /// Whether it counts in the network alone in which it was made.
    pub same_network: bool,
    /// Whether it counts in the browser alone in which it was made.
    pub same_browser: bool,
    /// By which methods it may not begin.
    pub refused: SignInMethods,
    /// Which authenticators count where it begins with a passkey.
    pub models: Models,
}

impl SignInPolicy {
    /// What is asked where both count: whatever is stricter.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let shorter = |one: Option<TimeDelta>, another| one.into_iter().chain(another).min();
        Self {
            max_age: shorter(self.max_age, other.max_age),
            max_idle: shorter(self.max_idle, other.max_idle),
            two_factors: shorter(self.two_factors, other.two_factors),
            same_network: self.same_network || other.same_network,
            same_browser: self.same_browser || other.same_browser,
            refused: self.refused.union(other.refused),
            models: self.models.and(other.models),
        }
    }

    /// The same, where these models count.
    #[must_use]
    pub fn with_models(self, models: Models) -> Self {
        Self { models, ..self }
    }

    /// As pages show it.
    pub fn view(self) -> SignInPolicyView {
        let secs = |time: Option<TimeDelta>| {
            time.map(|time| time.num_seconds().to_string())
                .unwrap_or_default()
        };
        SignInPolicyView {
            max_age: secs(self.max_age),
            max_idle: secs(self.max_idle),
            two_factors: self.two_factors.is_some(),
            second_factor_days: self
                .two_factors
                .map(|most| most.num_days().to_string())
                .unwrap_or_default(),
            same_network: self.same_network,
            same_browser: self.same_browser,
            refused: self.refused,
        }
    }

    /// When a sign-in stops counting because time goes by: because of its age, or because a browser stands for its second factor no
    /// more.
    pub fn ends(self, proof: &Proof<'_>) -> Option<DateTime<Utc>> {
        let is_one = Assurance::of(proof.amr) < Assurance::Two;
        let trust = proof.trusted.filter(|_| is_one).zip(self.two_factors);
        let trust_ends = trust.map(|(trusted, most)| trusted.stands_until(most));
        self.age_ends(proof).into_iter().chain(trust_ends).min()
    }

    pub(super) fn age_ends(self, proof: &Proof<'_>) -> Option<DateTime<Utc>> {
        self.max_age.map(|age| proof.at + age)
    }

    /// The least that a sign-in is to have proved by itself: where a trusted browser stands for the second factor, that is one.
    pub(super) fn least(self, proof: &Proof<'_>, now: DateTime<Utc>) -> Assurance {
        let stands = |most| {
            proof
                .trusted
                .is_some_and(|trusted| now < trusted.stands_until(most))
        };
        match self.two_factors {
            Some(most) if !stands(most) => Assurance::Two,
            Some(_) | None => Assurance::One,
        }
    }
}
