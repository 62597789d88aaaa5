//! The limiter of a single node, by `governor`.

use super::{Quota, RateLimiter, Verdict};
use async_trait::async_trait;
use governor::{
    DefaultKeyedRateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Limits in this process's memory.
#[derive(Default)]
pub struct LocalLimiter {
    limiters: Mutex<HashMap<Quota, Arc<DefaultKeyedRateLimiter<String>>>>,
}

/// Keys kept before idle ones are dropped.
const KEYS: usize = 10_000;

#[async_trait]
impl RateLimiter for LocalLimiter {
    async fn check(&self, quota: Quota, key: &str) -> Verdict {
        let limiter = {
            let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = || {
                governor::Quota::with_period(quota.period)
                    .map(|q| Arc::new(DefaultKeyedRateLimiter::keyed(q.allow_burst(quota.burst))))
            };
            match limiters.get(&quota).cloned().or_else(fresh) {
                Some(limiter) => Arc::clone(limiters.entry(quota).or_insert(limiter)),
                None => return Verdict::Within,
            }
        };
        if limiter.len() > KEYS {
            limiter.retain_recent();
        }
        match limiter.check_key(&key.to_owned()) {
            Ok(()) => Verdict::Within,
            Err(until) => Verdict::Exceeded(until.wait_time_from(DefaultClock::default().now())),
        }
    }

    async fn ping(&self) -> bool {
        true
    }
}
