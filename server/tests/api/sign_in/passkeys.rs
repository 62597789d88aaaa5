//! Passkeys, by an authenticator in software that tells the truth.

use crate::harness::{Browser, Harness, location, request, token};
use chrono::TimeDelta;
use iam::{domain::sign_in::email_challenge::REPEAT_WINDOW, port::SecurityChange};
use iam_testkit::{Authenticator, Says};
use reqwest::{Response, StatusCode};
use serde_json::Value;

/// The offer to somebody whose sign-in leads to their workspaces.
const OFFER: &str = "/login/passkey?next=%2Fworkspaces";

pub const ADA: &str = "ada@example.com";

/// What a script gets from a function of ours: the challenge and the options.
pub async fn begun(answer: Response) -> (String, Value) {
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.unwrap();
    (
        answer["challenge"].as_str().unwrap().to_owned(),
        answer["options"].clone(),
    )
}

/// What a function came to: nothing, or why not.
pub async fn came_to(answer: Response) -> Option<String> {
    if answer.status().is_success() {
        return None;
    }
    let answer: Value = answer.json().await.unwrap();
    Some(answer["code"].as_str().unwrap().to_owned())
}

/// Adds the passkey of `authenticator` to whoever is signed in.
pub async fn add(browser: &Browser, authenticator: &mut Authenticator, says: &Says) -> Option<String> {
    let (challenge, options) = begun(browser.call_json("begin_adding_passkey", &[]).await).await;
    let answer = authenticator.create(&options, &browser.origin, says);
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    came_to(browser.call_json("add_passkey", &form).await).await
}

/// Begins a sign-in in `browser`.
pub async fn begin(browser: &Browser, form: &[(&str, &str)]) -> (String, Value) {
    begun(browser.call_json("begin_passkey_sign_in", form).await).await
}

/// Signs in with a passkey.
pub async fn sign_in(browser: &Browser, authenticator: &mut Authenticator, says: &Says) -> Option<String> {
    let (challenge, options) = begin(browser, &[]).await;
    let answer = authenticator.get(&options, &browser.origin, says);
    redeem(browser, &challenge, &answer).await
}

/// Hands an answer over.
pub async fn redeem(browser: &Browser, challenge: &str, answer: &str) -> Option<String> {
    let form = [("challenge", challenge), ("answer", answer)];
    came_to(browser.call_json("redeem_passkey", &form).await).await
}

/// The one passkey that there is, as forms name it.
pub async fn only_passkey(house: &Harness) -> String {
    let id: uuid::Uuid = sqlx::query_scalar("SELECT id FROM passkeys")
        .fetch_one(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    format!("pk_{}", id.simple())
}

/// Somebody with a passkey.
pub async fn with_passkey(house: &Harness, email: &str) -> (Browser, Authenticator) {
    let (browser, mut authenticator) = (house.sign_in(email).await, Authenticator::default());
    assert_eq!(add(&browser, &mut authenticator, &Says::default()).await, None);
    let _added = house.mails.take_warning().await;
    (browser, authenticator)
}

async fn sessions(house: &Harness) -> Vec<Vec<String>> {
    sqlx::query_scalar("SELECT amr FROM sessions")
        .fetch_all(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_passkey_is_added_and_signs_in_where_nobody_types_a_name() {
    let house = Harness::start_named().await;
    let (first, mut authenticator) = (house.sign_in(ADA).await, Authenticator::default());
    authenticator.aaguid = *b"\xd5\x48\x82\x6e\x79\xb4\xdb\x40\xa3\xd8\x11\x11\x6f\x7e\x83\x49";
    authenticator.synced = true;
    let (challenge, options) = begun(first.call_json("begin_adding_passkey", &[]).await).await;
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], ADA);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    let answer = authenticator.create(&options, &house.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    let added = first.post_on("/account/security", "/fn/add_passkey", &form).await;
    assert_eq!(location(&added), "/account/security");
    let page = first.get("/account/security").await.text().await.unwrap();
    assert!(page.contains("Bitwarden") && page.contains("Synced"), "{page}");
    let warning = house.mails.take_warning().await;
    assert_eq!(
        (warning.to.as_str(), warning.change),
        (ADA, SecurityChange::PasskeyAdded)
    );

    let file = first.post("/account/data/export", &[]).await.json::<Value>();
    let kept = file.await.unwrap()["profile"]["passkeys"].clone();
    assert_eq!(
        (kept[0]["name"].as_str(), kept[0]["synced"].as_bool()),
        (Some("Bitwarden"), Some(true))
    );

    let browser = house.browser();
    let (challenge, options) = begin(&browser, &[]).await;
    assert_eq!(options["allowCredentials"].as_array().map_or(0, Vec::len), 0);
    assert_eq!(options["userVerification"], "required");
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    let answered = browser.post_on("/login", "/fn/redeem_passkey", &form).await;
    assert_eq!(location(&answered), "/workspaces");
    assert!(browser.is_signed_in().await);
    let methods = ["swk", "user", "mfa"].map(str::to_owned).to_vec();
    let sessions = sessions(&house).await;
    assert!(sessions.len() == 2 && sessions.contains(&methods), "{sessions:?}");
    assert_eq!(
        house
            .told(["passkey.added", "session.created", "passkey.refused"])
            .await,
        [1, 2, 0]
    );
}

#[actix_web::test]
async fn a_second_click_comes_to_the_same_session_for_a_minute_and_only_in_that_browser() {
    let house = Harness::start_named().await;
    let (_, mut authenticator) = with_passkey(&house, ADA).await;
    let (browser, thief) = (house.browser(), house.browser());
    let (challenge, options) = begin(&browser, &[]).await;
    begin(&thief, &[]).await;
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    for _ in 0..3 {
        assert_eq!(redeem(&browser, &challenge, &answer).await, None);
    }
    assert_eq!(sessions(&house).await.len(), 2);
    let refused = Some("passkey_expired".to_owned());
    assert_eq!(redeem(&thief, &challenge, &answer).await, refused);
    assert_eq!(redeem(&house.browser(), &challenge, &answer).await, refused);
    house.clock.advance(REPEAT_WINDOW);
    assert_eq!(redeem(&browser, &challenge, &answer).await, refused);
    assert!(!thief.is_signed_in().await);
}

#[actix_web::test]
async fn an_apps_request_goes_on_after_a_passkey() {
    let house = Harness::start_named().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let query = request(&app, "");
    let mut authenticator = Authenticator::default();
    assert_eq!(add(&owner, &mut authenticator, &Says::default()).await, None);
    let browser = house.browser();
    let step = location(&browser.get(&format!("/w/acme/oauth/authorize?{query}")).await);
    let login = location(&browser.get(&step).await);
    let page = browser.get(&login).await.text().await.unwrap();
    assert!(page.contains("data-passkey=\"get\""), "{page}");
    let request = login.split("request=").nth(1).unwrap();
    let (challenge, options) = begin(&browser, &[("slug", "acme"), ("request", request)]).await;
    let answer = authenticator.get(&options, &house.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    let answered = browser.post_on(&login, "/fn/redeem_passkey", &form).await;
    assert_eq!(location(&answered), format!("/w/acme/continue?request={request}"));
    // A request that waits nowhere, or of no workspace, is none.
    for form in [
        [
            ("slug", "acme"),
            ("request", "authz_00000000000070008000000000000000"),
        ],
        [("slug", ""), ("request", request)],
        [("slug", "nobody"), ("request", "")],
    ] {
        let answer = browser.call_json("begin_passkey_sign_in", &form).await;
        assert!(answer.status().is_client_error(), "{form:?}");
    }
}

#[actix_web::test]
async fn a_passkey_is_offered_after_a_mail_until_somebody_wants_none() {
    let house = Harness::start_named().await;
    let sign_in = async |able: &str| {
        let browser = house.browser();
        let mail = house.ask(&browser, ADA, "", "").await;
        let form = [("token", token(&mail)), ("passkeys", able)];
        let next = location(&browser.post("/fn/redeem_magic_link", &form).await);
        (browser, next)
    };
    assert_eq!(sign_in("").await.1, "/workspaces");
    let (browser, next) = sign_in("yes").await;
    assert_eq!(next, OFFER);
    assert!(
        browser
            .get(&next)
            .await
            .text()
            .await
            .unwrap()
            .contains("data-passkey=\"add\"")
    );
    // A second click, and another tab with another way to go, each get where they lead.
    for (next, target) in [
        ("/w/acme/continue?request=x", "/w/acme/continue?request=x"),
        ("/w/acme/continue?request=x", "/w/acme/continue?request=x"),
        ("https://evil.example/", "/workspaces"),
        ("//evil.example/", "/workspaces"),
        ("/workspaces", "/workspaces"),
    ] {
        let form = [("never", "false"), ("next", next)];
        let later = browser.post("/fn/put_off_passkey", &form).await;
        assert_eq!(location(&later), target);
    }
    assert_eq!(sign_in("yes").await.1, "/workspaces");
    house.clock.advance(TimeDelta::days(31));
    let (browser, next) = sign_in("yes").await;
    assert_eq!(next, OFFER);
    browser.post("/fn/put_off_passkey", &[("never", "true")]).await;
    house.clock.advance(TimeDelta::days(4000));
    assert_eq!(sign_in("yes").await.1, "/workspaces");

    let other = house.browser();
    let mail = house.ask(&other, "bob@example.com", "", "").await;
    let form = [("token", token(&mail)), ("passkeys", "yes")];
    assert_eq!(location(&other.post("/fn/redeem_magic_link", &form).await), OFFER);
    let mut authenticator = Authenticator::default();
    let (challenge, options) = begun(other.call_json("begin_adding_passkey", &[]).await).await;
    let answer = authenticator.create(&options, &house.origin, &Says::default());
    let form = [
        ("challenge", challenge.as_str()),
        ("answer", &answer),
        ("next", "/w/acme/continue?request=x"),
    ];
    assert_eq!(
        location(&other.post("/fn/add_passkey", &form).await),
        "/w/acme/continue?request=x"
    );
}

#[actix_web::test]
async fn a_passkey_is_renamed_and_removed_by_its_person_alone() {
    let house = Harness::start_named().await;
    let (ada, mut authenticator) = with_passkey(&house, ADA).await;
    let eve = house.sign_in("eve@example.com").await;
    let id = only_passkey(&house).await;
    let rename = [("passkey", id.as_str()), ("name", "Work key")];
    let not_found = Some("not_found".to_owned());
    assert_eq!(
        came_to(eve.call_json("rename_passkey", &rename).await).await,
        not_found
    );
    assert_eq!(
        came_to(eve.call_json("remove_passkey", &rename[..1]).await).await,
        not_found
    );
    assert_eq!(
        came_to(ada.call_json("rename_passkey", &rename).await).await,
        None
    );
    assert_eq!(
        came_to(ada.call_json("rename_passkey", &rename).await).await,
        None
    );
    let bad = [("passkey", id.as_str()), ("name", "see https://evil.example")];
    assert_eq!(
        came_to(ada.call_json("rename_passkey", &bad).await)
            .await
            .as_deref(),
        Some("address_in_name")
    );
    let page = ada.get("/account/security").await.text().await.unwrap();
    assert!(page.contains("Work key"), "{page}");
    assert_eq!(
        came_to(ada.call_json("remove_passkey", &rename[..1]).await).await,
        None
    );
    let warning = house.mails.take_warning().await;
    assert_eq!(
        (warning.change, warning.name.as_str()),
        (SecurityChange::PasskeyRemoved, "Work key")
    );
    let gone = sign_in(&house.browser(), &mut authenticator, &Says::default()).await;
    assert_eq!(gone.as_deref(), Some("passkey_refused"));
    assert_eq!(
        house
            .told(["passkey.updated", "passkey.removed", "passkey.refused"])
            .await,
        [1, 1, 1]
    );
}

#[actix_web::test]
async fn nobody_adds_more_passkeys_than_there_can_be_however_they_begin() {
    let house = Harness::start_named().await;
    let ada = house.sign_in(ADA).await;
    let mut answers = Vec::new();
    for _ in 0..24 {
        let (challenge, options) = begun(ada.call_json("begin_adding_passkey", &[]).await).await;
        let answer = Authenticator::default().create(&options, &house.origin, &Says::default());
        answers.push([("challenge", challenge), ("answer", answer)]);
    }
    let adding = answers.iter().map(|[challenge, answer]| {
        let form = [(challenge.0, challenge.1.as_str()), (answer.0, answer.1.as_str())];
        let ada = ada.clone();
        async move { came_to(ada.call_json("add_passkey", &form).await).await }
    });
    let came = futures_util::future::join_all(adding).await;
    assert_eq!(came.iter().filter(|code| code.is_none()).count(), 20);
    let refused = came.iter().flatten().all(|code| code == "too_many");
    assert!(refused, "{came:?}");
}

#[actix_web::test]
async fn renaming_again_and_again_does_not_keep_anybody_from_removing() {
    let house = Harness::start_named().await;
    let (ada, _) = with_passkey(&house, ADA).await;
    let id = only_passkey(&house).await;
    let mut last = None;
    for n in 0..12 {
        let name = format!("Key {n}");
        let form = [("passkey", id.as_str()), ("name", name.as_str())];
        last = came_to(ada.call_json("rename_passkey", &form).await).await;
    }
    assert_eq!(last.as_deref(), Some("rate_limited"));
    let removed = came_to(ada.call_json("remove_passkey", &[("passkey", &id)]).await).await;
    assert_eq!(removed, None);
}
