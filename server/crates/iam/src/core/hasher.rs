//! Slow hashes of what people keep themselves, which has less randomness than what we draw. Few are made at a time, and few wait:
//! whoever makes this server hash must not keep it from doing anything else.

use crate::IamError;
use argon2::{Algorithm, Argon2, Params, Version};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// How many hashes are made at once.
const AT_ONCE: usize = 2;
/// How many may be under way, those that wait included.
const UNDER_WAY: usize = 32;
/// How long somebody waits who came when there was no room.
const RETRY_AFTER: Duration = Duration::from_secs(2);

const FAULT: IamError = IamError::Fault("hashing");

/// What all slow hashes that we make cost: 19 MiB, twice over (OWASP Password Storage).
pub(super) fn cost() -> Option<Params> {
    Params::new(19 * 1024, 2, 1, Some(32)).ok()
}

/// Makes slow hashes.
#[derive(Clone)]
pub(crate) struct Hasher {
    room: Arc<Semaphore>,
    at_work: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            room: Arc::new(Semaphore::new(UNDER_WAY)),
            at_work: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Hasher {
    /// The hashes of `secrets` with `salt`: argon2id with 19 MiB, twice over (OWASP Password Storage).
    ///
    /// # Errors
    /// [`IamError::RateLimited`] while too many wait.
    pub(crate) async fn hash(&self, secrets: Vec<String>, salt: [u8; 16]) -> Result<Vec<[u8; 32]>, IamError> {
        let hashed = self
            .run(move || secrets.iter().map(|secret| hash(secret, &salt)).collect())
            .await?;
        let hashed: Option<_> = hashed;
        hashed.ok_or(FAULT)
    }

    /// Does what takes a slow hash or two, when it is its turn. Metrics tell how long it waited and how long it took.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] while too many wait.
    #[expect(
        clippy::disallowed_methods,
        reason = "a duration for people, no rule depends on it"
    )]
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IamError> {
        let asked = Instant::now();
        let _room = self.room.try_acquire().map_err(|_| IamError::RateLimited {
            retry_after: RETRY_AFTER,
        })?;
        let Ok(at_work) = self.at_work.clone().acquire_owned().await else {
            return Err(FAULT);
        };
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, though whoever asked for it may be gone by then.
            let _at_work = at_work;
            metrics::histogram!("rooiam_slow_hash_wait_seconds").record(asked.elapsed().as_secs_f64());
            let begun = Instant::now();
            let done = work();
            metrics::histogram!("rooiam_slow_hash_seconds").record(begun.elapsed().as_secs_f64());
            done
        });
        done.await.map_err(|_| FAULT)
    }
}

fn hash(secret: &str, salt: &[u8; 16]) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost()?)
        .hash_password_into(secret.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_when_there_is_no_room_is_sent_away_at_once_and_comes_in_later() {
        let hasher = Hasher::default();
        let taken = hasher.room.clone().acquire_many_owned(32).await.unwrap();
        let refused = hasher.hash(vec!["code".to_owned()], [7; 16]).await;
        assert!(matches!(refused, Err(IamError::RateLimited { .. })));
        drop(taken);
        let hashes = hasher
            .hash(vec!["code".to_owned(), "other".to_owned()], [7; 16])
            .await
            .unwrap();
        let again = hasher.hash(vec!["code".to_owned()], [7; 16]).await.unwrap();
        assert_eq!(hashes[0], again[0]);
        assert_ne!(hashes[0], hashes[1]);
        let salted = hasher.hash(vec!["code".to_owned()], [8; 16]).await.unwrap();
        assert_ne!(salted[0], again[0]);
    }
}
