//! Time as a test wants it.

use chrono::{DateTime, TimeDelta, Utc};
use iam::port::Clock;
use std::sync::{Mutex, PoisonError};

/// A clock that moves only when told.
pub struct FakeClock(Mutex<DateTime<Utc>>);

impl Default for FakeClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::UNIX_EPOCH + TimeDelta::days(20_000)))
    }
}

impl FakeClock {
    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
