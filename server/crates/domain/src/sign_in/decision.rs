//! May a sign-in count here? The one function that answers it, with its reasons: at every door, on the way to apps, for what apps
//! got, and for "why can't they get in" (`docs/decisions/0015-deciding-sign-ins.md`).

use crate::sign_in::{
    assurance::{Assurance, first_factor},
    policy::SignInPolicy,
    proof::Proof,
};
use chrono::{DateTime, Utc};
use iam_types::{ErrorCode, SignInMethod, UserId};

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
    /// It was made in another browser.
    AnotherBrowser,
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
            | Self::AnotherBrowser
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
    let too_old = policy.age_ends(&proof).is_some_and(|end| now >= end)
        || wanted.after.is_some_and(|after| proof.at < after);
    let method = first_factor(proof.amr);
    let reached = Assurance::of(proof.amr);
    // What an app asks for is asked of the person: a browser stands for nothing there.
    let missing = match wanted.assurance.max(policy.least(&proof, now)) {
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
        (policy.same_network && proof.moved.network).then_some(Reason::AnotherNetwork),
        (policy.same_browser && proof.moved.browser).then_some(Reason::AnotherBrowser),
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
    use crate::sign_in::{models::Models, proof::Moved, trusted_browser::Trusted};
    use chrono::TimeDelta;
    use iam_types::SignInMethods;
    use proptest::prelude::*;
    use uuid::Uuid;

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
        let decided = |idle, moved: bool, policy: SignInPolicy| {
            let proof = Proof {
                idle,
                moved: Moved {
                    network: moved,
                    browser: moved,
                },
                ..proof(&amr)
            };
            decide(proof, &policy.into(), now)
        };
        let strict = SignInPolicy {
            max_idle: Some(HOUR),
            same_network: true,
            same_browser: true,
            ..SignInPolicy::default()
        };
        assert!(decided(HOUR - second, false, strict).allows());
        assert!(decided(HOUR * 99, true, SignInPolicy::default()).allows());
        let late = decided(HOUR, true, strict);
        let why = [Reason::Idle, Reason::AnotherNetwork, Reason::AnotherBrowser];
        assert_eq!(late.reasons(), why);
        assert_eq!(late.require(), Err(ErrorCode::SignInAgain));
    }

    #[test]
    fn whoever_lacks_only_a_factor_is_asked_for_that_alone() {
        let two = Wanted::from(SignInPolicy {
            two_factors: Some(TimeDelta::zero()),
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

    fn trusted(since: DateTime<Utc>, days: i32) -> Trusted {
        let id = iam_types::TrustedBrowserId::from_uuid(uuid::Uuid::from_u128(7));
        Trusted::new(id, since, days)
    }

    #[test]
    fn a_trusted_browser_stands_for_the_second_factor_of_a_policy_for_its_days_and_for_nothing_that_an_app_asks()
     {
        let (mail, day) = (named(&["email"]), TimeDelta::days(1));
        let since = DateTime::UNIX_EPOCH;
        let proof = Proof {
            trusted: Some(trusted(since, 30)),
            ..proof(&mail)
        };
        let asking = |most| SignInPolicy {
            two_factors: Some(most),
            ..SignInPolicy::default()
        };
        let decided = |most, now| decide(proof, &asking(most).into(), now);
        let (week, end) = (day * 7, since + day * 7);
        assert!(decided(week, end - TimeDelta::seconds(1)).allows());
        assert_eq!(decided(week, end).require(), Err(ErrorCode::SecondFactorRequired));
        assert!(
            !decided(TimeDelta::zero(), since).allows(),
            "the policy takes none"
        );
        assert!(
            !decided(day * 90, since + day * 30).allows(),
            "operators take none so old"
        );
        let no_one = Proof {
            trusted: None,
            ..proof
        };
        assert!(!decide(no_one, &asking(week).into(), since).allows());
        let app = Wanted {
            assurance: Assurance::Two,
            ..asking(week).into()
        };
        assert_eq!(decide(proof, &app, since).reasons(), [Reason::SecondFactor]);
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
        (limit(), limit(), limit(), yes(), yes(), refused, models).prop_map(
            |(max_age, max_idle, two_factors, same_network, same_browser, refused, models)| SignInPolicy {
                max_age: max_age.map(TimeDelta::seconds),
                max_idle: max_idle.map(TimeDelta::seconds),
                two_factors: two_factors.map(TimeDelta::seconds),
                same_network,
                same_browser,
                refused: refused.into_iter().collect::<SignInMethods>(),
                models: Models::stored(&models.into_iter().map(Uuid::from_u128).collect::<Vec<_>>()),
            },
        )
    }

    /// What a sign-in of the beginning of time comes to: how silent its browser was, whether that moved, and when its trust began.
    fn since() -> impl Strategy<Value = (i64, Moved, Option<i64>)> {
        let moved = (any::<bool>(), any::<bool>()).prop_map(|(network, browser)| Moved { network, browser });
        (0_i64..120, moved, proptest::option::of(-120_i64..0))
    }

    fn methods() -> impl Strategy<Value = Vec<String>> {
        let all = vec!["email", "otp", "pwd", "fed", "hwk", "swk", "user", "mfa", "???"];
        let count = all.len();
        proptest::sample::subsequence(all, 0..=count).prop_map(|amr| named(&amr))
    }

    fn made(amr: &[String], (idle, moved, trust): (i64, Moved, Option<i64>)) -> Proof<'_> {
        let began = |secs| DateTime::UNIX_EPOCH + TimeDelta::seconds(secs);
        Proof {
            idle: TimeDelta::seconds(idle),
            moved,
            trusted: trust.map(|secs| trusted(began(secs), 1)),
            ..proof(amr)
        }
    }

    proptest! {
        /// A ceiling can be met by no less than what it asks: adding a policy never lets in what it would refuse alone.
        #[test]
        fn what_counts_under_both_counts_under_each(
            one in policies(), other in policies(), amr in methods(), age in 0_i64..120, since in since(),
            model in proptest::option::of(0_u128..4)
        ) {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(age);
            let proof = made(&amr, since).by(model.map(Uuid::from_u128));
            let counts = |policy: SignInPolicy| decide(proof, &policy.into(), now).allows();
            prop_assert_eq!(counts(one.and(other)), counts(one) && counts(other));
        }

        /// What an app got is asked about later: it is told now when that will be over.
        #[test]
        fn what_counts_goes_on_counting_until_its_end_and_not_a_second_longer(
            policy in policies(), amr in methods(), since in since(), age in 0_i64..240
        ) {
            let (begin, proof) = (DateTime::UNIX_EPOCH, made(&amr, since));
            let counts = |at| decide(proof, &policy.into(), at).allows();
            let now = begin + TimeDelta::seconds(age);
            let goes_on = policy.ends(&proof).is_none_or(|end| now < end);
            prop_assert!(!counts(begin) || counts(now) == goes_on);
        }

        /// A trusted browser is nothing that an app, or a change of how one signs in, could take for a factor.
        #[test]
        fn a_trusted_browser_makes_nobody_surer(
            policy in policies(), amr in methods(), since in since(), level in 1_usize..3
        ) {
            let proof = made(&amr, since);
            let wanted = Wanted { assurance: Assurance::ALL[level], ..policy.into() };
            let counts = decide(proof, &wanted, DateTime::UNIX_EPOCH).allows();
            prop_assert!(!counts || Assurance::of(&amr) >= Assurance::ALL[level]);
        }
    }
}
