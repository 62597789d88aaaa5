//! Choosing, changing and removing a password.

use super::{ADA, GOOD, LOGIN, OTHER, allow, choose, stored, try_at, with_password};
use crate::{
    harness::{Harness, location},
    members::{call, joined, page},
    sign_in::{passkeys::came_to, recovery::told_of, two_step::turn_on},
};
use chrono::TimeDelta;
use iam::port::SecurityChange;
use reqwest::StatusCode;
use serde_json::Value;

const PAGE: &str = "/account/security/password";

#[actix_web::test]
async fn what_is_guessed_is_refused_with_a_word_on_why_and_nothing_typed_comes_back() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, "xkqjwvzt@example.com", "member").await;
    for (password, why) in [
        ("short", "password_short"),
        (&"long password ".repeat(30), "password_long"),
        ("password123", "password_weak"),
        ("xkqjwvzt@example.com", "password_personal"),
        (crate::external::BREACHED, "password_breached"),
    ] {
        assert_eq!(choose(&ada, password).await.as_deref(), Some(why), "{password}");
    }
    let form = [("password", "password123"), ("next", "/account/sessions")];
    let answer = ada.post_on(PAGE, "/fn/set_password", &form).await;
    assert_eq!(location(&answer), PAGE);
    let (_, html) = page(&ada, PAGE).await;
    assert!(
        html.contains("easy to guess") && html.contains("aria-invalid=\"true\""),
        "{html}"
    );
    assert!(!html.contains("password123"), "{html}");
    assert!(
        html.contains("autocomplete=\"new-password\"") && html.contains("minlength=\"8\""),
        "{html}"
    );
    let good = [("password", GOOD), ("next", "/account/sessions")];
    let answer = ada.post_on(PAGE, "/fn/set_password", &good).await;
    assert_eq!(location(&answer), "/account/sessions");
    let (_, html) = page(&ada, "/account/sessions").await;
    assert!(html.contains("Password saved"), "{html}");
    let evil = [("password", OTHER), ("next", "//evil.example")];
    let answer = ada.post_on(PAGE, "/fn/set_password", &evil).await;
    assert_eq!(location(&answer), "/account/security");
    let file = ada
        .post("/account/data/export", &[])
        .await
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(file["profile"]["password"]["must_change"], false);
    assert!(!file.to_string().contains("argon2"), "{file}");
}

#[actix_web::test]
async fn changing_it_takes_a_recent_sign_in_and_signs_other_browsers_out_if_wanted() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let other = house.sign_in(ADA).await;
    let (_, html) = page(&ada, PAGE).await;
    assert!(html.contains("name=\"others\" value=\"true\" checked"), "{html}");
    assert_eq!(choose(&ada, OTHER).await, None);
    assert!(other.is_signed_in().await);
    told_of(&house, SecurityChange::PasswordChanged).await;
    let form = [("password", GOOD), ("others", "true")];
    assert_eq!(came_to(ada.call_json("set_password", &form).await).await, None);
    assert!(ada.is_signed_in().await && !other.is_signed_in().await);
    house.clock.advance(TimeDelta::minutes(16));
    for (name, form) in [
        ("set_password", &[("password", OTHER)][..]),
        ("remove_password", &[]),
    ] {
        let late = came_to(ada.call_json(name, form).await).await;
        assert_eq!(late.as_deref(), Some("sign_in_again"), "{name}");
    }
    let (_, html) = page(&ada, PAGE).await;
    assert!(html.contains("/login?again=1"), "{html}");
    let stranger = came_to(
        house
            .browser()
            .call_json("set_password", &[("password", OTHER)])
            .await,
    )
    .await;
    assert_eq!(stranger.as_deref(), Some("sign_in_required"));
}

#[actix_web::test]
async fn a_password_alone_changes_itself_and_no_other_way_to_sign_in() {
    let house = Harness::start_named().await;
    allow(&house, None).await;
    let ada = with_password(&house, ADA).await;
    let thief = house.browser();
    assert_eq!(try_at(&thief, LOGIN, ADA, GOOD).await, None);
    for (name, form) in [
        ("begin_adding_passkey", &[][..]),
        ("begin_totp", &[]),
        ("add_address", &[("address", "thief@evil.example")]),
        ("make_address_primary", &[("address", ADA)]),
        ("remove_address", &[("address", ADA)]),
        ("delete_account", &[("confirmation", ADA)]),
    ] {
        let refused = came_to(thief.call_json(name, form).await).await;
        assert_eq!(refused.as_deref(), Some("sign_in_again"), "{name}");
    }
    assert_eq!(
        thief.post("/account/data/export", &[]).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let (_, html) = page(&thief, "/account/security").await;
    assert!(html.contains("You signed in with a password"), "{html}");
    assert_eq!(choose(&thief, OTHER).await, None);
    // Whoever reads the mails takes it back, and is told of it.
    let told = told_of(&house, SecurityChange::PasswordChanged).await;
    assert_eq!(told.to, ADA);
    assert_eq!(choose(&ada, GOOD).await, None);
    // The same session, once it has proved the mailbox, may.
    let mail = house.ask(&thief, ADA, "", "").await;
    let form = [("token", crate::harness::token(&mail))];
    assert_eq!(call(&thief, "redeem_magic_link", &form).await, StatusCode::OK);
    assert_eq!(call(&thief, "begin_totp", &[]).await, StatusCode::OK);
}

#[actix_web::test]
async fn who_has_a_second_factor_proves_it_before_they_change_their_password() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let other = house.sign_in(ADA).await;
    let _on = turn_on(&house, &other).await;
    assert_eq!(
        choose(&ada, GOOD).await.as_deref(),
        Some("second_factor_required")
    );
    let (_, html) = page(&ada, PAGE).await;
    assert!(html.contains("/login/step-up?next="), "{html}");
    assert_eq!(choose(&other, GOOD).await, None);
}

#[actix_web::test]
async fn whoever_forgot_it_signs_in_by_mail_and_chooses_another() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    allow(&house, Some(&owner)).await;
    let ada = joined(&house, &owner, ADA, "member").await;
    assert_eq!(choose(&ada, GOOD).await, None);
    let browser = house.browser();
    let (_, html) = page(&browser, super::ACME).await;
    let (_, rest) = html.split_once("href=\"/account/security/password").unwrap();
    let forgotten = format!("/account/security/password{}", rest.split('"').next().unwrap());
    assert_eq!(location(&browser.get(&forgotten).await), "/login");
    let mail = house.ask(&browser, ADA, "", "").await;
    let form = [("token", crate::harness::token(&mail))];
    let next = location(&browser.post("/fn/redeem_magic_link", &form).await);
    assert_eq!(next, forgotten);
    let (_, html) = page(&browser, &next).await;
    let on = crate::harness::hidden(&html, "next").to_owned();
    assert_eq!(on, "/w/acme/login");
    let form = [("password", OTHER), ("next", &on)];
    let answer = browser.post("/fn/set_password", &form).await;
    assert_eq!(location(&answer), on);
    assert_eq!(location(&browser.get(&on).await), "/w/acme/admin");
    let (hash, _, _) = stored(&house).await;
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    assert_eq!(try_at(&house.browser(), super::ACME, ADA, OTHER).await, None);
}
