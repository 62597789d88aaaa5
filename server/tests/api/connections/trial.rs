//! Trying a provider out: it shows all, and signs nobody in.

use super::{House, begin, connect_as, enters, prove, set_state};
use crate::{
    domains::proof::proved,
    harness::{Browser, leads_to, location},
    members::{call, joined, page},
};
use chrono::TimeDelta;
use iam_testkit::{Coder, Github, Lie, Person};
use reqwest::StatusCode;

async fn begin_test(browser: &Browser, id: &str) -> String {
    let form = [("connection", id), ("test", "1")];
    leads_to(browser.post("/w/acme/login/connection", &form).await).await
}

/// Tries the provider out as `person`, and returns the page that tells of it.
async fn tried(house: &House, person: &Person) -> (String, String) {
    let address = begin_test(&house.owner, &house.id).await;
    let back = house.upstream.authorizes(&address, person);
    let test = location(&house.owner.get(&back).await);
    assert!(test.contains("/tests/coa_"), "{test}");
    let (status, html) = page(&house.owner, &test).await;
    assert_eq!(status, StatusCode::OK);
    (test, html)
}

async fn sessions_and_accounts(house: &House) -> [i64; 4] {
    let told = [
        "session.created",
        "user.created",
        "identity.linked",
        "magic_link.requested",
    ];
    house.house.told(told).await
}

#[actix_web::test]
async fn a_test_shows_what_a_sign_in_would_come_to_and_does_none_of_it() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let before = sessions_and_accounts(&house).await;
    let mut silent = Person::new("sub-silent", "new@acme.example");
    silent.verified = None;
    let mut nameless = Person::new("sub-nameless", "x");
    nameless.email = None;
    for (person, says) in [
        (
            Person::new("sub-new", "new@acme.example"),
            ["would get a new account", "address counts"],
        ),
        (
            Person::new("sub-ada", "ada@example.com"),
            ["would first confirm", "hasn’t verified its domain"],
        ),
        (silent, ["would first confirm", "doesn’t say that it’s verified"]),
        (
            nameless,
            ["no email address was shared", "Let the provider share"],
        ),
    ] {
        let (_, html) = tried(&house, &person).await;
        for words in says {
            assert!(html.contains(words), "{words}: {html}");
        }
        assert!(
            html.contains(&person.subject) && html.contains("/authorize"),
            "{html}"
        );
    }
    assert_eq!(sessions_and_accounts(&house).await, before);
    assert!(house.linked().await.is_empty());
    assert_eq!(
        house
            .house
            .told(["connection.tested", "connection.refused"])
            .await,
        [4, 0]
    );
    // Who is linked would be signed in, and is not.
    let person = Person::new("sub-ada", "ada@example.com");
    let browser = house.house.browser();
    house.arrives_at(&browser, &person).await;
    prove(&house, &browser).await;
    let (_, html) = tried(&house, &person).await;
    assert!(html.contains("the account that’s linked"), "{html}");
    let (_, html) = page(&house.owner, "/account").await;
    assert!(
        html.contains("owner@acme.example") && !html.contains("ada@example.com"),
        "{html}"
    );
}

#[actix_web::test]
async fn no_secret_is_in_a_trace_nor_readable_where_it_is_kept() {
    let house = House::new("members").await;
    let address = begin_test(&house.owner, &house.id).await;
    let person = Person::new("sub-1", "reader@acme.example");
    let back = house.upstream.authorizes(&address, &person);
    let test = location(&house.owner.get(&back).await);
    let (_, html) = page(&house.owner, &test).await;
    for name in ["state", "nonce", "code_challenge"] {
        let value = crate::harness::param(&address, name).unwrap();
        assert!(!html.contains(&value), "{name}");
    }
    let code = crate::harness::param(&back, "code").unwrap();
    assert!(!html.contains(&code) && !html.contains("s3cret") && !html.contains("eyJ"));
    let all = house.house.database.all_seeing().await.unwrap();
    let rows: String = sqlx::query_scalar(
        "SELECT string_agg(row_to_json(a)::text || encode(trace, 'escape'), ' ') FROM connection_attempts a",
    )
    .fetch_one(&all)
    .await
    .unwrap();
    assert!(!rows.contains("reader@") && !rows.contains("sub-1"));
}

#[actix_web::test]
async fn what_fails_is_said_with_the_step_that_did_and_what_to_do() {
    let house = House::new("members").await;
    let ada = Person::new("sub-ada", "ada@example.com");
    for (lie, says) in [
        (Lie::OtherAudience, "Check that the client ID"),
        (Lie::OtherNonce, "with the nonce"),
        (Lie::Expired, "Check the clocks"),
        (Lie::NoSignature, "with a key that it publishes"),
        (Lie::NoToken, "Check the client ID and secret"),
    ] {
        house.upstream.lies(lie);
        let (_, html) = tried(&house, &ada).await;
        assert!(
            html.contains(says) && html.contains(">Failed<"),
            "{lie:?}: {html}"
        );
    }
    house.upstream.lies(Lie::Nothing);
    let address = begin_test(&house.owner, &house.id).await;
    let denied = house.upstream.authorizes(&address, &ada).replace(
        "code=",
        "error=access_denied&error_description=Not%20%3Cb%3Eassigned&was=",
    );
    let (_, html) = page(&house.owner, &location(&house.owner.get(&denied).await)).await;
    assert!(
        html.contains("access_denied") && html.contains("Not &lt;b&gt;assigned"),
        "{html}"
    );
    // Where there is no way to the provider, the page comes at once.
    let inside = connect_as(
        &house.owner,
        "acme",
        ("oidc", "https://10.0.0.1"),
        "Inside",
        "members",
    )
    .await;
    let form = [("connection", inside.as_str()), ("test", "1")];
    let test = location(&house.owner.post("/w/acme/login/connection", &form).await);
    let (_, html) = page(&house.owner, &test).await;
    assert!(html.contains("ROOIAM_OUTBOUND_ALLOW"), "{html}");
}

#[actix_web::test]
async fn a_test_is_for_the_session_that_began_it_and_for_minutes() {
    let house = House::new("members").await;
    let ada = Person::new("sub-ada", "owner@acme.example");
    let (test, _) = tried(&house, &ada).await;
    let second = house.house.sign_in("owner@acme.example").await;
    assert_eq!(page(&second, &test).await.0, StatusCode::NOT_FOUND);
    let admin = joined(&house.house, &house.owner, "adam@example.com", "admin").await;
    assert_eq!(page(&admin, &test).await.0, StatusCode::FORBIDDEN);
    for browser in [&admin, &house.house.browser()] {
        let form = [("connection", house.id.as_str()), ("test", "1")];
        let refused = browser.post("/w/acme/login/connection", &form).await;
        assert!(refused.status().is_client_error(), "{}", refused.status());
    }
    house.house.clock.advance(TimeDelta::minutes(10));
    assert_eq!(page(&house.owner, &test).await.0, StatusCode::NOT_FOUND);
    // It takes a sign-in that is recent, and nobody whom a provider vouches for.
    house.house.clock.advance(TimeDelta::minutes(6));
    let form = [("connection", house.id.as_str()), ("test", "1")];
    let late = house.owner.post("/w/acme/login/connection", &form).await;
    assert_eq!(location(&late), format!("/w/acme/admin/connections/{}", house.id));
}

#[actix_web::test]
async fn an_answer_to_a_test_signs_nobody_in_wherever_it_is_taken() {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let ada = Person::new("sub-ada", "ada@example.com");
    let browser = house.house.browser();
    house.arrives_at(&browser, &ada).await;
    prove(&house, &browser).await;
    let before = house.house.told(["session.created"]).await;
    let address = begin_test(&house.owner, &house.id).await;
    let back = house.upstream.authorizes(&address, &ada);
    // Somebody else's browser, and the same one once the session is over.
    let other = house.house.browser();
    begin(&other, "acme", &house.id, "").await;
    assert_eq!(other.get(&back).await.status(), StatusCode::GONE);
    house.owner.post("/fn/sign_out", &[]).await;
    let over = house.owner.get(&back).await;
    assert!(over.status().is_client_error(), "{}", over.status());
    assert!(!enters(&house.owner, "acme").await && !enters(&other, "acme").await);
    assert_eq!(house.house.told(["session.created"]).await, before);
    assert_eq!(house.house.told(["connection.tested"]).await, [0]);
}

#[actix_web::test]
async fn a_disabled_provider_can_be_tried_out_and_a_deleted_one_answers_no_test() {
    let house = House::new("members").await;
    assert_eq!(
        set_state(&house.owner, &house.id, "disabled").await,
        StatusCode::OK
    );
    let (_, html) = tried(&house, &Person::new("s", "x@example.com")).await;
    assert!(html.contains("The connection is disabled"), "{html}");
    let address = begin_test(&house.owner, &house.id).await;
    let back = house
        .upstream
        .authorizes(&address, &Person::new("s", "x@example.com"));
    let form = [
        ("slug", "acme"),
        ("id", house.id.as_str()),
        ("confirmation", "Harbour ID"),
    ];
    assert_eq!(
        call(&house.owner, "delete_connection", &form).await,
        StatusCode::OK
    );
    assert_eq!(house.owner.get(&back).await.status(), StatusCode::GONE);
}

#[actix_web::test]
async fn a_test_of_github_shows_its_addresses() {
    let house = House::new("members").await;
    let github = Github::start();
    let id = connect_as(
        &house.owner,
        "acme",
        ("github_server", &github.base),
        "Hub",
        "members",
    )
    .await;
    let address = begin_test(&house.owner, &id).await;
    let back = github.authorizes(&address, &Coder::new(44, "ada", "ada@example.com"));
    let (_, html) = page(&house.owner, &location(&house.owner.get(&back).await)).await;
    assert!(
        html.contains("/user/emails") && html.contains("ada@example.com") && html.contains("/api/v3/"),
        "{html}"
    );
    assert!(!html.contains("gho_"), "{html}");
}

#[actix_web::test]
async fn however_much_a_provider_says_a_test_tells_of_it() {
    let house = House::new("members").await;
    let mut person = Person::new("sub-much", "ada@example.com");
    let long = "😀".repeat(300);
    let claims = (0..60).map(|place| (format!("{place}{long}"), serde_json::Value::from(long.clone())));
    person.more = serde_json::Value::Object(claims.collect());
    person.more["name"] = serde_json::json!("Ada\u{202e}ecalevoL");
    let (_, html) = tried(&house, &person).await;
    assert!(
        html.contains("sub-much") && html.contains("AdaecalevoL"),
        "{html}"
    );
    assert!(!html.contains('\u{202e}'));
}
