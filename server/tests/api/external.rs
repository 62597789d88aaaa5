//! Parts of the outside world: a real Redis that dies, and the way to servers that people name.

use chrono::{DateTime, Utc};
use iam::{
    core::models::KnownModels,
    port::{BreachedPasswords, outbound::Outbound},
    store::cache::{Quota, RateLimiter, Verdict, redis::RedisLimiter},
};
use iam_protocol::fido::metadata;
use iam_testkit::Authority;
use server::adapter::outbound::{Caps, HttpOutbound, reach};
use std::{
    net::TcpListener,
    num::NonZeroU32,
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock},
    time::Duration,
};
use uuid::{Uuid, uuid};

struct Redis(Child, String);

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn start_redis() -> Redis {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let args = [
        "--port",
        &port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ];
    let child = Command::new("redis-server")
        .args(args)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Redis(child, format!("redis://127.0.0.1:{port}"))
}

async fn connect(url: &str) -> RedisLimiter {
    for _ in 0..100 {
        if let Ok(limiter) = RedisLimiter::connect(url).await {
            return limiter;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("redis did not start");
}

#[actix_web::test]
async fn nodes_share_a_limit_and_it_holds_when_redis_dies() {
    let quota = Quota {
        name: "test",
        burst: NonZeroU32::new(3).unwrap(),
        period: Duration::from_secs(60),
    };
    let redis = start_redis();
    let (one, two) = (connect(&redis.1).await, connect(&redis.1).await);
    let mut within = 0;
    for node in [&one, &two, &one, &two, &one] {
        within += usize::from(node.check(quota, "ada").await == Verdict::Within);
    }
    assert_eq!(within, 3);
    let Verdict::Exceeded(wait) = two.check(quota, "ada").await else {
        panic!("a fourth one");
    };
    assert!(wait > Duration::from_secs(50) && wait <= Duration::from_secs(60));
    assert_eq!(one.check(quota, "grace").await, Verdict::Within);
    drop(redis);
    assert!(!one.ping().await);
    let mut within = 0;
    for _ in 0..5 {
        within += usize::from(one.check(quota, "joan").await == Verdict::Within);
    }
    assert_eq!(within, 3, "without redis each node limits by itself");
}

/// The real client, which asks this machine alone: made once, since it reads all certificates there are.
pub fn outbound() -> Arc<dyn Outbound> {
    static OUTBOUND: LazyLock<Arc<HttpOutbound>> = LazyLock::new(|| {
        let caps = Caps {
            total: Duration::from_secs(2),
            ..Caps::default()
        };
        let allowed = reach::Allowed::default().and_loopback();
        Arc::new(HttpOutbound::new(allowed, caps).unwrap())
    });
    OUTBOUND.clone()
}

/// What everybody guesses.
pub const BREACHED: &str = "breached horse battery staple";

struct Breached;

impl BreachedPasswords for Breached {
    fn contains(&self, sha1: &[u8; 20]) -> std::io::Result<bool> {
        // Of `BREACHED`.
        Ok(sha1.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
            == "5b16a85a54586f9595a2ace19724a00e6926d3f0")
    }
}

/// The passwords that became known.
pub fn breached() -> Option<Arc<dyn BreachedPasswords>> {
    Some(Arc::new(Breached))
}

/// A model that is believed, and another of the same maker.
pub const SOUND: Uuid = uuid!("7e57ab1e-0000-4000-8000-000000000001");
pub const TWIN: Uuid = uuid!("7e57ab1e-0000-4000-8000-000000000002");
/// One of that maker of which nothing is believed any more.
pub const LOST: Uuid = uuid!("7e57ab1e-0000-4000-8000-000000000003");
/// One of another maker, who makes no other.
pub const OTHER: Uuid = uuid!("7e57ab1e-0000-4000-8000-000000000004");

/// Makers, and what is known of their models.
pub struct Makers {
    pub one: Authority,
    pub other: Authority,
    pub known: Arc<KnownModels>,
}

/// Those whose models every house knows.
pub static MAKERS: LazyLock<Makers> = LazyLock::new(|| {
    let [one, other, signer] = ["One", "Other", "Signer"].map(|name| Authority::new(name).unwrap());
    let entries = [
        one.entry(SOUND, "Testkey 5", "FIDO_CERTIFIED_L1"),
        one.entry(TWIN, "Testkey 5", "FIDO_CERTIFIED"),
        one.entry(LOST, "Testkey 4", "ATTESTATION_KEY_COMPROMISE"),
        other.entry(OTHER, "Otherkey", "NOT_FIDO_CERTIFIED"),
    ];
    let blob = signer
        .metadata("mds.fidoalliance.org", "2030-01-01", &entries)
        .unwrap();
    let now: DateTime<Utc> = "2026-06-01T00:00:00Z".parse().unwrap();
    let known = metadata::read(&blob, &signer.der(), now).unwrap();
    Makers {
        one,
        other,
        known: Arc::new(KnownModels::new(known)),
    }
});

/// What is known of models of authenticators.
pub fn models() -> Option<Arc<KnownModels>> {
    Some(MAKERS.known.clone())
}
