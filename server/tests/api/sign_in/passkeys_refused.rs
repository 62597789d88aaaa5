//! Passkeys, by an authenticator that lies, and by people who are not who they say.

use crate::{
    harness::{Browser, Harness},
    sign_in::passkeys::{ADA, add, begin, begun, came_to, only_passkey, redeem, sign_in, with_passkey},
};
use chrono::TimeDelta;
use iam::{
    domain::sign_in::{passkey::LIFETIME, session::RECENT},
    port::SecurityChange,
};
use iam_testkit::{Authenticator, Says};
use reqwest::StatusCode;

/// Everything that an authenticator, or whoever stands between, can say that is not so.
fn lies() -> Vec<(&'static str, Says)> {
    let says = Says::default;
    let origin = |origin: &str| Says {
        origin: Some(origin.to_owned()),
        ..says()
    };
    vec![
        ("another site", origin("https://evil.example")),
        ("a site that ends as ours", origin("http://badlocalhost")),
        (
            "a site that begins as ours",
            origin("http://localhost.evil.example"),
        ),
        ("our site without its port", origin("http://localhost")),
        ("a site below ours", origin("http://evil.localhost:1")),
        ("no site", origin("")),
        (
            "another RP ID",
            Says {
                rp_id: Some("evil.example".to_owned()),
                ..says()
            },
        ),
        (
            "another challenge",
            Says {
                challenge: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
                ..says()
            },
        ),
        (
            "another ceremony",
            Says {
                kind: Some("payment.get"),
                ..says()
            },
        ),
        (
            "nobody verified",
            Says {
                unverified: true,
                ..says()
            },
        ),
        (
            "nobody there",
            Says {
                absent: true,
                ..says()
            },
        ),
    ]
}

const REFUSED: Option<&str> = Some("passkey_refused");
const EXPIRED: Option<&str> = Some("passkey_expired");

async fn passkeys(house: &Harness) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM passkeys")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap()
}

#[actix_web::test]
async fn an_answer_that_is_not_what_was_asked_for_signs_nobody_in_and_spends_its_challenge() {
    let house = Harness::start_named().await;
    let (_, mut authenticator) = with_passkey(&house, ADA).await;
    let forged = Says {
        forged: true,
        ..Says::default()
    };
    let lies = lies().into_iter().chain([("a wrong signature", forged)]);
    let mut told = 0;
    for (lie, says) in lies {
        let browser = house.browser();
        let (challenge, options) = begin(&browser, &[]).await;
        let answer = authenticator.get(&options, &house.origin, &says);
        assert_eq!(
            redeem(&browser, &challenge, &answer).await.as_deref(),
            REFUSED,
            "{lie}"
        );
        let honest = authenticator.get(&options, &house.origin, &Says::default());
        assert_eq!(
            redeem(&browser, &challenge, &honest).await.as_deref(),
            EXPIRED,
            "{lie}"
        );
        assert!(!browser.is_signed_in().await, "{lie}");
        told += 1;
    }
    for junk in ["", "{}", "[]", "null", "\"x\"", &"[".repeat(40_000)] {
        let browser = house.browser();
        let (challenge, _) = begin(&browser, &[]).await;
        assert_eq!(redeem(&browser, &challenge, junk).await.as_deref(), REFUSED);
        told += 1;
    }
    // What is told again and again is counted, so the log has some of them.
    let [refused] = house.told(["passkey.refused"]).await;
    assert!(refused > 0 && refused <= told, "{refused}");
    let honest = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
    assert_eq!(honest, None);
}

#[actix_web::test]
async fn a_passkey_that_is_not_what_was_asked_for_is_not_added() {
    let house = Harness::start_named().await;
    let ada = house.sign_in(ADA).await;
    for (lie, says) in lies() {
        let refused = add(&ada, &mut Authenticator::default(), &says).await;
        assert_eq!(refused.as_deref(), REFUSED, "{lie}");
    }
    assert_eq!(passkeys(&house).await, 0);
}

#[actix_web::test]
async fn an_answer_to_another_challenge_is_none_to_this_one() {
    let house = Harness::start_named().await;
    let (ada, mut authenticator) = with_passkey(&house, ADA).await;
    let browser = house.browser();
    let ((one, options), (other, _)) = (begin(&browser, &[]).await, begin(&browser, &[]).await);
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    assert_eq!(redeem(&browser, &other, &answer).await.as_deref(), REFUSED);
    assert_eq!(redeem(&browser, &one, &answer).await, None);
    // What was asked for to add one signs nobody in, and the other way round.
    let (adding, options) = begun(ada.call_json("begin_adding_passkey", &[]).await).await;
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    assert_eq!(redeem(&ada, &adding, &answer).await.as_deref(), EXPIRED);
    let (signing, options) = begin(&ada, &[]).await;
    let answer = Authenticator::default().create(&options, &house.origin, &Says::default());
    let form = [("challenge", signing.as_str()), ("answer", &answer)];
    assert_eq!(
        came_to(ada.call_json("add_passkey", &form).await)
            .await
            .as_deref(),
        EXPIRED
    );
}

#[actix_web::test]
async fn what_was_asked_in_one_session_adds_nothing_in_another() {
    let house = Harness::start_named().await;
    let (ada, eve) = (house.sign_in(ADA).await, house.sign_in("eve@example.com").await);
    let again = house.sign_in(ADA).await;
    let mut authenticator = Authenticator::default();
    let (challenge, options) = begun(eve.call_json("begin_adding_passkey", &[]).await).await;
    let answer = authenticator.create(&options, &house.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    for browser in [&ada, &again] {
        let refused = came_to(browser.call_json("add_passkey", &form).await).await;
        assert_eq!(refused.as_deref(), EXPIRED);
    }
    assert_eq!(came_to(eve.call_json("add_passkey", &form).await).await, None);
    assert_eq!(
        came_to(eve.call_json("add_passkey", &form).await)
            .await
            .as_deref(),
        EXPIRED
    );
    // The same passkey is nobody else's, whoever they say they are.
    let (challenge, options) = begun(ada.call_json("begin_adding_passkey", &[]).await).await;
    let answer = authenticator.create(&options, &house.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    let known = came_to(ada.call_json("add_passkey", &form).await).await;
    assert_eq!(known.as_deref(), Some("passkey_known"));
    // It names Ada now, but is Eve's.
    let refused = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
    assert_eq!(refused.as_deref(), REFUSED);
}

#[actix_web::test]
async fn a_challenge_is_over_after_five_minutes() {
    let house = Harness::start_named().await;
    let (ada, mut authenticator) = with_passkey(&house, ADA).await;
    let browser = house.browser();
    let (challenge, options) = begin(&browser, &[]).await;
    let (adding, asked) = begun(ada.call_json("begin_adding_passkey", &[]).await).await;
    house.clock.advance(LIFETIME);
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    assert_eq!(redeem(&browser, &challenge, &answer).await.as_deref(), EXPIRED);
    let answer = Authenticator::default().create(&asked, &house.origin, &Says::default());
    let form = [("challenge", adding.as_str()), ("answer", &answer)];
    assert_eq!(
        came_to(ada.call_json("add_passkey", &form).await)
            .await
            .as_deref(),
        EXPIRED
    );
}

#[actix_web::test]
async fn a_counter_that_goes_backwards_blocks_the_passkey_and_tells_its_person() {
    let house = Harness::start_named().await;
    let (ada, mut authenticator) = with_passkey(&house, ADA).await;
    authenticator.counter = 7;
    assert_eq!(
        sign_in(&house.browser(), &mut authenticator, &Says::default()).await,
        None
    );
    assert_eq!(
        house.mails.take_warning().await.change,
        SecurityChange::NewBrowser
    );
    // A copy that was made before signs less often than the original.
    authenticator.counter = 7;
    let copy = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
    assert_eq!(copy.as_deref(), REFUSED);
    let warning = house.mails.take_warning().await;
    assert_eq!(
        (warning.to.as_str(), warning.change),
        (ADA, SecurityChange::PasskeySuspected)
    );
    for counter in [8, 9] {
        authenticator.counter = counter;
        let blocked = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
        assert_eq!(blocked.as_deref(), REFUSED);
    }
    let page = ada.get("/account/security").await.text().await.unwrap();
    assert!(page.contains("may have been copied"), "{page}");
    let told = ada.get("/account/activity").await.text().await.unwrap();
    assert!(told.contains("Passkey blocked"), "{told}");
    assert_eq!(house.told(["passkey.blocked"]).await, [1]);
}

#[actix_web::test]
async fn of_two_that_count_the_same_at_once_one_signs_in() {
    let house = Harness::start_named().await;
    let (_, mut authenticator) = with_passkey(&house, ADA).await;
    authenticator.counter = 2;
    let mut tries = Vec::new();
    for _ in 0..4 {
        let browser = house.browser();
        let (challenge, options) = begin(&browser, &[]).await;
        let answer = authenticator.get(&options, &house.origin, &Says::default());
        tries.push(async move { redeem(&browser, &challenge, &answer).await });
    }
    let came = futures_util::future::join_all(tries).await;
    assert_eq!(came.iter().filter(|code| code.is_none()).count(), 1, "{came:?}");
    assert_eq!(house.told(["passkey.blocked"]).await, [1]);
}

#[actix_web::test]
async fn a_stranger_with_many_browsers_leaves_some_events_and_a_count() {
    let house = Harness::start_named().await;
    house.owner_of("acme").await;
    for _ in 0..5 {
        let browser = house.browser();
        for _ in 0..10 {
            let (challenge, _) = begin(&browser, &[("slug", "acme")]).await;
            assert_eq!(redeem(&browser, &challenge, "x").await.as_deref(), REFUSED);
        }
    }
    let [told] = house.told(["passkey.refused"]).await;
    assert_eq!(told, 10);
}

#[actix_web::test]
async fn who_finds_a_session_neither_adds_nor_removes_a_passkey() {
    let house = Harness::start_named().await;
    let (ada, _) = with_passkey(&house, ADA).await;
    house.clock.advance(RECENT);
    let again = Some("sign_in_again".to_owned());
    assert_eq!(
        came_to(ada.call_json("begin_adding_passkey", &[]).await).await,
        again
    );
    let nothing = [("challenge", ""), ("answer", "")];
    let id = only_passkey(&house).await;
    assert_eq!(
        came_to(ada.call_json("remove_passkey", &[("passkey", &id)]).await).await,
        again
    );
    assert!(
        came_to(ada.call_json("add_passkey", &nothing).await)
            .await
            .is_some()
    );
    let page = ada.get("/account/security").await.text().await.unwrap();
    assert!(
        page.contains("/login?again=1") && !page.contains("remove_passkey"),
        "{page}"
    );
    assert_eq!(passkeys(&house).await, 1);
}

#[actix_web::test]
async fn what_was_asked_before_somebody_ended_all_that_lets_them_in_is_worth_nothing() {
    let house = Harness::start_named().await;
    let (ada, mut authenticator) = with_passkey(&house, ADA).await;
    let browser = house.browser();
    let (challenge, options) = begin(&browser, &[]).await;
    house.clock.advance(TimeDelta::seconds(1));
    ada.post("/fn/sign_out_everywhere", &[]).await;
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    assert_eq!(redeem(&browser, &challenge, &answer).await.as_deref(), REFUSED);
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        sign_in(&browser, &mut authenticator, &Says::default()).await,
        None
    );
}

#[actix_web::test]
async fn a_disabled_person_signs_in_with_no_passkey_and_is_not_told_so() {
    let house = Harness::start_named().await;
    let (_, mut authenticator) = with_passkey(&house, ADA).await;
    let [browser, early] = [house.browser(), house.browser()];
    let (challenge, options) = begin(&early, &[]).await;
    sqlx::query("UPDATE users SET disabled_at = now()")
        .execute(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    assert_eq!(redeem(&early, &challenge, &answer).await.as_deref(), REFUSED);
    let later = sign_in(&browser, &mut authenticator, &Says::default()).await;
    assert_eq!(later.as_deref(), REFUSED);
}

#[actix_web::test]
async fn where_an_address_leads_there_are_no_passkeys() {
    let house = Harness::start().await;
    let browser: Browser = house.sign_in(ADA).await;
    for function in ["begin_passkey_sign_in", "begin_adding_passkey"] {
        let answer = browser.call_json(function, &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{function}");
    }
    let login = house.browser().get("/login").await.text().await.unwrap();
    assert!(!login.contains("data-passkey"), "{login}");
    let page = browser.get("/account/security").await.text().await.unwrap();
    assert!(
        page.contains("available on this server") && !page.contains("data-passkey"),
        "{page}"
    );
}
