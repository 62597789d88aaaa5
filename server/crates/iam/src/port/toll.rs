//! What tells browsers from floods where too many ask.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// What was paid, so that it is taken once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(pub String);

/// Asks a browser for something that costs it little and a flood much: work, or what a service that knows people says.
#[async_trait]
pub trait Toll: Send + Sync {
    /// What a page asks of a browser at `place`.
    fn ask(&self, place: &str, now: DateTime<Utc>) -> String;

    /// What `answer` pays, if that was asked at `place` and is not too old. Whoever calls sees to it that it is taken once.
    async fn paid(&self, place: &str, answer: &str, now: DateTime<Utc>) -> Option<Receipt>;
}
