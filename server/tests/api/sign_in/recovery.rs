//! Recovery of people who lost their second factors, by people who do it right.

use super::{
    passkeys::{add, came_to},
    two_step::{prove, shows, turn_on, waiting_id, waits},
};
use crate::{
    harness::{Browser, Harness, location},
    members::{id_of, joined, page},
    platform::users::operator,
    provider::{code, ready, redeem, refresh},
};
use chrono::TimeDelta;
use iam::{
    domain::sign_in::recovery::{BY_OPERATOR, BY_WORKSPACE, USABLE},
    port::{SecurityChange, SecurityMail},
};
use iam_testkit::{Authenticator, Says};
use reqwest::StatusCode;
use totp_rs::Totp;

pub const ADA: &str = "ada@example.com";

/// A member of `acme` who has an authenticator app.
pub async fn member(house: &Harness, owner: &Browser) -> (Browser, Totp, String) {
    let ada = joined(house, owner, ADA, "member").await;
    let (app, _) = turn_on(house, &ada).await;
    // Her address was hers before whatever comes.
    house.clock.advance(TimeDelta::minutes(1));
    (ada, app, id_of(house, ADA).await)
}

/// Begins a recovery as an admin of `acme`; what it came to, if not that.
pub async fn begin(admin: &Browser, id: &str, more: &[(&str, &str)]) -> Option<String> {
    let form = [&[("slug", "acme"), ("id", id), ("reason", "Phone stolen")], more].concat();
    came_to(admin.call_json("begin_recovery", &form).await).await
}

/// Begins a recovery as an operator; what it came to, if not that.
pub async fn begin_as_operator(operator: &Browser, id: &str, more: &[(&str, &str)]) -> Option<String> {
    let form = [&[("id", id), ("reason", "Showed their passport")], more].concat();
    came_to(operator.call_json("begin_user_recovery", &form).await).await
}

/// Waits for the next mail that tells of this.
pub async fn told_of(house: &Harness, change: SecurityChange) -> SecurityMail {
    loop {
        let mail = house.mails.take_warning().await;
        if mail.change == change {
            return mail;
        }
    }
}

/// Proves an address by mail in a new browser: what waits for the second factor there.
pub async fn by_mail(house: &Harness, address: &str) -> (Browser, String) {
    let browser = house.browser();
    let mail = house.ask(&browser, address, "", "").await;
    let next = waits(&browser, &mail).await;
    (browser, next)
}

/// Goes on without a code; what it came to, if not a session.
pub async fn come_back(browser: &Browser, next: &str) -> Option<String> {
    let form = [("id", waiting_id(next).unwrap())];
    came_to(browser.call_json("redeem_recovery", &form).await).await
}

/// Gives a person another address.
pub async fn also_at(house: &Harness, address: &str) {
    let all = house.database.all_seeing().await.unwrap();
    let insert = "INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at)
                  SELECT user_id, $2, false, verified_at, created_at FROM user_emails WHERE address = $1";
    sqlx::query(insert)
        .bind(ADA)
        .bind(address)
        .execute(&all)
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_member_who_lost_everything_comes_back_once_after_the_delay_and_everything_else_ends() {
    let (house, owner, app) = ready("ES256").await;
    let (thief, _, id) = member(&house, &owner).await;
    also_at(&house, "ada@home.example").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&thief, &app).await).await;
    assert_eq!(begin(&owner, &id, &[]).await, None);
    let mut told = Vec::new();
    for _ in 0..2 {
        let mail = told_of(&house, SecurityChange::RecoveryByWorkspace).await;
        assert_eq!(mail.name, "Acme");
        told.push(mail.to);
    }
    told.sort();
    assert_eq!(told, [ADA, "ada@home.example"], "every address knows");
    // She sees it in her account, whoever began it on her page.
    let (_, html) = page(&thief, "/account/security").await;
    assert!(
        html.contains("owner@acme.example of Acme") && html.contains("Phone stolen"),
        "{html}"
    );
    let (_, html) = page(&owner, &format!("/w/acme/admin/members/{id}")).await;
    assert!(html.contains("Account recovery in progress"), "{html}");

    let (early, next) = by_mail(&house, ADA).await;
    let (_, html) = page(&early, &next).await;
    assert!(html.contains("Your account is being recovered"), "{html}");
    assert_eq!(come_back(&early, &next).await.as_deref(), Some("recovery_over"));
    house.clock.advance(BY_WORKSPACE - TimeDelta::hours(1));
    assert!(thief.is_signed_in().await, "a browser that is used");
    house.clock.advance(TimeDelta::hours(1));
    // Nothing happened by itself.
    let (browser, next) = by_mail(&house, ADA).await;
    assert!(!browser.is_signed_in().await && thief.is_signed_in().await);
    let (_, html) = page(&browser, &next).await;
    assert!(html.contains("Continue without a code"), "{html}");
    let form = [("id", waiting_id(&next).unwrap())];
    let on = location(&browser.post("/fn/redeem_recovery", &form).await);
    assert_eq!(
        on, "/account/security/authenticator?next=%2Faccount",
        "by way of a new app to the page that was wanted"
    );
    assert!(browser.is_signed_in().await && !thief.is_signed_in().await);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::BAD_REQUEST);
    let used = told_of(&house, SecurityChange::Recovered).await;
    let also = told_of(&house, SecurityChange::Recovered).await;
    assert_ne!(used.to, also.to);
    // A second click comes to the same session, and another browser to nothing.
    let again = location(&browser.post("/fn/redeem_recovery", &form).await);
    assert_eq!(again, "/account/security/authenticator?next=%2Fworkspaces");
    assert!(browser.is_signed_in().await);
    assert_eq!(come_back(&early, &next).await.as_deref(), Some("sign_in_expired"));
    let told = ["recovery.begun", "recovery.used", "totp.removed"];
    assert_eq!(house.told(told).await, [1, 1, 1]);
    let (_, activity) = page(&browser, "/account/activity").await;
    for words in ["Recovery of your account started", "Account recovered"] {
        assert!(activity.contains(words), "{words}");
    }
    // The session proved one thing, which is enough to set up anew; from then on a code is asked for again.
    let amr: Vec<String> = sqlx::query_scalar(
        "SELECT amr FROM sessions WHERE user_id = (SELECT user_id FROM user_emails WHERE address = $1)",
    )
    .bind(ADA)
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!(amr, ["email"]);
    turn_on(&house, &browser).await;
    let (other, next) = by_mail(&house, ADA).await;
    assert_eq!(come_back(&other, &next).await.as_deref(), Some("recovery_over"));
}

#[actix_web::test]
async fn operators_recover_anybody_a_day_later_with_the_passkeys_that_are_lost_too() {
    let house = Harness::start_named().await;
    let olga = operator(&house).await;
    let ada = house.sign_in(ADA).await;
    let mut lost = Authenticator::default();
    assert_eq!(add(&ada, &mut lost, &Says::default()).await, None);
    turn_on(&house, &ada).await;
    house.clock.advance(TimeDelta::minutes(1));
    let id = id_of(&house, ADA).await;
    assert_eq!(begin_as_operator(&olga, &id, &[("passkeys", "true")]).await, None);
    let mail = told_of(&house, SecurityChange::RecoveryByOperator).await;
    assert_eq!(mail.to, ADA);
    let (_, html) = page(&olga, &format!("/platform/people/{id}")).await;
    assert!(
        html.contains("Showed their passport") && html.contains("Their passkeys will be removed too"),
        "{html}"
    );
    house.clock.advance(BY_OPERATOR);
    let (browser, next) = by_mail(&house, ADA).await;
    assert_eq!(come_back(&browser, &next).await, None);
    assert_eq!(house.told(["passkey.removed", "recovery.used"]).await, [1, 1]);
    let (_, html) = page(&browser, "/account/security").await;
    assert!(html.contains("No passkeys yet"), "{html}");
}

#[actix_web::test]
async fn a_recovery_that_nobody_uses_or_that_is_withdrawn_lets_nobody_pass() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let (_ada, app, id) = member(&house, &owner).await;
    assert_eq!(begin(&owner, &id, &[]).await, None);
    assert_eq!(
        begin(&owner, &id, &[]).await.as_deref(),
        Some("recovery_under_way")
    );
    house.clock.advance(BY_WORKSPACE + USABLE);
    let (browser, next) = by_mail(&house, ADA).await;
    assert_eq!(come_back(&browser, &next).await.as_deref(), Some("recovery_over"));

    let owner = house.sign_in("owner@acme.example").await;
    assert_eq!(begin(&owner, &id, &[]).await, None);
    let form = [("slug", "acme"), ("id", id.as_str())];
    assert_eq!(
        came_to(owner.call_json("withdraw_recovery", &form).await).await,
        None
    );
    told_of(&house, SecurityChange::RecoveryStopped).await;
    assert_eq!(
        came_to(owner.call_json("withdraw_recovery", &form).await)
            .await
            .as_deref(),
        Some("not_found")
    );
    house.clock.advance(BY_WORKSPACE + TimeDelta::hours(1));
    let (browser, next) = by_mail(&house, ADA).await;
    assert_eq!(come_back(&browser, &next).await.as_deref(), Some("recovery_over"));
    let (_, html) = page(&browser, &next).await;
    assert!(html.contains("Ask an admin of your workspace"), "{html}");
    assert_eq!(prove(&browser, &next, &shows(&house, &app)).await, None);
    assert_eq!(house.told(["recovery.begun", "recovery.stopped"]).await, [2, 1]);
}
