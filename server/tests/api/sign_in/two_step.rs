//! Two-step verification, by people who do it right.

use super::passkeys::came_to;
use crate::{
    harness::{Browser, Harness, location, param, request, token},
    members::{ALL_METHODS, asks, call, joined, page},
    provider::{code, ready, redeem},
};
use chrono::TimeDelta;
use iam::port::{Clock, MagicLinkMail, SecurityChange};
use reqwest::StatusCode;
use serde_json::Value;
use totp_rs::{Builder, Secret, Totp};

const ADA: &str = "ada@example.com";
const SECURITY: &str = "/account/security";

/// What a mail's link comes to in its browser: the page that asks for the second factor.
pub async fn waits(browser: &Browser, mail: &MagicLinkMail) -> String {
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(mail))])
        .await;
    let next = location(&answer);
    assert!(waiting_id(&next).is_some(), "{next}");
    next
}

/// The sign-in that waits on this page.
pub fn waiting_id(next: &str) -> Option<&str> {
    let id = next.strip_prefix("/login/two-step?id=")?;
    id.get(..36)
}

/// The app that reads the key of a page.
fn app_of(html: &str) -> Totp {
    let (_, rest) = html.split_once("otpauth://totp/").unwrap();
    let (_, rest) = rest.split_once("secret=").unwrap();
    let key: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let secret = Secret::try_from_base32(&key).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

/// What the app shows now.
pub fn shows(house: &Harness, app: &Totp) -> String {
    let now = house.clock.now().timestamp();
    app.generate(u64::try_from(now).unwrap()).to_string()
}

/// Lets a code be over, and the next one begin.
pub fn next_code(house: &Harness) {
    house.clock.advance(TimeDelta::seconds(30));
}

/// The set-up that a page is for.
fn set_up_of(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"set_up\" value=\"").unwrap();
    rest.chars().take_while(|c| *c != '"').collect()
}

/// Begins to set an app up; the set-up, and the app that has read its key.
pub async fn set_up(browser: &Browser) -> (String, Totp) {
    let begun = browser.post("/fn/begin_totp", &[]).await;
    assert_eq!(location(&begun), "/account/security/authenticator");
    let (status, html) = page(browser, "/account/security/authenticator").await;
    assert_eq!(status, StatusCode::OK);
    (set_up_of(&html), app_of(&html))
}

/// Turns two-step verification on; the app and the recovery codes.
pub async fn turn_on(house: &Harness, browser: &Browser) -> (Totp, Vec<String>) {
    let (begun, app) = set_up(browser).await;
    let shown = shows(house, &app);
    let form = [("set_up", begun.as_str()), ("code", shown.as_str())];
    let confirmed = browser.post("/fn/confirm_totp", &form).await;
    assert_eq!(location(&confirmed), "/account/security/recovery-codes");
    (app, recovery_codes(browser).await)
}

/// The recovery codes that a page shows once.
pub async fn recovery_codes(browser: &Browser) -> Vec<String> {
    let (_, html) = page(browser, "/account/security/recovery-codes").await;
    let (_, rest) = html.split_once("id=\"recovery-codes\">").unwrap();
    let (codes, _) = rest.split_once('<').unwrap();
    codes.split_whitespace().map(str::to_owned).collect()
}

/// Proves a second factor; what it came to, if not a session.
pub async fn prove(browser: &Browser, next: &str, code: &str) -> Option<String> {
    let form = [("id", waiting_id(next).unwrap()), ("code", code)];
    came_to(browser.call_json("redeem_second_factor", &form).await).await
}

async fn is_signed_in(browser: &Browser) -> bool {
    page(browser, "/account").await.0 == StatusCode::OK
}

#[actix_web::test]
async fn whoever_turned_it_on_is_asked_after_a_mail_and_signs_in_with_the_apps_code() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let (app, codes) = turn_on(&house, &ada).await;
    assert_eq!(codes.len(), 10);
    let told = house.mails.take_warning().await;
    assert_eq!((told.to.as_str(), told.change), (ADA, SecurityChange::TwoStepOn));
    // Shown once.
    let (_, again) = page(&ada, "/account/security/recovery-codes").await;
    assert!(!again.contains(&codes[0]) && again.contains("only shown once"));
    // This session has proved both.
    let (_, html) = page(&ada, SECURITY).await;
    assert!(
        html.contains("10 recovery codes left") && html.contains("Turn off"),
        "{html}"
    );

    next_code(&house);
    let browser = house.browser();
    let mail = house.ask(&browser, ADA, "", "").await;
    let next = waits(&browser, &mail).await;
    assert!(!is_signed_in(&browser).await);
    let (status, html) = page(&browser, &next).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("authenticator app") && html.contains(ADA), "{html}");
    // The link leads to the same page, as often as somebody clicks.
    assert_eq!(waits(&browser, &mail).await, next);
    assert_eq!(
        prove(&browser, &next, "000000").await.as_deref(),
        Some("second_factor_wrong")
    );
    assert_eq!(
        prove(&browser, &next, "").await.as_deref(),
        Some("second_factor_wrong")
    );
    let shown = shows(&house, &app);
    assert_eq!(prove(&browser, &next, &shown).await, None);
    assert!(is_signed_in(&browser).await);
    // A second click comes to the same session.
    assert_eq!(prove(&browser, &next, &shown).await, None);
    let sessions: Vec<Vec<String>> = sqlx::query_scalar("SELECT amr FROM sessions ORDER BY created_at")
        .fetch_all(&house.database.all_seeing().await.unwrap())
        .await
        .unwrap();
    assert_eq!(sessions, [["email", "otp", "mfa"], ["email", "otp", "mfa"]]);
    let told = [
        "totp.confirmed",
        "recovery_codes.created",
        "second_factor.refused",
        "session.created",
    ];
    assert_eq!(house.told(told).await, [1, 1, 2, 3]);
    let (_, activity) = page(&ada, "/account/activity").await;
    for words in [
        "Two-step verification turned on",
        "New recovery codes created",
        "Wrong second factor entered",
    ] {
        assert!(activity.contains(words), "{words}");
    }
    let file = ada
        .post("/account/data/export", &[])
        .await
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(
        file["profile"]["two_step_verification"]["recovery_codes_left"],
        10
    );
}

#[actix_web::test]
async fn a_recovery_code_stands_for_a_lost_app_once() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let (_, codes) = turn_on(&house, &ada).await;
    let _on = house.mails.take_warning().await;
    let sloppy = codes[0].to_lowercase().replace('-', " ");
    let browser = house.browser();
    let next = waits(&browser, &house.ask(&browser, ADA, "", "").await).await;
    let form = [
        ("id", waiting_id(&next).unwrap()),
        ("recovery_code", sloppy.as_str()),
    ];
    assert_eq!(
        came_to(browser.call_json("redeem_recovery_code", &form).await).await,
        None
    );
    let warnings = [house.mails.take_warning().await, house.mails.take_warning().await];
    let used = warnings
        .iter()
        .find(|mail| mail.change == SecurityChange::RecoveryCodeUsed);
    assert_eq!(used.unwrap().name, "9");
    let (_, html) = page(&browser, SECURITY).await;
    assert!(html.contains("9 recovery codes left"), "{html}");

    let other = house.browser();
    let next = waits(&other, &house.ask(&other, ADA, "", "").await).await;
    assert_eq!(
        prove(&other, &next, &codes[0]).await.as_deref(),
        Some("second_factor_wrong")
    );
    // New ones void the old ones.
    let made = browser.post("/fn/make_recovery_codes", &[]).await;
    assert_eq!(location(&made), "/account/security/recovery-codes");
    let fresh = recovery_codes(&browser).await;
    assert_eq!(
        prove(&other, &next, &codes[1]).await.as_deref(),
        Some("second_factor_wrong")
    );
    assert_eq!(prove(&other, &next, &fresh[0]).await, None);
    assert_eq!(
        house.told(["recovery_code.used", "recovery_codes.created"]).await,
        [2, 2]
    );
}

#[actix_web::test]
async fn it_is_turned_off_by_who_has_just_proved_both_and_not_while_a_workspace_asks_for_it() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let (app, _) = turn_on(&house, &owner).await;
    assert_eq!(asks(&owner, "", true, &ALL_METHODS).await, StatusCode::OK);
    let refused = came_to(owner.call_json("remove_totp", &[]).await).await;
    assert_eq!(refused.as_deref(), Some("last_factor"));
    assert_eq!(asks(&owner, "", false, &ALL_METHODS).await, StatusCode::OK);
    house.clock.advance(TimeDelta::minutes(16));
    let late = came_to(owner.call_json("remove_totp", &[]).await).await;
    assert_eq!(late.as_deref(), Some("sign_in_again"));
    let mail = house.ask(&owner, "owner@acme.example", "", "").await;
    let next = waits(&owner, &mail).await;
    assert_eq!(prove(&owner, &next, &shows(&house, &app)).await, None);
    let off = owner.post_on(SECURITY, "/fn/remove_totp", &[]).await;
    assert_eq!(location(&off), SECURITY);
    let (_, html) = page(&owner, SECURITY).await;
    assert!(html.contains("Two-step verification turned off"), "{html}");
    assert_eq!(house.told(["totp.removed"]).await, [1]);
    // From now on a mail is enough again.
    let _browser = house.sign_in("owner@acme.example").await;
    let gone = came_to(owner.call_json("make_recovery_codes", &[]).await).await;
    assert_eq!(gone.as_deref(), Some("not_found"));
}

#[actix_web::test]
async fn a_member_sets_it_up_on_the_way_into_a_workspace_that_asks_for_it() {
    let (house, owner, app) = ready("ES256").await;
    let _on = turn_on(&house, &owner).await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    assert_eq!(asks(&owner, "", true, &ALL_METHODS).await, StatusCode::OK);
    let started = location(
        &ada.get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    let login = location(&ada.get(&started).await);
    let step_up = location(&ada.get(&login).await);
    assert!(
        step_up.starts_with("/login/step-up?workspace=acme&request="),
        "{step_up}"
    );
    let (status, html) = page(&ada, &step_up).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("/account/security/authenticator?next="), "{html}");
    let back = [("next", step_up.as_str())];
    let begun = location(&ada.post("/fn/begin_totp", &back).await);
    let (_, html) = page(&ada, &begun).await;
    let (set_up, shown) = (set_up_of(&html), shows(&house, &app_of(&html)));
    let form = [("set_up", set_up.as_str()), ("code", shown.as_str()), back[0]];
    let codes = location(&ada.post("/fn/confirm_totp", &form).await);
    let next = param(&format!("http://x{codes}"), "next").unwrap();
    assert_eq!(next, step_up);
    let on = location(&ada.get(&next).await);
    assert!(on.starts_with("/w/acme/continue"), "{on}");
    let consent = location(&ada.get(&on).await);
    assert!(consent.starts_with("/w/acme/consent"), "{consent}");
    let (status, _) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    assert_eq!(status, StatusCode::OK);
}

#[actix_web::test]
async fn a_session_that_lacks_the_second_factor_proves_it_and_goes_on_under_a_new_secret() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    // Turned on elsewhere: this session has proved one factor.
    let (app, _) = turn_on(&house, &house.sign_in(ADA).await).await;
    let _on = turn_on(&house, &owner).await;
    assert_eq!(asks(&owner, "", true, &ALL_METHODS).await, StatusCode::OK);
    let refused = came_to(ada.call_json("begin_totp", &[]).await).await;
    assert_eq!(refused.as_deref(), Some("second_factor_required"));
    assert_eq!(
        page(&ada, "/w/acme/admin/members").await.0,
        StatusCode::UNAUTHORIZED
    );
    let next = location(&ada.get("/login/step-up?workspace=acme").await);
    // Another tab goes on with the same.
    assert_eq!(location(&ada.get("/login/step-up?workspace=acme").await), next);
    let secrets = || async {
        let all = house.database.all_seeing().await.unwrap();
        let rows = sqlx::query_scalar::<_, Vec<u8>>("SELECT secret_hash FROM sessions ORDER BY secret_hash");
        rows.fetch_all(&all).await.unwrap()
    };
    let before = secrets().await;
    next_code(&house);
    let shown = shows(&house, &app);
    let form = [("id", waiting_id(&next).unwrap()), ("code", shown.as_str())];
    let on = location(&ada.post("/fn/redeem_second_factor", &form).await);
    assert_eq!(on, "/w/acme/admin/members", "the page that they wanted");
    let after = secrets().await;
    assert_eq!(after.len(), before.len(), "the same session");
    assert_ne!(after, before, "under a new secret");
    assert_eq!(page(&ada, "/w/acme/admin/members").await.0, StatusCode::OK);
    let on = location(&ada.get("/login/step-up?workspace=acme").await);
    assert_eq!(on, "/w/acme/admin");
    assert_eq!(call(&ada, "begin_totp", &[]).await, StatusCode::OK);
}

#[actix_web::test]
async fn nobody_reads_or_plants_a_key_in_another_session_and_a_second_click_signs_nobody_out() {
    let house = Harness::start().await;
    let (ada, thief) = (house.sign_in(ADA).await, house.sign_in(ADA).await);
    let (begun, app) = set_up(&ada).await;
    let (_, html) = page(&thief, "/account/security/authenticator").await;
    assert!(!html.contains("otpauth:"), "a key of another session");
    let shown = shows(&house, &app);
    let form = [("set_up", begun.as_str()), ("code", shown.as_str())];
    let stolen = came_to(thief.call_json("confirm_totp", &form).await).await;
    assert_eq!(stolen.as_deref(), Some("sign_in_expired"));
    // What the thief begins takes its place, and she is not shown that.
    let (planted, planted_app) = set_up(&thief).await;
    let (_, html) = page(&ada, "/account/security/authenticator").await;
    assert!(!html.contains("otpauth:"), "a key of another session");
    let late = came_to(ada.call_json("confirm_totp", &form).await).await;
    assert_eq!(late.as_deref(), Some("sign_in_expired"));
    // Signing out everywhere ends it.
    let again = house.sign_in(ADA).await;
    assert_eq!(call(&again, "sign_out_everywhere", &[]).await, StatusCode::OK);
    let shown = shows(&house, &planted_app);
    let form = [("set_up", planted.as_str()), ("code", shown.as_str())];
    assert!(
        came_to(thief.call_json("confirm_totp", &form).await)
            .await
            .is_some()
    );

    let ada = house.sign_in(ADA).await;
    let (begun, app) = set_up(&ada).await;
    let shown = shows(&house, &app);
    let form = [("set_up", begun.as_str()), ("code", shown.as_str())];
    let (first, second) = tokio::join!(
        ada.post("/fn/confirm_totp", &form),
        ada.post("/fn/confirm_totp", &form)
    );
    assert_eq!(location(&first), "/account/security/recovery-codes");
    assert_eq!(location(&second), "/account/security/recovery-codes");
    assert!(is_signed_in(&ada).await);
    // Another browser repeats nothing.
    let other = came_to(house.browser().call_json("confirm_totp", &form).await).await;
    assert!(other.is_some());
}
