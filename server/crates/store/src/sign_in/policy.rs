//! What is asked of a sign-in, as it is stored.

use chrono::TimeDelta;
use iam_domain::sign_in::{decision::SignInPolicy, models::Models};
use iam_types::{SignInMethod, SignInMethods};

/// What one row asks, of any model of authenticators.
pub(crate) fn policy(
    [max_age, max_idle]: [Option<i32>; 2],
    [two_factors, same_network]: [bool; 2],
    refused: &[String],
) -> SignInPolicy {
    SignInPolicy {
        max_age: time(max_age),
        max_idle: time(max_idle),
        two_factors,
        same_network,
        refused: methods(refused),
        models: Models::default(),
    }
}

/// What a workspace and the platform ask together of what an app got, where they were read so but for the ages. An app has no browser
/// that could be silent or move.
pub(crate) fn both(
    max_age: Option<i32>,
    ceiling: Option<i32>,
    two_factors: Option<bool>,
    refused: Option<Vec<String>>,
) -> SignInPolicy {
    // What is not there is not asked: these are never empty where there is a row.
    let (two_factors, refused) = (two_factors.unwrap_or_default(), refused.unwrap_or_default());
    policy([max_age, None], [two_factors, false], &refused).and(policy([ceiling, None], [false; 2], &[]))
}

/// How long that is which is stored in seconds.
pub(crate) fn time(secs: Option<i32>) -> Option<TimeDelta> {
    secs.map(|secs| TimeDelta::seconds(secs.into()))
}

/// A time, as it is stored.
pub(crate) fn secs(time: Option<TimeDelta>) -> Option<i32> {
    time.and_then(|time| time.num_seconds().try_into().ok())
}

/// Methods that are stored by their names.
pub(crate) fn methods(names: &[String]) -> SignInMethods {
    names
        .iter()
        .filter_map(|name| SignInMethod::parse(name))
        .collect()
}

/// The names of methods, as they are stored.
pub(crate) fn names(methods: SignInMethods) -> Vec<String> {
    methods.iter().map(|method| method.as_str().to_owned()).collect()
}
