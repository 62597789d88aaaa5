//! How an account ends.

use chrono::TimeDelta;

/// For how long a person can keep an account that they wanted deleted.
pub const GRACE: TimeDelta = TimeDelta::days(14);
