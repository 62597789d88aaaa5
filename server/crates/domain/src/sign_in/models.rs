//! Which models of authenticators count (AAGUIDs, WebAuthn Level 3, 6.5.1.1), where somebody cares which.

use iam_types::ErrorCode;
use uuid::Uuid;

/// The most models that a policy names. One product has several: for each kind of plug, and each generation.
pub const MOST: usize = 32;

/// A set of models. Small enough to be handed around as the rest of a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    /// In order, each once; what is left over is nil.
    models: [Uuid; MOST],
    count: usize,
}

/// None of them.
const NONE: Named = Named {
    models: [Uuid::nil(); MOST],
    count: 0,
};

/// The models that count: any, or those that are named, which may be none where two policies have nothing in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Models(Option<Named>);

impl Models {
    /// Those that are named; any, if none is.
    ///
    /// # Errors
    /// [`ErrorCode::TooMany`].
    pub fn named(models: impl IntoIterator<Item = Uuid>) -> Result<Self, ErrorCode> {
        let named = Named::of(models).ok_or(ErrorCode::TooMany)?;
        Ok(Self((named.count > 0).then_some(named)))
    }

    /// Those that were stored. What is too much counts as none: a policy never lets in more than it says.
    pub fn stored(models: &[Uuid]) -> Self {
        Self::named(models.iter().copied()).unwrap_or(Self(Some(NONE)))
    }

    /// Those of two policies together, as they were read: any where there is nothing, be it none of them.
    pub fn combined(models: Option<&[Uuid]>) -> Self {
        models.map_or(Self(None), |models| {
            Self(Some(Named::of(models.iter().copied()).unwrap_or(NONE)))
        })
    }

    /// Whether any counts.
    pub fn any(&self) -> bool {
        self.0.is_none()
    }

    /// Those that are named.
    pub fn list(&self) -> &[Uuid] {
        self.0
            .as_ref()
            .and_then(|named| named.models.get(..named.count))
            .unwrap_or_default()
    }

    /// Whether an authenticator counts, which was shown to be of that `model`, or of which nothing was shown.
    pub fn count(&self, model: Option<Uuid>) -> bool {
        self.any() || model.is_some_and(|model| self.list().contains(&model))
    }

    /// Those that count under both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self.0, other.0) {
            (None, either) | (either, None) => Self(either),
            (Some(_), Some(_)) => {
                let both = self
                    .list()
                    .iter()
                    .copied()
                    .filter(|model| other.count(Some(*model)));
                Self(Some(Named::of(both).unwrap_or(NONE)))
            }
        }
    }
}

impl Named {
    fn of(models: impl IntoIterator<Item = Uuid>) -> Option<Self> {
        let mut all: Vec<Uuid> = models.into_iter().take(MOST * MOST).collect();
        all.sort_unstable();
        all.dedup();
        let mut models = [Uuid::nil(); MOST];
        models.get_mut(..all.len())?.copy_from_slice(&all);
        Some(Self {
            models,
            count: all.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::decision::{Proof, Reason, SignInPolicy, Wanted, decide};
    use chrono::DateTime;
    use iam_types::UserId;
    use proptest::prelude::*;

    fn model(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn named(numbers: &[u128]) -> Models {
        Models::stored(&numbers.iter().copied().map(model).collect::<Vec<_>>())
    }

    #[test]
    fn where_none_is_named_any_counts_and_where_one_is_only_that_which_was_shown() {
        assert!(Models::default().count(None) && Models::default().count(Some(model(9))));
        let two = named(&[2, 1, 2]);
        assert_eq!(two.list(), [model(1), model(2)]);
        assert!(two.count(Some(model(2))) && !two.count(Some(model(3))) && !two.count(None));
    }

    #[test]
    fn two_policies_without_a_model_in_common_let_in_none() {
        let none = named(&[1]).and(named(&[2]));
        assert!(!none.any() && !none.count(Some(model(1))) && !none.count(Some(model(2))));
    }

    #[test]
    fn more_than_there_is_room_for_is_refused_and_never_lets_everybody_in() {
        let many: Vec<Uuid> = (1..=33).map(model).collect();
        assert_eq!(Models::named(many.iter().copied()), Err(ErrorCode::TooMany));
        assert!(!Models::stored(&many).count(Some(model(1))));
        assert!(Models::named(many[..MOST].iter().copied()).is_ok());
    }

    fn began(amr: &[String]) -> Proof<'_> {
        Proof::alone(UserId::from_uuid(Uuid::nil()), amr, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_passkey_counts_where_its_model_was_shown_and_other_ways_stay_what_they_were() {
        let (yours, theirs) = (model(1), model(2));
        let wanted = Wanted::from(SignInPolicy::default().with_models(Models::stored(&[yours])));
        let now = DateTime::UNIX_EPOCH;
        let (key, mail) = (["hwk", "user", "mfa"].map(str::to_owned), ["email".to_owned()]);
        assert!(decide(began(&key).by(Some(yours)), &wanted, now).allows());
        for shown in [None, Some(theirs)] {
            let decision = decide(began(&key).by(shown), &wanted, now);
            assert_eq!(decision.reasons(), [Reason::Model]);
            assert_eq!(decision.require(), Err(ErrorCode::SignInAgain));
            assert!(decide(began(&mail).by(shown), &wanted, now).allows());
            assert!(decide(began(&key).by(shown), &Wanted::default(), now).allows());
        }
    }

    proptest! {
        #[test]
        fn both_let_in_what_each_lets_in(
            one in prop::collection::vec(1_u128..6, 0..4), other in prop::collection::vec(1_u128..6, 0..4),
            shown in prop::option::of(1_u128..6)
        ) {
            let (one, other, shown) = (named(&one), named(&other), shown.map(model));
            prop_assert_eq!(one.and(other).count(shown), one.count(shown) && other.count(shown));
        }
    }
}
