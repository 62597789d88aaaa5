//! Refreshing over a network that loses answers, with nodes that race and thieves that hold old tokens.

use crate::{
    harness::{Browser, CALLBACK, Harness, RegisteredApp, VERIFIER, param},
    provider::{
        code, ready, redeem,
        requests::{LOOPBACK, public_app, request_to},
        userinfo,
    },
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use reqwest::{Client, StatusCode};
use serde_json::Value;

/// An app that talks to a node: with its secret, or without one.
struct Caller<'a> {
    app: &'a RegisteredApp,
    redirect_uri: &'a str,
}

impl Caller<'_> {
    async fn ask(&self, node: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let call = Client::new().post(format!("{node}/w/acme/oauth/token"));
        let call = if self.app.secret.is_empty() {
            call.form(&[form, &[("client_id", self.app.id.as_str())]].concat())
        } else {
            call.basic_auth(&self.app.id, Some(&self.app.secret)).form(form)
        };
        let answer = call.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn refresh(&self, node: &str, token: &str) -> (StatusCode, Value) {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.ask(node, &form).await
    }

    /// The first tokens of a new family.
    async fn family(&self, owner: &Browser) -> Value {
        let answer = owner
            .authorize("acme", &request_to(self.app, self.redirect_uri, ""))
            .await;
        let code = param(&answer, "code").unwrap_or_else(|| panic!("no code in {answer}"));
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let (status, tokens) = self.ask(&owner.origin, &form).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }
}

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

/// What happens to a family.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The token so many before the newest is presented, at one of two nodes.
    Refresh { back: usize, node: usize },
    /// Time passes.
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let refresh = (
        prop_oneof![4 => Just(0_usize), 4 => Just(1), 1 => Just(2)],
        0..2_usize,
    )
        .prop_map(|(back, node)| Step::Refresh { back, node });
    let wait = prop_oneof![Just(1_i64), Just(14), Just(29), Just(30)].prop_map(Step::Wait);
    prop::collection::vec(prop_oneof![3 => refresh, 1 => wait], 1..14)
}

/// The rule in its plainest form: tokens by number, of which the last is the one that works.
struct Model {
    /// When each but the last was used, in seconds.
    used_at: Vec<i64>,
    now: i64,
    ended: bool,
}

impl Model {
    /// The number of the token that presenting token `n` gives, if any.
    fn present(&mut self, n: usize) -> Option<usize> {
        let newest = self.used_at.len();
        let retry = n + 1 == newest && self.now - self.used_at[n] < 30;
        if self.ended {
            return None;
        }
        if n == newest {
            self.used_at.push(self.now);
        } else if !retry {
            self.ended = true;
            return None;
        }
        Some(n + 1)
    }
}

async fn follow(house: &Harness, owner: &Browser, caller: &Caller<'_>, nodes: &[String; 2], steps: &[Step]) {
    let first = caller.family(owner).await;
    let (mut tokens, mut newest) = (vec![refresh_token(&first)], first);
    let mut model = Model {
        used_at: Vec::new(),
        now: 0,
        ended: false,
    };
    for (at, step) in steps.iter().enumerate() {
        match *step {
            Step::Wait(secs) => {
                model.now += secs;
                house.clock.advance(TimeDelta::seconds(secs));
            }
            Step::Refresh { back, node } => {
                let n = (tokens.len() - 1).saturating_sub(back);
                let (status, answer) = caller.refresh(&nodes[node], &tokens[n]).await;
                match model.present(n) {
                    Some(next) => {
                        assert_eq!(status, StatusCode::OK, "step {at}: {answer}");
                        let given = refresh_token(&answer);
                        match tokens.get(next) {
                            Some(known) => {
                                assert_eq!(*known, given, "step {at}: a retry gives the same successor")
                            }
                            None => tokens.push(given),
                        }
                        newest = answer;
                    }
                    None => assert_eq!(
                        (status, answer["error"].as_str()),
                        (StatusCode::BAD_REQUEST, Some("invalid_grant")),
                        "step {at}"
                    ),
                }
            }
        }
    }
    if model.ended {
        let last = tokens.last().unwrap();
        assert_eq!(caller.refresh(&nodes[0], last).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(userinfo(house, "acme", &newest).await, StatusCode::UNAUTHORIZED);
    }
}

/// Sequences that a client, a bad network and a thief make, on two nodes, against the rule in its plainest form.
#[test]
fn whatever_gets_lost_or_stolen_a_family_goes_on_by_retries_and_ends_by_reuse() {
    let system = actix_web::rt::System::new();
    let (house, owner, app, native, nodes) = system.block_on(async {
        let (house, owner, app) = ready("ES256").await;
        let native = public_app(&owner, LOOPBACK).await;
        let nodes = [house.origin.clone(), house.another_node().await];
        (house, owner, app, native, nodes)
    });
    let callers = [
        Caller {
            app: &app,
            redirect_uri: CALLBACK,
        },
        Caller {
            app: &native,
            redirect_uri: LOOPBACK,
        },
    ];
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(0..2_usize, steps()), |(caller, steps)| {
            system.block_on(follow(&house, &owner, &callers[caller], &nodes, &steps));
            Ok(())
        })
        .unwrap();
    let doubled: Vec<i64> = system.block_on(async {
        let all = house.database.all_seeing().await.unwrap();
        sqlx::query_scalar(
            "SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL GROUP BY grant_id HAVING count(*) > 1",
        )
        .fetch_all(&all)
        .await
        .unwrap()
    });
    assert_eq!(doubled, [0_i64; 0], "a family has one token that works");
}

#[actix_web::test]
async fn refreshes_at_once_on_two_nodes_all_get_the_same_successor_and_the_family_lives() {
    let (house, owner, app) = ready("ES256").await;
    let nodes = [house.origin.clone(), house.another_node().await];
    let caller = Caller {
        app: &app,
        redirect_uri: CALLBACK,
    };
    for _ in 0..5 {
        let first = refresh_token(&caller.family(&owner).await);
        let answers = join_all((0..8).map(|n| caller.refresh(&nodes[n % 2], &first))).await;
        let mut given: Vec<String> = answers
            .iter()
            .map(|(status, answer)| {
                assert_eq!(*status, StatusCode::OK, "{answer}");
                refresh_token(answer)
            })
            .collect();
        given.dedup();
        assert_eq!(given.len(), 1);
        for (_, answer) in &answers {
            assert_eq!(userinfo(&house, "acme", answer).await, StatusCode::OK);
        }
        assert_eq!(caller.refresh(&nodes[0], &given[0]).await.0, StatusCode::OK);
    }
}

#[actix_web::test]
async fn a_used_token_is_reuse_once_its_successor_was_used_or_half_a_minute_went_by() {
    let (house, owner, app) = ready("ES256").await;
    let caller = Caller {
        app: &app,
        redirect_uri: CALLBACK,
    };
    let first = refresh_token(&caller.family(&owner).await);
    let (_, second) = caller.refresh(&house.origin, &first).await;
    let (_, third) = caller.refresh(&house.origin, &refresh_token(&second)).await;
    assert_eq!(
        caller.refresh(&house.origin, &first).await.0,
        StatusCode::BAD_REQUEST
    );
    for tokens in [&second, &third] {
        assert_eq!(userinfo(&house, "acme", tokens).await, StatusCode::UNAUTHORIZED);
        let (status, _) = caller.refresh(&house.origin, &refresh_token(tokens)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }

    let first = refresh_token(&caller.family(&owner).await);
    let (_, second) = caller.refresh(&house.origin, &first).await;
    house.clock.advance(TimeDelta::seconds(30));
    assert_eq!(
        caller.refresh(&house.origin, &first).await.0,
        StatusCode::BAD_REQUEST
    );
    let (status, _) = caller.refresh(&house.origin, &refresh_token(&second)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn a_retry_is_bound_to_its_app_and_its_scope_and_stands_in_the_log() {
    let (house, owner, app) = ready("ES256").await;
    let other = house.register(&owner, "acme", "ES256").await;
    let caller = |app| Caller {
        app,
        redirect_uri: CALLBACK,
    };
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let first = refresh_token(&tokens);
    let (_, second) = caller(&app).refresh(&house.origin, &first).await;
    let (status, _) = caller(&other).refresh(&house.origin, &first).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let wider = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.as_str()),
        ("scope", "openid roles"),
    ];
    let (_, error) = caller(&app).ask(&house.origin, &wider).await;
    assert_eq!(error["error"], "invalid_scope");
    let (status, again) = caller(&app).refresh(&house.origin, &first).await;
    assert_eq!(
        (status, refresh_token(&again)),
        (StatusCode::OK, refresh_token(&second))
    );
    let all = house.database.all_seeing().await.unwrap();
    let events: Vec<String> = sqlx::query_scalar(
        "SELECT coalesce(detail->>'again', 'false') FROM audit_events WHERE action = 'tokens.issued' ORDER BY 1",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    assert_eq!(events, ["false", "false", "true"]);
}

#[actix_web::test]
async fn what_ends_a_family_ends_its_retries_too() {
    let (house, owner, app) = ready("ES256").await;
    let caller = Caller {
        app: &app,
        redirect_uri: CALLBACK,
    };
    let first = refresh_token(&caller.family(&owner).await);
    assert_eq!(caller.refresh(&house.origin, &first).await.0, StatusCode::OK);
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE token_grants SET revoked_at = now(), revoke_reason = 'withdrawn'")
        .execute(&all)
        .await
        .unwrap();
    assert_eq!(
        caller.refresh(&house.origin, &first).await.0,
        StatusCode::BAD_REQUEST
    );
}
