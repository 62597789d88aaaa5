//! The accelerator: rate limits shared by nodes. Losing it slows nothing down and opens nothing up, because the
//! in-process limiter takes over; what must not be lost is in PostgreSQL.

pub mod local;
pub mod redis;

use async_trait::async_trait;
use std::{num::NonZeroU32, time::Duration};

/// A limit: `burst` at once, then one more each `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    /// Name, part of the key.
    pub name: &'static str,
    /// How many at once.
    pub burst: NonZeroU32,
    /// Time for one to come back.
    pub period: Duration,
}

/// Whether a request is within its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Within,
    /// Come back after this long.
    Exceeded(Duration),
}

/// Counts requests by key (GCRA).
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one from `key`'s allowance.
    async fn check(&self, quota: Quota, key: &str) -> Verdict;

    /// Whether the accelerator answers; for readiness.
    async fn ping(&self) -> bool;
}
