//! The toll that needs nobody else: a number whose hash, with what was asked, begins with so many zero bits. `toll.js` finds it.

use crate::port::{
    Entropy,
    toll::{Receipt, Toll},
};
use async_trait::async_trait;
use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// So many bits: some 65,000 hashes, a second or two of a phone.
const BITS: u32 = 16;
/// How long an answer may take.
const WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Asks for work. Nothing is kept until it is done.
pub struct ProofOfWork {
    key: hmac::Key,
    entropy: Arc<dyn Entropy>,
}

impl ProofOfWork {
    /// Asks in such a way that every node with this key knows it asked.
    pub fn new(key: [u8; 32], entropy: Arc<dyn Entropy>) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        Self { key, entropy }
    }

    /// What only we can write under what we ask.
    fn mark(&self, place: &str, asked: &str) -> String {
        let all = [place.as_bytes(), &[0], asked.as_bytes()].concat();
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, &all))
    }
}

#[async_trait]
impl Toll for ProofOfWork {
    fn ask(&self, place: &str, now: DateTime<Utc>) -> String {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        let until = (now + WITHIN).timestamp();
        let asked = format!("{BITS}.{until}.{}", URL_SAFE_NO_PAD.encode(salt));
        let mark = self.mark(place, &asked);
        format!("{asked}.{mark}")
    }

    async fn paid(&self, place: &str, answer: &str, now: DateTime<Utc>) -> Option<Receipt> {
        let (ours, _number) = answer.rsplit_once('.')?;
        let (asked, mark) = ours.rsplit_once('.')?;
        let own = self.mark(place, asked);
        if !bool::from(mark.as_bytes().ct_eq(own.as_bytes())) {
            return None;
        }
        let (_, rest) = asked.split_once('.')?;
        let (until, salt) = rest.split_once('.')?;
        let in_time = now.timestamp() < until.parse().ok()?;
        let hash = digest(&SHA256, answer.as_bytes());
        (in_time && zero_bits(hash.as_ref()) >= BITS).then(|| Receipt(salt.to_owned()))
    }
}

/// With how many zero bits a hash begins.
fn zero_bits(hash: &[u8]) -> u32 {
    let zeros = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or_default() * 8 + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::SystemEntropy;

    const PLACE: &str = "cb0071";

    fn toll(key: u8) -> ProofOfWork {
        ProofOfWork::new([key; 32], Arc::new(SystemEntropy))
    }

    fn work(asked: &str) -> String {
        (0_u32..)
            .map(|number| format!("{asked}.{number}"))
            .find(|answer| zero_bits(digest(&SHA256, answer.as_bytes()).as_ref()) >= BITS)
            .unwrap()
    }

    #[test]
    fn zero_bits_are_counted_from_the_front() {
        assert_eq!(zero_bits(&[0xff]), 0);
        assert_eq!(zero_bits(&[0x00, 0x1f]), 11);
        assert_eq!(zero_bits(&[0, 0]), 16);
    }

    #[tokio::test]
    async fn work_that_was_asked_for_is_taken_in_time_and_where_it_was_asked() {
        let (toll, now) = (toll(1), DateTime::UNIX_EPOCH);
        let asked = toll.ask(PLACE, now);
        let answer = work(&asked);
        let receipt = toll.paid(PLACE, &answer, now).await;
        assert!(receipt.is_some());
        assert_eq!(toll.paid(PLACE, &answer, now).await, receipt, "known again");
        assert_eq!(toll.paid("elsewhere", &answer, now).await, None);
        assert_eq!(toll.paid(PLACE, &answer, now + WITHIN).await, None);
    }

    #[tokio::test]
    async fn what_nobody_asked_for_and_work_not_done_pay_nothing() {
        let (own, now) = (toll(1), DateTime::UNIX_EPOCH);
        let asked = own.ask(PLACE, now);
        let lazy = (0_u32..)
            .map(|number| format!("{asked}.{number}"))
            .find(|answer| zero_bits(digest(&SHA256, answer.as_bytes()).as_ref()) < BITS)
            .unwrap();
        assert_eq!(own.paid(PLACE, &lazy, now).await, None);
        let foreign = work(&toll(2).ask(PLACE, now));
        assert_eq!(own.paid(PLACE, &foreign, now).await, None);
        let easier = work(&asked.replacen(&format!("{BITS}."), "1.", 1));
        assert_eq!(own.paid(PLACE, &easier, now).await, None);
        for junk in ["", ".", "...", "16.1.x.y.z", &"x".repeat(10_000)] {
            assert_eq!(own.paid(PLACE, junk, now).await, None, "{junk}");
        }
    }
}
