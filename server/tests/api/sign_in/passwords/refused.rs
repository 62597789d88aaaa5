//! Whatever is wrong with a sign-in by password.

use super::{ACME, ADA, GOOD, LOGIN, allow, choose, send, shown, try_at, with_password};
use crate::{
    harness::{Harness, location, token},
    limits::browser_from,
    members::{call, id_of},
    sign_in::passkeys::came_to,
};
use chrono::TimeDelta;
use iam::core::limits::Limit;
use reqwest::StatusCode;

#[actix_web::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_costs_one_slow_hash() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let _ada = with_password(&house, ADA).await;
    house.sign_in("without@example.com").await;
    let browser = house.browser();
    let mut answers = Vec::new();
    for (email, password) in [
        (ADA, "wrong horse battery staple"),
        (ADA, ""),
        (ADA, &GOOD.to_uppercase()),
        (ADA, &"a".repeat(100_000)),
        ("without@example.com", GOOD),
        ("unknown@example.com", GOOD),
    ] {
        let form = shown(&browser, LOGIN).await;
        let fields = [
            ("form", form[0].as_str()),
            ("proof", &form[1]),
            ("email", email),
            ("password", password),
        ];
        let answer = browser.call_json("redeem_password", &fields).await;
        let status = answer.status();
        answers.push((status, answer.text().await.unwrap()));
    }
    assert!(answers[0].1.contains("password_wrong"), "{answers:?}");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(!browser.is_signed_in().await);
    assert_eq!(house.told(["password.refused"]).await, [6]);
}

#[actix_web::test]
async fn a_form_counts_in_the_browser_and_on_the_way_it_was_shown_for() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    allow(&house, Some(&owner)).await;
    let _ada = with_password(&house, ADA).await;
    let (eve, victim) = (house.browser(), house.browser());
    let planted = shown(&eve, LOGIN).await;
    // Login CSRF: what was shown to somebody else signs nobody in here, whoever's password it is.
    for browser in [&victim, &house.browser()] {
        let refused = send(browser, &planted, ADA, GOOD).await;
        assert_eq!(refused.as_deref(), Some("sign_in_expired"));
    }
    let own = shown(&victim, LOGIN).await;
    for (place, value) in [
        (0, planted[0].clone()),
        (0, String::new()),
        (0, "nonsense".to_owned()),
        (1, planted[1].clone()),
        (1, String::new()),
        (2, "acme".to_owned()),
    ] {
        let mut bent = own.clone();
        bent[place] = value;
        let refused = send(&victim, &bent, ADA, GOOD).await;
        assert_eq!(refused.as_deref(), Some("sign_in_expired"), "{place}");
    }
    // Another site sends nothing.
    let fields = [
        ("form", own[0].as_str()),
        ("proof", &own[1]),
        ("email", ADA),
        ("password", GOOD),
    ];
    for origin in [Some("https://evil.example"), Some("null")] {
        let answer = victim.post_from("/fn/redeem_password", &fields, origin).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    assert!(!victim.is_signed_in().await);
    assert_eq!(send(&victim, &own, ADA, GOOD).await, None);
    // What was shown too long ago is over.
    let late = house.browser();
    let form = shown(&late, LOGIN).await;
    house.clock.advance(TimeDelta::minutes(15));
    assert_eq!(
        send(&late, &form, ADA, GOOD).await.as_deref(),
        Some("sign_in_expired")
    );
}

#[actix_web::test]
async fn a_workspaces_own_host_asks_for_no_password_and_takes_none() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    allow(&house, Some(&owner)).await;
    let _ada = with_password(&house, ADA).await;
    let all = house.database.all_seeing().await.unwrap();
    for sql in [
        "INSERT INTO workspace_domains (workspace_id, domain, token, created_at, verified_at)
         SELECT workspace_id, 'login.acme.example', 'x', now(), now() FROM workspace_directory WHERE slug = 'acme'",
        "UPDATE workspace_directory SET host = 'login.acme.example' WHERE slug = 'acme'",
    ] {
        sqlx::query(sql).execute(&all).await.unwrap();
    }
    let here = house.browser();
    let form = shown(&here, ACME).await;
    let there = house.browser_at("login.acme.example");
    let login = there.get("/w/acme/login").await;
    assert_eq!(login.status(), StatusCode::OK);
    assert!(!login.text().await.unwrap().contains("login/password"));
    assert_eq!(there.get(ACME).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(&there, &form, ADA, GOOD).await.as_deref(), Some("not_found"));
    assert!(!there.is_signed_in().await);
}

#[actix_web::test]
async fn who_was_disabled_has_the_wrong_password_and_the_right_one_once_they_are_not() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let _ada = with_password(&house, ADA).await;
    house
        .iam
        .platform()
        .appoint_operator("olga@operator.example")
        .await
        .unwrap();
    let olga = house.sign_in("olga@operator.example").await;
    let id = id_of(&house, ADA).await;
    let browser = house.browser();
    let open = shown(&browser, LOGIN).await;
    house.clock.advance(TimeDelta::seconds(2));
    assert_eq!(call(&olga, "disable_user", &[("id", &id)]).await, StatusCode::OK);
    let refused = try_at(&house.browser(), LOGIN, ADA, GOOD).await;
    assert_eq!(refused.as_deref(), Some("password_wrong"));
    assert_eq!(call(&olga, "enable_user", &[("id", &id)]).await, StatusCode::OK);
    house.clock.advance(TimeDelta::seconds(2));
    // What was open before is over.
    assert_eq!(
        send(&browser, &open, ADA, GOOD).await.as_deref(),
        Some("sign_in_expired")
    );
    assert_eq!(try_at(&browser, LOGIN, ADA, GOOD).await, None);
}

#[actix_web::test]
async fn a_sign_in_that_was_not_theirs_takes_the_password_with_it() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    house.clock.advance(TimeDelta::minutes(1));
    let thief = house.browser();
    assert_eq!(try_at(&thief, LOGIN, ADA, GOOD).await, None);
    let mail = house.mails.take_warning().await;
    let query = url::Url::parse(&mail.url).unwrap();
    let fields: Vec<(String, String)> = query.query_pairs().into_owned().collect();
    let form: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        call(&house.browser(), "disown_session", &form).await,
        StatusCode::OK
    );
    assert!(!thief.is_signed_in().await && !ada.is_signed_in().await);
    house.clock.advance(TimeDelta::minutes(1));
    let again = try_at(&thief, LOGIN, ADA, GOOD).await;
    assert_eq!(again.as_deref(), Some("password_wrong"));
    assert_eq!(house.told(["password.removed"]).await, [1]);
    house.sign_in(ADA).await;
}

#[actix_web::test]
async fn strangers_who_guess_from_many_networks_keep_nobody_out() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let burst = |limit: Limit| limit.quota().burst.get() as usize;
    // From one network some tries, whether anybody is there or not.
    for email in [ADA, "unknown@example.com"] {
        let eve = browser_from(&house, "203.0.113.9");
        let form = shown(&eve, LOGIN).await;
        for _ in 0..burst(Limit::PasswordAddressNetwork) {
            let wrong = send(&eve, &form, email, "wrong password").await;
            assert_eq!(wrong.as_deref(), Some("password_wrong"));
        }
        let over = send(&eve, &form, email, "wrong password").await;
        assert_eq!(over.as_deref(), Some("rate_limited"), "{email}");
    }
    // From everywhere.
    let all = burst(Limit::PasswordAddress);
    let mut tried = burst(Limit::PasswordAddressNetwork);
    'networks: for network in 0..=255 {
        let eve = browser_from(&house, &format!("198.51.{network}.7"));
        let form = shown(&eve, LOGIN).await;
        for _ in 0..burst(Limit::PasswordAddressNetwork) {
            match send(&eve, &form, ADA, "wrong password").await.as_deref() {
                Some("password_wrong") => tried += 1,
                _ => break 'networks,
            }
        }
    }
    assert_eq!(tried, all, "guesses at one account");
    // The right one is refused to browsers that were never here, as all others are.
    let elsewhere = browser_from(&house, "192.0.2.77");
    assert_eq!(
        try_at(&elsewhere, LOGIN, ADA, GOOD).await.as_deref(),
        Some("rate_limited")
    );
    // But not to her own browser, and by mail she comes in from everywhere.
    assert_eq!(call(&ada, "sign_out", &[]).await, StatusCode::OK);
    assert_eq!(try_at(&ada, LOGIN, ADA, GOOD).await, None);
    let mail = house.ask(&elsewhere, ADA, "", "").await;
    let answer = elsewhere
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(location(&answer), "/workspaces");
    assert_eq!(choose(&elsewhere, super::OTHER).await, None);
}

#[actix_web::test]
async fn a_password_that_was_changed_meanwhile_is_wrong() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let browser = house.browser();
    let form = shown(&browser, LOGIN).await;
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(choose(&ada, super::OTHER).await, None);
    assert_eq!(
        send(&browser, &form, ADA, GOOD).await.as_deref(),
        Some("password_wrong")
    );
    assert_eq!(call(&ada, "remove_password", &[]).await, StatusCode::OK);
    let gone = came_to(ada.call_json("remove_password", &[]).await).await;
    assert_eq!(gone.as_deref(), Some("not_found"));
    let refused = send(&browser, &form, ADA, super::OTHER).await;
    assert_eq!(refused.as_deref(), Some("password_wrong"));
}
