//! What of a provider's answers is believed, and by which browser.

use super::{House, begin, begin_linking, connect, connect_as, enters};
use crate::{harness::location, members::joined};
use chrono::TimeDelta;
use iam_testkit::{Lie, Person, Upstream};
use reqwest::StatusCode;

/// A member who is linked, so that nothing but the provider's answer can be wrong.
async fn with_member() -> (House, Person) {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let person = Person::new("sub-ada", "ada@example.com");
    let browser = house.house.browser();
    let sent = house.arrives_at(&browser, &person).await;
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    super::prove(&house, &browser).await;
    (house, person)
}

#[actix_web::test]
async fn a_token_that_is_wrong_in_any_way_signs_nobody_in_and_the_log_says_what_is_wrong() {
    let (house, ada) = with_member().await;
    let lies = [
        (Lie::OtherIssuer, "other_issuer"),
        (Lie::OtherAudience, "other_audience"),
        (Lie::OtherParty, "other_audience"),
        (Lie::OtherNonce, "other_nonce"),
        (Lie::NoNonce, "other_nonce"),
        (Lie::Expired, "expired"),
        (Lie::Stale, "expired"),
        (Lie::UnknownKey, "signature"),
        (Lie::OtherKey, "signature"),
        (Lie::NoSignature, "signature"),
    ];
    for (lie, reason) in lies {
        house.upstream.lies(lie);
        let browser = house.house.browser();
        let answer = house.arrive(&browser, &ada).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{lie:?}");
        let html = answer.text().await.unwrap();
        assert!(
            html.contains("couldn’t verify the sign-in") && html.contains("href=\"/w/acme/login\""),
            "{lie:?}: {html}"
        );
        assert!(!enters(&browser, "acme").await, "{lie:?}");
        assert_eq!(house.refusals().await.last().unwrap(), reason, "{lie:?}");
    }
    house.upstream.lies(Lie::Nothing);
    assert_eq!(
        house.arrives_at(&house.house.browser(), &ada).await,
        "/w/acme/admin"
    );
}

#[actix_web::test]
async fn no_secret_makes_a_signature_and_trouble_with_the_provider_is_told_apart() {
    let (house, ada) = with_member().await;
    let lies = [
        (Lie::ClientSecret, "signature"),
        (Lie::PublicKey, "signature"),
        (Lie::NoToken, "code"),
        (Lie::Huge, "too_large"),
        (Lie::Redirecting, "redirected"),
        (Lie::Slow, "slow"),
    ];
    for (lie, reason) in lies {
        // The way there is known, as it is for an hour.
        let browser = house.house.browser();
        let address = house.begin(&browser).await;
        house.upstream.lies(lie);
        let answer = browser.get(&house.upstream.authorizes(&address, &ada)).await;
        house.upstream.lies(Lie::Nothing);
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{lie:?}");
        assert!(!enters(&browser, "acme").await, "{lie:?}");
        assert_eq!(house.refusals().await.last().unwrap(), reason, "{lie:?}");
    }
}

#[actix_web::test]
async fn a_provider_that_cannot_be_asked_leads_back_to_the_login_page_which_says_so() {
    let house = House::new("members").await;
    for (lie, reason) in [
        (Lie::OtherDiscovery, "discovery"),
        (Lie::Redirecting, "redirected"),
    ] {
        house.upstream.lies(lie);
        let browser = house.house.browser();
        let form = [("connection", house.id.as_str())];
        let answer = browser.post("/w/acme/login/connection", &form).await;
        assert_eq!(location(&answer), "/w/acme/login", "{lie:?}");
        let html = browser.get("/w/acme/login").await.text().await.unwrap();
        assert!(html.contains("couldn’t verify the sign-in"), "{lie:?}");
        assert_eq!(house.refusals().await.last().unwrap(), reason, "{lie:?}");
    }
    // What the log says in a word, the connection's page says in words.
    let page = format!("/w/acme/admin/connections/{}", house.id);
    let html = house.owner.get(&page).await.text().await.unwrap();
    assert!(
        html.contains("A sign-in with Harbour ID failed: the provider redirected to another address"),
        "{html}"
    );
}

#[actix_web::test]
async fn an_answer_counts_in_the_browser_that_asked_once_and_not_for_ever() {
    let (house, ada) = with_member().await;
    let (browser, other) = (house.house.browser(), house.house.browser());
    let address = house.begin(&browser).await;
    let back = house.upstream.authorizes(&address, &ada);
    // Another browser, with a cookie of its own, gets nothing and spends nothing.
    house.begin(&other).await;
    for stranger in [&other, &house.house.browser()] {
        assert_eq!(stranger.get(&back).await.status(), StatusCode::GONE);
        assert!(!enters(stranger, "acme").await);
    }
    assert_eq!(house.refusals().await, ["other_browser", "other_browser"]);
    // The one that asked gets in, and again when the answer is loaded twice.
    assert_eq!(location(&browser.get(&back).await), "/w/acme/admin");
    assert_eq!(location(&browser.get(&back).await), "/w/acme/admin");
    assert!(enters(&browser, "acme").await);
    let sessions = house.house.told(["session.created"]).await;
    house.house.clock.advance(TimeDelta::minutes(2));
    assert_eq!(browser.get(&back).await.status(), StatusCode::GONE);
    assert_eq!(house.house.told(["session.created"]).await, sessions);
    // What took too long is too late.
    let late = house.begin(&other).await;
    house.house.clock.advance(TimeDelta::minutes(10));
    let back = house.upstream.authorizes(&late, &ada);
    assert_eq!(other.get(&back).await.status(), StatusCode::GONE);
}

#[actix_web::test]
async fn two_answers_at_once_come_to_one_session() {
    let (house, ada) = with_member().await;
    let browser = house.house.browser();
    let address = house.begin(&browser).await;
    let back = house.upstream.authorizes(&address, &ada);
    let before = house.house.told(["session.created"]).await[0];
    let (one, two) = futures_util::join!(browser.get(&back), browser.get(&back));
    assert_eq!(
        [location(&one), location(&two)],
        ["/w/acme/admin", "/w/acme/admin"]
    );
    assert_eq!(house.house.told(["session.created"]).await[0], before + 1);
}

#[actix_web::test]
async fn an_answer_of_another_provider_or_of_none_is_not_redeemed() {
    let (house, ada) = with_member().await;
    let browser = house.house.browser();
    for (from, to) in [
        ("&iss=", "&iss=http%3A%2F%2F127.0.0.1%3A1&was="),
        ("&iss=", "&was="),
    ] {
        let address = house.begin(&browser).await;
        let back = house.upstream.authorizes(&address, &ada).replace(from, to);
        assert_eq!(
            browser.get(&back).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(house.refusals().await.last().unwrap(), "other_issuer");
    }
    // Somebody who said no there, and a state that nobody gave out.
    let address = house.begin(&browser).await;
    let back = house.upstream.authorizes(&address, &ada);
    let denied = browser
        .get(&back.replace("code=", "error=access_denied&was="))
        .await;
    assert_eq!(denied.status(), StatusCode::FORBIDDEN);
    assert_eq!(house.refusals().await.last().unwrap(), "denied");
    for made_up in ["", "?state=x&code=y", "?state=roo_cx_AAAA&code=y"] {
        let answer = browser.get(&format!("/w/acme/login/callback{made_up}")).await;
        assert_eq!(answer.status(), StatusCode::GONE, "{made_up}");
    }
    assert!(!enters(&browser, "acme").await);
}

#[actix_web::test]
async fn what_a_browser_is_sent_along_with_binds_the_answer() {
    let house = House::new("members").await;
    let (one, two) = (
        house.begin(&house.house.browser()).await,
        house.begin(&house.house.browser()).await,
    );
    for name in ["state", "nonce", "code_challenge"] {
        let of = |address: &str| crate::harness::param(address, name).unwrap();
        assert_ne!(of(&one), of(&two), "{name}");
    }
    let of = |name| crate::harness::param(&one, name).unwrap();
    assert_eq!(
        [
            of("response_type"),
            of("response_mode"),
            of("code_challenge_method"),
            of("scope"),
            of("client_id")
        ],
        ["code", "query", "S256", "openid email profile", "rooiam"]
    );
    let callback = format!("{}/w/acme/login/callback", house.house.origin);
    assert_eq!(of("redirect_uri"), callback);
}

#[actix_web::test]
async fn a_new_key_is_looked_for_once_a_minute_and_found() {
    let (house, ada) = with_member().await;
    let read = house.upstream.discovered();
    house.upstream.rotates();
    let browser = house.house.browser();
    assert_eq!(
        house.arrive(&browser, &ada).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(house.upstream.discovered(), read, "not within a minute");
    house.house.clock.advance(TimeDelta::minutes(1));
    assert_eq!(house.arrives_at(&browser, &ada).await, "/w/acme/admin");
    assert_eq!(house.upstream.discovered(), read + 1);
    house.upstream.lies(Lie::UnknownKey);
    for _ in 0..3 {
        house.arrive(&house.house.browser(), &ada).await;
    }
    assert_eq!(house.upstream.discovered(), read + 1);
}

#[actix_web::test]
async fn the_same_subject_at_two_providers_is_two_people() {
    let (house, ada) = with_member().await;
    let other = Upstream::start(house.house.clock.clone());
    let id = connect(&house.owner, "acme", "Other ID", &other, "members").await;
    let browser = house.house.browser();
    let address = begin(&browser, "acme", &id, "").await;
    let sent = location(&browser.get(&other.authorizes(&address, &ada)).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(!enters(&browser, "acme").await);
}

#[actix_web::test]
async fn a_provider_answers_for_its_own_workspace_alone() {
    let (house, ada) = with_member().await;
    house.house.owner_of("evil").await;
    let browser = house.house.browser();
    let address = house.begin(&browser).await;
    let back = house.upstream.authorizes(&address, &ada);
    let elsewhere = back.replace("/w/acme/", "/w/evil/");
    assert_eq!(browser.get(&elsewhere).await.status(), StatusCode::GONE);
    let form = [("connection", house.id.as_str())];
    let other = browser.post("/w/evil/login/connection", &form).await;
    assert_eq!(location(&other), "/w/evil/login");
    assert_eq!(location(&browser.get(&back).await), "/w/acme/admin");
}

#[actix_web::test]
async fn secrets_are_sealed_and_what_passes_by_is_kept_as_hashes() {
    let house = House::new("members").await;
    let address = house.begin(&house.house.browser()).await;
    let all = house.house.database.all_seeing().await.unwrap();
    let rows: String = sqlx::query_scalar(
        "SELECT string_agg(r, ' ') FROM (
             SELECT row_to_json(c)::text || encode(c.client_secret, 'escape') AS r FROM connections c
             UNION ALL SELECT row_to_json(a)::text FROM connection_attempts a
             UNION ALL SELECT row_to_json(v)::text FROM audit_events v) t",
    )
    .fetch_one(&all)
    .await
    .unwrap();
    assert!(!rows.contains("s3cret"));
    for name in ["state", "nonce"] {
        let value = crate::harness::param(&address, name).unwrap();
        assert!(!rows.contains(&value), "{name}");
    }
    let page = format!("/w/acme/admin/connections/{}", house.id);
    let html = house.owner.get(&page).await.text().await.unwrap();
    assert!(html.contains("type=\"password\"") && !html.contains("s3cret"));
}

#[actix_web::test]
async fn an_issuer_is_what_it_was_connected_as_whatever_words_stand_in_its_address() {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let issuer = format!("{}/organizations", house.upstream.issuer);
    let id = connect_as(&house.owner, "acme", ("oidc", &issuer), "Below", "members").await;
    let mut ada = Person::new("sub-ada", "ada@example.com");
    ada.more = serde_json::json!({ "iss": issuer });
    let browser = house.house.browser();
    let address = begin(&browser, "acme", &id, "").await;
    let back = house
        .upstream
        .authorizes(&address, &ada)
        .replace("&iss=", "&was=");
    let sent = location(&browser.get(&back).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
}

#[actix_web::test]
async fn who_is_called_what_nobody_is_called_is_refused_and_the_log_says_so() {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    for subject in [
        String::new(),
        "x".repeat(256),
        "a\u{0}b".to_owned(),
        "a\nb".to_owned(),
    ] {
        let mut ada = Person::new("odd", "ada@example.com");
        ada.more = serde_json::json!({ "sub": subject });
        let browser = house.house.browser();
        let back = house.upstream.authorizes(&house.begin(&browser).await, &ada);
        assert_eq!(
            browser.get(&back).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{subject:?}"
        );
        assert_eq!(house.refusals().await.last().unwrap(), "token", "{subject:?}");
    }
    assert_eq!(house.refusals().await.len(), 4);
    let mut ada = Person::new("odd", "ada@example.com");
    ada.more = serde_json::json!({ "sub": "x".repeat(255) });
    let sent = house.arrives_at(&house.house.browser(), &ada).await;
    assert!(sent.starts_with("/login/sent?"), "{sent}");
}

#[actix_web::test]
async fn a_sign_in_of_which_nothing_comes_is_over_whatever_went_wrong() {
    let house = House::new("members").await;
    let ada = joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let person = Person::new("sub-ada", "ada@example.com");
    let address = begin_linking(&ada, &house.id).await;
    let back = house.upstream.authorizes(&address, &person);
    // Nobody refuses it: another session began it.
    let all = house.house.database.all_seeing().await.unwrap();
    let other = "UPDATE connection_attempts SET session_id =
                     (SELECT s.id FROM sessions s JOIN user_emails e USING (user_id)
                      WHERE e.address = 'owner@acme.example' LIMIT 1)";
    sqlx::query(other).execute(&all).await.unwrap();
    assert_eq!(ada.get(&back).await.status(), StatusCode::GONE);
    let over: Vec<(bool, bool)> =
        sqlx::query_as("SELECT consumed_at IS NOT NULL, failed_at IS NOT NULL FROM connection_attempts")
            .fetch_all(&all)
            .await
            .unwrap();
    assert_eq!(over, [(true, true)]);
}
