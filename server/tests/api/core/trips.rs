//! How often a request asks the database. These are counts, so they are exact; `docs/speed.md` says what they mean.

use crate::{
    harness::{Browser, Harness, RegisteredApp, Ways, location, param, request},
    provider::{redeem, refresh, userinfo},
};
use iam_testkit::{Database, Trips, Wire};
use reqwest::StatusCode;
use serde_json::Value;
use std::collections::BTreeMap;

/// Of each path: trips, statements, `COMMIT`s; a statement by itself is a transaction of its own. A path that needs more than before has to say why in `docs/speed.md`.
const PATHS: [(&str, [usize; 3]); 11] = [
    ("discovery", [0, 0, 0]),
    ("JWKS", [0, 0, 0]),
    ("sign-in page", [6, 5, 0]),
    ("session check", [2, 2, 0]),
    ("workspaces", [8, 7, 0]),
    ("member list", [5, 4, 0]),
    ("authorize", [3, 3, 0]),
    ("continue, consent remembered", [3, 3, 0]),
    ("token, code", [2, 2, 0]),
    ("token, refresh", [2, 2, 0]),
    ("userinfo", [1, 1, 0]),
];
/// Pages among them.
const PAGES: [(&str, &str); 6] = [
    ("discovery", "/w/acme/.well-known/openid-configuration"),
    ("JWKS", "/w/acme/oauth/jwks"),
    ("sign-in page", "/w/acme/login?again=1"),
    ("session check", "/account/sessions"),
    ("workspaces", "/workspaces"),
    ("member list", "/w/acme/admin/members"),
];
/// How often each path is taken: the first times statements are prepared.
const ROUNDS: usize = 4;

struct Counted {
    house: Harness,
    owner: Browser,
    app: RegisteredApp,
    wire: Wire,
    counts: BTreeMap<&'static str, (Trips, Vec<String>)>,
}

impl Counted {
    async fn start() -> Self {
        let mut database = Database::create().await.unwrap();
        let (wire, runtime) = Wire::start(&database.runtime).await.unwrap();
        database.runtime = runtime;
        let house = Harness::start_on(database, Ways::default()).await;
        let owner = house.owner_of("acme").await;
        let app = house.register(&owner, "acme", "ES256").await;
        Self {
            house,
            owner,
            app,
            wire,
            counts: BTreeMap::new(),
        }
    }

    /// Counts what was done since the last time as `what`; of several times the least, since others prepare statements.
    async fn note(&mut self, what: &'static str) {
        let texts = self.wire.texts();
        let trips = self.wire.take().await;
        let least = self.counts.entry(what).or_insert((trips, Vec::new()));
        if trips.trips <= least.0.trips {
            *least = (trips, texts);
        }
    }

    async fn page(&mut self, what: &'static str, path: &str) {
        for _ in 0..ROUNDS {
            assert_eq!(self.owner.get(path).await.status(), StatusCode::OK, "{path}");
            self.note(what).await;
        }
    }

    /// A sign-in at an app whose consent is remembered, to its userinfo and a refresh.
    async fn flow(&mut self) {
        let start = format!("/w/acme/oauth/authorize?{}", request(&self.app, ""));
        let next = location(&self.owner.get(&start).await);
        self.note("authorize").await;
        let answer = location(&self.owner.get(&next).await);
        self.note("continue, consent remembered").await;
        let code = param(&answer, "code").unwrap();
        let (status, tokens) = redeem(&self.house, "acme", &self.app, &code).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        self.note("token, code").await;
        let (status, tokens) = refresh(&self.house, &self.app, token(&tokens)).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        self.note("token, refresh").await;
        assert_eq!(userinfo(&self.house, "acme", &tokens).await, StatusCode::OK);
        self.note("userinfo").await;
    }
}

fn token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[actix_web::test]
async fn every_hot_path_asks_the_database_as_seldom_as_we_say() {
    let mut counted = Counted::start().await;
    for (what, path) in PAGES {
        counted.page(what, path).await;
    }
    // The first consent is asked for.
    counted.owner.authorize("acme", &request(&counted.app, "")).await;
    counted.wire.take().await;
    for _ in 0..ROUNDS {
        counted.flow().await;
    }
    for (what, promised) in PATHS {
        let (trips, texts) = &counted.counts[what];
        let needed = [trips.trips, trips.statements, trips.commits];
        assert_eq!(needed, promised, "{what}: {trips:?}\n  {}", texts.join("\n  "));
        assert_eq!(trips.pings, 0, "{what}");
    }
    assert_eq!(counted.counts.len(), PATHS.len());
}
