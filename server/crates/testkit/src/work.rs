//! What a browser does that is asked for work.

use aws_lc_rs::digest::{SHA256, digest};

/// The answer to what a page asked: with how many zero bits its hash begins stands in front.
pub fn work(asked: &str) -> String {
    let bits: u32 = asked
        .split('.')
        .next()
        .and_then(|bits| bits.parse().ok())
        .unwrap_or(u32::MAX);
    (0_u64..)
        .map(|number| format!("{asked}.{number}"))
        .find(|answer| {
            let hash = digest(&SHA256, answer.as_bytes());
            let front: [u8; 16] = std::array::from_fn(|n| hash.as_ref()[n]);
            u128::from_be_bytes(front).leading_zeros() >= bits
        })
        .unwrap_or_default()
}
