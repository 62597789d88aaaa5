//! The limiter that nodes share: GCRA in one Lua script, on the clock of Redis.

use super::{Quota, RateLimiter, Verdict, local::LocalLimiter};
use async_trait::async_trait;
use redis::{
    RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use std::time::Duration;

const GCRA: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local period, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + period
local wait = arrival - period * burst - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], arrival, 'PX', arrival - now)
return 0
";

/// Limits in Redis, with this process's memory as the fallback while Redis does not answer.
pub struct RedisLimiter {
    connection: ConnectionManager,
    script: Script,
    fallback: LocalLimiter,
}

impl RedisLimiter {
    /// Connects to `url`; later losses are survived and healed in the background.
    ///
    /// # Errors
    /// The first connection fails or the URL is malformed.
    pub async fn connect(url: &str) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_response_timeout(Some(Duration::from_millis(250)))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_with_config(redis::Client::open(url)?, config).await?;
        Ok(Self {
            connection,
            script: Script::new(GCRA),
            fallback: LocalLimiter::default(),
        })
    }
}

#[async_trait]
impl RateLimiter for RedisLimiter {
    async fn check(&self, quota: Quota, key: &str) -> Verdict {
        let period_ms = u64::try_from(quota.period.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut connection = self.connection.clone();
        let wait_ms: Result<u64, RedisError> = self
            .script
            .key(format!("rooiam:rate:{}:{key}", quota.name))
            .arg(period_ms)
            .arg(quota.burst.get())
            .invoke_async(&mut connection)
            .await;
        match wait_ms {
            Ok(0) => Verdict::Within,
            Ok(ms) => Verdict::Exceeded(Duration::from_millis(ms)),
            Err(error) => {
                tracing::warn!(%error, "redis does not answer, limiting in this process");
                self.fallback.check(quota, key).await
            }
        }
    }

    async fn ping(&self) -> bool {
        redis::cmd("PING")
            .query_async::<String>(&mut self.connection.clone())
            .await
            .is_ok()
    }
}
