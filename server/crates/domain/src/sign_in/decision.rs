//! May a sign-in count here? The one function that answers it, with its reasons: at every door, on the way to apps, for what apps
//! got, and for "why can't they get in" (`docs/decisions/0015-deciding-sign-ins.md`).

use crate::sign_in::{
    assurance::{Assurance, first_factor},
    models::Models,
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ErrorCode, SignInMethod, SignInMethods, UserId, view::SignInPolicyView};
use uuid::Uuid;

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Who they are.
    pub person: UserId,
    /// By which methods (RFC 8176).
    pub amr: &'a [String],
    /// When.
    pub at: DateTime<Utc>,
    /// The longest time for which its browser was not heard of since.
    pub idle: TimeDelta,
    /// Whether it is used in another network than the one in which they did so.
    pub elsewhere: bool,
    /// The model of the authenticator whose passkey began it, if that was shown.
    pub model: Option<Uuid>,
}

impl<'a> Proof<'a> {
    /// What somebody proved once, whatever became of their browser.
    pub fn alone(person: UserId, amr: &'a [String], at: DateTime<Utc>) -> Self {
        Self {
            person,
            amr,
            at,
            idle: TimeDelta::zero(),
            elsewhere: false,
            model: None,
        }
    }

    /// The same, begun with a passkey of an authenticator that was shown to be of this model.
    #[must_use]
    pub fn by(self, model: Option<Uuid>) -> Self {
        Self { model, ..self }
    }
}

/// What a workspace, or the platform for all of them, asks of a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignInPolicy {
    /// How old it may be.
    pub max_age: Option<TimeDelta>,
    /// For how long its browser may not be heard of.
    pub max_idle: Option<TimeDelta>,
    /// Whether it takes two factors.
    pub two_factors: bool,
    /// Whether it counts in the network alone in which it was made.
    pub same_network: bool,
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
            two_factors: self.two_factors || other.two_factors,
            same_network: self.same_network || other.same_network,
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
            two_factors: self.two_factors,
            same_network: self.same_network,
            refused: self.refused,
        }
    }

    /// When a sign-in of `at` stops counting because of its age.
    pub fn ends(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.max_age.map(|age| at + age)
    }
}

/// What is asked of a sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// By where it is to count.
    pub policy: SignInPolicy,
    /// How sure of the person the app is to be.
    pub assurance: Assurance,
    /// Not before this moment.
    pub after: Option<DateTime<Utc>>,
    /// Only of this person.
    pub person: Option<UserId>,
}

impl From<SignInPolicy> for Wanted {
    fn from(policy: SignInPolicy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }
}

/// Why a sign-in does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is somebody else's.
    AnotherPerson,
    /// It was too long ago.
    TooOld,
    /// Its browser was not heard of for too long.
    Idle,
    /// It was made in another network.
    AnotherNetwork,
    /// It began by a method that does not count here.
    Method(SignInMethod),
    /// It began with a passkey of an authenticator that does not count here.
    Model,
    /// It takes a second factor.
    SecondFactor,
    /// It takes a passkey.
    Passkey,
}

impl Reason {
    /// Whether signing in anew is what mends it; otherwise a further factor does.
    fn takes_a_new_sign_in(self) -> bool {
        match self {
            Self::AnotherPerson
            | Self::TooOld
            | Self::Idle
            | Self::AnotherNetwork
            | Self::Method(_)
            | Self::Model => true,
            Self::SecondFactor | Self::Passkey => false,
        }
    }
}

/// What becomes of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It counts.
    Allow,
    /// It counts once the person has proved more: never empty.
    StepUp(Vec<Reason>),
    /// It never counts, whatever its person proves: never empty.
    Deny(Vec<Reason>),
}

impl Decision {
    /// Whether the sign-in counts.
    pub fn allows(&self) -> bool {
        *self == Self::Allow
    }

    /// Why it does not count.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Allow => &[],
            Self::StepUp(reasons) | Self::Deny(reasons) => reasons,
        }
    }

    /// Whether all that is missing is a further factor, on top of a sign-in that counts otherwise.
    pub fn takes_a_factor(&self) -> bool {
        matches!(self, Self::StepUp(reasons) if !reasons.iter().any(|reason| reason.takes_a_new_sign_in()))
    }

    /// That the sign-in counts.
    ///
    /// # Errors
    /// [`ErrorCode::SecondFactorRequired`] where a further factor is all that is missing; [`ErrorCode::SignInAgain`].
    pub fn require(&self) -> Result<(), ErrorCode> {
        match self {
            Self::Allow => Ok(()),
            _ if self.takes_a_factor() => Err(ErrorCode::SecondFactorRequired),
            _ => Err(ErrorCode::SignInAgain),
        }
    }
}

/// Whether a sign-in counts where so much is `wanted` of it.
pub fn decide(proof: Proof<'_>, wanted: &Wanted, now: DateTime<Utc>) -> Decision {
    if wanted.person.is_some_and(|person| person != proof.person) {
        return Decision::Deny(vec![Reason::AnotherPerson]);
    }
    let policy = wanted.policy;
    let too_old = policy.ends(proof.at).is_some_and(|end| now >= end)
        || wanted.after.is_some_and(|after| proof.at < after);
    let method = first_factor(proof.amr);
    let reached = Assurance::of(proof.amr);
    let least = wanted.assurance.max(if policy.two_factors {
        Assurance::Two
    } else {
        Assurance::One
    });
    let missing = match least {
        least if reached >= least => None,
        Assurance::PhishingResistant => Some(Reason::Passkey),
        Assurance::Two | Assurance::One => Some(Reason::SecondFactor),
    };
    let reasons: Vec<Reason> = [
        too_old.then_some(Reason::TooOld),
        policy
            .max_idle
            .is_some_and(|most| proof.idle >= most)
            .then_some(Reason::Idle),
        (policy.same_network && proof.elsewhere).then_some(Reason::AnotherNetwork),
        policy.refused.contains(method).then_some(Reason::Method(method)),
        (method == SignInMethod::Passkey && !policy.models.count(proof.model)).then_some(Reason::Model),
        missing,
    ]
    .into_iter()
    .flatten()
    .collect();
    if reasons.is_empty() {
        Decision::Allow
    } else {
        Decision::StepUp(reasons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: TimeDelta = TimeDelta::hours(1);

    fn person(last: u8) -> UserId {
        UserId::from_uuid(uuid::Uuid::from_u128(last.into()))
    }

    fn proof(amr: &[String]) -> Proof<'_> {
        Proof::alone(person(1), amr, DateTime::UNIX_EPOCH)
    }

    fn named(methods: &[&str]) -> Vec<String> {
        methods.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sign_in_counts_until_the_second_in_which_it_is_too_old() {
        let wanted = Wanted::from(SignInPolicy {
            max_age: Some(HOUR),
            ..SignInPolicy::default()
        });
        let (amr, end) = (named(&["email"]), DateTime::UNIX_EPOCH + HOUR);
        assert!(decide(proof(&amr), &wanted, end - TimeDelta::seconds(1)).allows());
        let late = decide(proof(&amr), &wanted, end);
        assert_eq!(late, Decision::StepUp(vec![Reason::TooOld]));
        assert_eq!(late.require(), Err(ErrorCode::SignInAgain));
    }

    #[test]
    fn a_browser_that_was_silent_for_too_long_or_moved_signs_in_anew_where_that_matters() {
        let amr = named(&["email"]);
        let (now, second) = (DateTime::UNIX_EPOCH, TimeDelta::seconds(1));
        let decided = |idle, elsewhere, policy: SignInPolicy| {
            let proof = Proof {
                idle,
                elsewhere,
                ..proof(&amr)
            };
            decide(proof, &policy.into(), now)
        };
        let strict = SignInPolicy {
            max_idle: Some(HOUR),
            same_network: true,
            ..SignInPolicy::default()
        };
        assert!(decided(HOUR - second, false, strict).allows());
        assert!(decided(HOUR * 99, true, SignInPolicy::default()).allows());
        let late = decided(HOUR, true, strict);
        assert_eq!(late.reasons(), [Reason::Idle, Reason::AnotherNetwork]);
        assert_eq!(late.require(), Err(ErrorCode::SignInAgain));
    }

    #[test]
    fn whoever_lacks_only_a_factor_is_asked_for_that_alone() {
        let two = Wanted::from(SignInPolicy {
            two_factors: true,
            ..SignInPolicy::default()
        });
        let now = DateTime::UNIX_EPOCH;
        let mail = named(&["email"]);
        let decision = decide(proof(&mail), &two, now);
        assert_eq!(decision.reasons(), [Reason::SecondFactor]);
        assert_eq!(decision.require(), Err(ErrorCode::SecondFactorRequired));
        for enough in [
            &["email", "otp", "mfa"][..],
            &["hwk", "user", "mfa"],
            &["swk", "user", "mfa"],
        ] {
            assert!(decide(proof(&named(enough)), &two, now).allows(), "{enough:?}");
        }
        let passkey = Wanted {
            assurance: Assurance::PhishingResistant,
            ..Wanted::default()
        };
        let code = named(&["email", "otp", "mfa"]);
        assert_eq!(decide(proof(&code), &passkey, now).reasons(), [Reason::Passkey]);
        assert!(decide(proof(&named(&["swk", "user", "mfa"])), &passkey, now).allows());
    }

    #[test]
    fn a_method_that_does_not_count_takes_another_sign_in() {
        let wanted = Wanted::from(SignInPolicy {
            refused: [SignInMethod::Email].into_iter().collect(),
            ..SignInPolicy::default()
        });
        let now = DateTime::UNIX_EPOCH;
        let mail = named(&["email", "otp", "mfa"]);
        let decision = decide(proof(&mail), &wanted, now);
        assert_eq!(decision.reasons(), [Reason::Method(SignInMethod::Email)]);
        assert_eq!(decision.require(), Err(ErrorCode::SignInAgain));
        assert!(decide(proof(&named(&["hwk", "user", "mfa"])), &wanted, now).allows());
    }

    #[test]
    fn somebody_else_is_never_enough() {
        let wanted = Wanted {
            person: Some(person(2)),
            ..Wanted::default()
        };
        let amr = named(&["hwk", "user", "mfa"]);
        let decision = decide(proof(&amr), &wanted, DateTime::UNIX_EPOCH);
        assert_eq!(decision, Decision::Deny(vec![Reason::AnotherPerson]));
        assert!(!decision.takes_a_factor());
    }

    fn policies() -> impl Strategy<Value = SignInPolicy> {
        let refused = proptest::sample::subsequence(SignInMethod::ALL.to_vec(), 0..=SignInMethod::ALL.len());
        let models = proptest::collection::vec(0_u128..4, 0..3);
        let limit = || proptest::option::of(0_i64..100);
        let yes = any::<bool>;
        (limit(), limit(), yes(), yes(), refused, models).prop_map(
            |(max_age, max_idle, two_factors, same_network, refused, models)| SignInPolicy {
                max_age: max_age.map(TimeDelta::seconds),
                max_idle: max_idle.map(TimeDelta::seconds),
                two_factors,
                same_network,
                refused: refused.into_iter().collect(),
                models: Models::stored(&models.into_iter().map(Uuid::from_u128).collect::<Vec<_>>()),
            },
        )
    }

    fn methods() -> impl Strategy<Value = Vec<String>> {
        let all = vec!["email", "otp", "pwd", "fed", "hwk", "swk", "user", "mfa", "???"];
        let count = all.len();
        proptest::sample::subsequence(all, 0..=count).prop_map(|amr| named(&amr))
    }

    proptest! {
        /// A ceiling can be met by no less than what it asks: adding a policy never lets in what it would refuse alone.
        #[test]
        fn what_counts_under_both_counts_under_each(
            one in policies(), other in policies(), amr in methods(), age in 0_i64..120, idle in 0_i64..120,
            elsewhere in any::<bool>(), model in proptest::option::of(0_u128..4)
        ) {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(age);
            let proof = Proof { idle: TimeDelta::seconds(idle), elsewhere, ..proof(&amr) }
                .by(model.map(Uuid::from_u128));
            let counts = |policy: SignInPolicy| decide(proof, &policy.into(), now).allows();
            prop_assert_eq!(counts(one.and(other)), counts(one) && counts(other));
        }
    }
}
