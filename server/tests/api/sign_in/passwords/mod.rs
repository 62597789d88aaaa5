//! Passwords, where they are allowed.

mod account;
mod import;
mod refused;

use super::passkeys::came_to;
use crate::{
    external::BREACHED,
    harness::{Browser, Harness, hidden, location},
    members::{ALL_METHODS, asks, call, joined, page},
};
use chrono::TimeDelta;
use iam::port::SecurityChange;
use reqwest::StatusCode;

pub const ADA: &str = "ada@example.com";
pub const GOOD: &str = "correct horse battery staple";
pub const OTHER: &str = "another clever unguessable phrase";
pub const LOGIN: &str = "/login/password";
pub const ACME: &str = "/w/acme/login/password";

/// Lets people sign in with passwords: the platform, and with an owner of it the workspace `acme` too.
pub async fn allow(house: &Harness, owner: Option<&Browser>) {
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE platform_settings SET refused_methods = '{}'")
        .execute(&all)
        .await
        .unwrap();
    if let Some(owner) = owner {
        let methods: Vec<_> = ALL_METHODS.into_iter().chain(["password"]).collect();
        assert_eq!(asks(owner, "", false, &methods).await, StatusCode::OK);
    }
}

/// Chooses a password in a session; why not, if not.
pub async fn choose(browser: &Browser, password: &str) -> Option<String> {
    let form = [("password", password)];
    came_to(browser.call_json("set_password", &form).await).await
}

/// Somebody with a password, in the browser in which they chose it.
pub async fn with_password(house: &Harness, email: &str) -> Browser {
    let browser = house.sign_in(email).await;
    assert_eq!(choose(&browser, GOOD).await, None);
    let told = house.mails.take_warning().await;
    assert_eq!(
        (told.to.as_str(), told.change),
        (email, SecurityChange::PasswordAdded)
    );
    browser
}

/// What a page's form sends beside what is typed.
pub async fn shown(browser: &Browser, path: &str) -> [String; 4] {
    let (status, html) = page(browser, path).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    ["form", "proof", "slug", "request"].map(|name| hidden(&html, name).to_owned())
}

/// Sends a form that was shown; why it came to nothing, if it did.
pub async fn send(browser: &Browser, form: &[String; 4], email: &str, password: &str) -> Option<String> {
    let [id, proof, slug, request] = form;
    let fields = [
        ("form", id.as_str()),
        ("proof", proof),
        ("slug", slug),
        ("request", request),
        ("email", email),
        ("password", password),
    ];
    came_to(browser.call_json("redeem_password", &fields).await).await
}

/// Loads the page and tries a password there.
pub async fn try_at(browser: &Browser, path: &str, email: &str, password: &str) -> Option<String> {
    let form = shown(browser, path).await;
    send(browser, &form, email, password).await
}

pub async fn stored(house: &Harness) -> (String, bool, bool) {
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query_as("SELECT hash, imported, must_change FROM passwords")
        .fetch_one(&all)
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_person_chooses_a_password_and_signs_in_with_it_without_scripts() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let (hash, imported, must_change) = stored(&house).await;
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert!(!imported && !must_change);

    let browser = house.browser();
    let (_, html) = page(&browser, "/login").await;
    assert!(html.contains("href=\"/login/password\""), "{html}");
    let (_, html) = page(&browser, LOGIN).await;
    for part in [
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "type=\"password\"",
        "/account/security/password",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let fields = ["form", "proof"].map(|name| (name, hidden(&html, name).to_owned()));
    let mut form: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    // An address is read however it is pasted.
    form.extend([("email", " Ada <ADA@example.com> "), ("password", GOOD)]);
    let first = browser.post_on(LOGIN, "/fn/redeem_password", &form).await;
    assert_eq!(location(&first), "/workspaces");
    assert!(browser.is_signed_in().await);
    let told = house.mails.take_warning().await;
    assert_eq!(told.change, SecurityChange::NewBrowser);
    // An impatient second click comes to the same session.
    let second = browser.post_on(LOGIN, "/fn/redeem_password", &form).await;
    assert_eq!(location(&second), "/workspaces");
    let sessions: Vec<Vec<String>> = sqlx::query_scalar("SELECT amr FROM sessions ORDER BY created_at, amr")
        .fetch_all(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(sessions, [["email"], ["pwd"]]);
    let (_, html) = page(&ada, "/account/sessions").await;
    assert!(html.contains(">Password<"), "{html}");
    assert_eq!(house.told(["password.set", "session.created"]).await, [1, 2]);
    let (_, activity) = page(&ada, "/account/activity").await;
    assert!(activity.contains("Password set"), "{activity}");
}

#[actix_web::test]
async fn two_clicks_at_once_make_one_session_and_a_form_is_good_once() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let _ada = with_password(&house, ADA).await;
    let browser = house.browser();
    let form = shown(&browser, LOGIN).await;
    let (one, two) = tokio::join!(send(&browser, &form, ADA, GOOD), send(&browser, &form, ADA, GOOD));
    assert_eq!((one, two), (None, None));
    let all = house.database.all_seeing().await.unwrap();
    let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions WHERE 'pwd' = ANY (amr)")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(sessions, 1);
    house.clock.advance(TimeDelta::seconds(61));
    let late = send(&browser, &form, ADA, GOOD).await;
    assert_eq!(late.as_deref(), Some("sign_in_expired"));
}

#[actix_web::test]
async fn passwords_are_off_until_the_platform_and_the_workspace_turn_them_on() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    assert_eq!(choose(&ada, GOOD).await, None);
    let stranger = house.browser();
    let offers = |path: &'static str| {
        let stranger = stranger.clone();
        async move { page(&stranger, path).await }
    };
    let is_off = || async {
        let (_, login) = offers("/w/acme/login").await;
        let (status, _) = offers(ACME).await;
        !login.contains("login/password") && status == StatusCode::NOT_FOUND
    };
    assert!(is_off().await && offers(LOGIN).await.0 == StatusCode::NOT_FOUND);
    assert!(!offers("/login").await.1.contains("login/password"));
    // The workspace alone cannot.
    let methods: Vec<_> = ALL_METHODS.into_iter().chain(["password"]).collect();
    assert_eq!(asks(&owner, "", false, &methods).await, StatusCode::OK);
    assert!(is_off().await);
    allow(&house, None).await;
    assert!(!is_off().await);
    let browser = house.browser();
    assert_eq!(try_at(&browser, ACME, ADA, GOOD).await, None);
    assert_eq!(page(&browser, "/w/acme/admin").await.0, StatusCode::OK);
    // What was begun with one stops counting where they are turned off, and forms that are open do too.
    let late = house.browser();
    let form = shown(&late, ACME).await;
    assert_eq!(asks(&owner, "", false, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(send(&late, &form, ADA, GOOD).await.as_deref(), Some("not_found"));
    assert!(is_off().await);
    let html = page(&browser, "/workspaces").await.1;
    assert!(html.contains("Acme"), "{html}");
    // At the platform they are on, and that counts nowhere else.
    let other = house.browser();
    assert_eq!(try_at(&other, LOGIN, ADA, GOOD).await, None);
    let again = location(&other.get("/w/acme/login").await);
    assert_eq!(again, "", "the workspace asks for another sign-in");
}

#[actix_web::test]
async fn a_second_factor_is_asked_for_after_a_password_and_ends_with_it() {
    use crate::sign_in::two_step::{next_code, prove, shows, turn_on, waiting_id};
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let (app, _) = turn_on(&house, &ada).await;
    next_code(&house);
    let browser = house.browser();
    let waits = || async {
        let form = shown(&browser, LOGIN).await;
        let fields = [
            ("form", form[0].as_str()),
            ("proof", &form[1]),
            ("email", ADA),
            ("password", GOOD),
        ];
        let next = location(&browser.post("/fn/redeem_password", &fields).await);
        assert!(waiting_id(&next).is_some(), "{next}");
        // A second click finds the same.
        assert_eq!(
            location(&browser.post("/fn/redeem_password", &fields).await),
            next
        );
        next
    };
    let next = waits().await;
    assert!(!browser.is_signed_in().await);
    assert_eq!(prove(&browser, &next, &shows(&house, &app)).await, None);
    assert!(browser.is_signed_in().await);
    let all = house.database.all_seeing().await.unwrap();
    let amr: Vec<String> = sqlx::query_scalar("SELECT amr FROM sessions WHERE 'pwd' = ANY (amr)")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(amr, ["pwd", "otp", "mfa"]);
    // Both together change what else signs in.
    assert_eq!(call(&browser, "begin_totp", &[]).await, StatusCode::OK);
    assert_eq!(call(&browser, "sign_out", &[]).await, StatusCode::OK);
    let next = waits().await;
    next_code(&house);
    assert_eq!(call(&ada, "remove_password", &[]).await, StatusCode::OK);
    let ended = prove(&browser, &next, &shows(&house, &app)).await;
    assert_eq!(ended.as_deref(), Some("sign_in_expired"));
    assert!(!browser.is_signed_in().await);
    assert_eq!(house.told(["password.removed"]).await, [1]);
}

#[actix_web::test]
async fn a_password_that_became_known_signs_nobody_in_and_its_person_chooses_another() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    assert_eq!(choose(&ada, BREACHED).await.as_deref(), Some("password_breached"));
    // It became known after it was chosen.
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE passwords SET hash = $1")
        .bind("$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNhbA$dU6EarNBJJ4MxnXNWWEhTSGYsI4lwAXpqgywaUh8B1U")
        .execute(&all)
        .await
        .unwrap();
    let browser = house.browser();
    for _ in 0..2 {
        let refused = try_at(&browser, LOGIN, ADA, BREACHED).await;
        assert_eq!(refused.as_deref(), Some("password_spent"));
    }
    assert!(!browser.is_signed_in().await);
    assert!(stored(&house).await.2);
    let told = house.mails.take_warning().await;
    assert_eq!(
        (told.to.as_str(), told.change),
        (ADA, SecurityChange::PasswordSpent)
    );
    assert_eq!(house.told(["password.spent", "password.refused"]).await, [1, 2]);
    let (_, html) = page(&ada, "/account/security").await;
    assert!(html.contains("no longer safe"), "{html}");
    assert_eq!(choose(&ada, OTHER).await, None);
    assert_eq!(try_at(&browser, LOGIN, ADA, OTHER).await, None);
}

#[actix_web::test]
async fn a_hash_of_before_is_renewed_when_its_person_signs_in() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let _ada = with_password(&house, ADA).await;
    let old =
        "$argon2id$v=19$m=8192,t=3,p=2$c2l4dGVlbiBieXRlIHNhbA$ACI+nC7IeMNTlsFE+gSrnb7Rk/UNpGNbA3XtzLgF3DU";
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE passwords SET hash = $1")
        .bind(old)
        .execute(&all)
        .await
        .unwrap();
    let browser = house.browser();
    assert_eq!(
        try_at(&browser, LOGIN, ADA, OTHER).await.as_deref(),
        Some("password_wrong")
    );
    assert_eq!(stored(&house).await.0, old);
    assert_eq!(try_at(&browser, LOGIN, ADA, GOOD).await, None);
    let (renewed, _, _) = stored(&house).await;
    assert!(
        renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{renewed}"
    );
    let again = house.browser();
    assert_eq!(try_at(&again, LOGIN, ADA, GOOD).await, None);
    assert_eq!(stored(&house).await.0, renewed);
}
