//! What is asked of a sign-in, as it is stored.

use chrono::TimeDelta;
use iam_domain::sign_in::decision::SignInPolicy;
use iam_types::{SignInMethod, SignInMethods};

/// What one row asks.
pub(crate) fn policy(max_age: Option<i32>, two_factors: bool, refused: &[String]) -> SignInPolicy {
    SignInPolicy {
        max_age: max_age.map(|secs| TimeDelta::seconds(secs.into())),
        two_factors,
        refused: refused
            .iter()
            .filter_map(|name| SignInMethod::parse(name))
            .collect(),
    }
}

/// What a workspace and the platform ask together, where they were read so but for the ages.
pub(crate) fn both(
    max_age: Option<i32>,
    ceiling: Option<i32>,
    two_factors: Option<bool>,
    refused: Option<Vec<String>>,
) -> SignInPolicy {
    // What is not there is not asked: these are never empty where there is a row.
    let (two_factors, refused) = (two_factors.unwrap_or_default(), refused.unwrap_or_default());
    policy(max_age, two_factors, &refused).and(policy(ceiling, false, &[]))
}

/// The age of a policy, as it is stored.
pub(crate) fn age(policy: SignInPolicy) -> Option<i32> {
    policy.max_age.and_then(|age| age.num_seconds().try_into().ok())
}

/// The names of methods, as they are stored.
pub(crate) fn names(methods: SignInMethods) -> Vec<String> {
    methods.iter().map(|method| method.as_str().to_owned()).collect()
}
