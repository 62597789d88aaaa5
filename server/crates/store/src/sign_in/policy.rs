//! What is asked of a sign-in, as it is stored.

use chrono::TimeDelta;
use iam_domain::sign_in::{models::Models, policy::SignInPolicy};
use iam_types::{SignInMethod, SignInMethods};

/// What one row asks, of any model of authenticators.
pub(crate) fn policy(
    [max_age, max_idle, second_factor_days]: [Option<i32>; 3],
    [same_network, same_browser]: [bool; 2],
    refused: &[String],
) -> SignInPolicy {
    SignInPolicy {
        max_age: time(max_age),
        max_idle: time(max_idle),
        two_factors: days(second_factor_days),
        same_network,
        same_browser,
        refused: methods(refused),
        models: Models::default(),
    }
}

/// What a workspace and the platform ask together of what an app got, where they were read so but for the ages. An app has no browser
/// that could be silent or move.
pub(crate) fn both(
    max_age: Option<i32>,
    ceiling: Option<i32>,
    second_factor_days: Option<i32>,
    refused: Option<Vec<String>>,
) -> SignInPolicy {
    // What is not there is not asked: these are never empty where there is a row.
    let refused = refused.unwrap_or_default();
    let asks = policy([max_age, None, second_factor_days], [false; 2], &refused);
    asks.and(policy([ceiling, None, None], [false; 2], &[]))
}

fn days(days: Option<i32>) -> Option<TimeDelta> {
    days.map(|days| TimeDelta::days(days.into()))
}

/// For how many days a trusted browser stands for the second factor, as it is stored.
pub(crate) fn second_factor_days(asks: SignInPolicy) -> i32 {
    let days = asks.two_factors.map(|most| most.num_days());
    days.and_then(|days| days.try_into().ok()).unwrap_or_default()
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
