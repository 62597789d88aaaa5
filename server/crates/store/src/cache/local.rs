//! The limiter of a single node, by `governor`.

use super::{Quota, RateLimiter, Verdict};
use async_trait::async_trait;
use governor::{
    DefaultKeyedRateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Limits in this process's memory.
#[derive(Default)]
pub struct LocalLimiter {
    limiters: Mutex<HashMap<Quota, Arc<Keyed>>>,
}

/// One limit, with all who are counted by it.
struct Keyed {
    limiter: DefaultKeyedRateLimiter<String>,
    /// At how many keys idle ones are dropped next.
    full: AtomicUsize,
}

impl Keyed {
    fn new(quota: Quota) -> Option<Self> {
        let figures = governor::Quota::with_period(quota.period)?.allow_burst(quota.burst);
        Some(Self {
            limiter: DefaultKeyedRateLimiter::keyed(figures),
            full: AtomicUsize::new(KEYS),
        })
    }

    /// Drops idle keys when there are many. Where they are all in use, it waits until there are twice as many: looking
    /// through them at each request would be a gift to whoever makes them up.
    fn tidy(&self) {
        if self.limiter.len() > self.full.load(Ordering::Relaxed) {
            self.limiter.retain_recent();
            self.full
                .store((self.limiter.len() * 2).max(KEYS), Ordering::Relaxed);
        }
    }
}

/// Keys kept before idle ones are dropped.
const KEYS: usize = 10_000;

#[async_trait]
impl RateLimiter for LocalLimiter {
    async fn check(&self, quota: Quota, key: &str) -> Verdict {
        let limiter = {
            let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = || Keyed::new(quota).map(Arc::new);
            match limiters.get(&quota).cloned().or_else(fresh) {
                Some(limiter) => Arc::clone(limiters.entry(quota).or_insert(limiter)),
                None => return Verdict::Within,
            }
        };
        limiter.tidy();
        match limiter.limiter.check_key(&key.to_owned()) {
            Ok(()) => Verdict::Within,
            Err(until) => Verdict::Exceeded(until.wait_time_from(DefaultClock::default().now())),
        }
    }

    async fn ping(&self) -> bool {
        true
    }
}
