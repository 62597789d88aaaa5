//! Addresses that are removed, and come back.

use super::addresses::{ADA, SECOND, add, change};
use crate::{
    harness::{Browser, Harness, location, token},
    members::{call, page},
};
use chrono::TimeDelta;
use iam::{domain::account::address::RESTORABLE, port::SecurityChange};
use reqwest::StatusCode;

/// Ada with two addresses.
async fn two_addresses(house: &Harness) -> Browser {
    let ada = house.sign_in(ADA).await;
    house.clock.advance(TimeDelta::minutes(1));
    add(house, &ada, SECOND).await;
    house.mails.take_warning().await;
    ada
}

/// What the link of a mail about a removal sends.
fn form(link: &str) -> Vec<(&str, &str)> {
    let (_, query) = link.split_once('?').unwrap();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .collect()
}

/// The next mail by which an address can be put back.
async fn removal(house: &Harness) -> String {
    loop {
        let mail = house.mails.take_warning().await;
        if mail.change == SecurityChange::AddressRemoved {
            assert_eq!(mail.to, mail.name);
            return mail.url;
        }
    }
}

/// Signs in by mail, and says what came of it.
async fn try_to_sign_in(house: &Harness, address: &str) -> StatusCode {
    let browser = house.browser();
    let mail = house.ask(&browser, address, "", "").await;
    call(&browser, "redeem_magic_link", &[("token", token(&mail))]).await
}

async fn has(browser: &Browser, address: &str) -> bool {
    page(browser, "/account/addresses").await.1.contains(address)
}

#[actix_web::test]
async fn a_removed_address_is_nobodys_for_a_week_and_comes_back_by_its_mail() {
    let house = Harness::start().await;
    let ada = two_addresses(&house).await;
    let (one, two) = (house.browser(), house.browser());
    let link = house.ask(&one, SECOND, "", "").await;
    let digits = house.ask(&two, SECOND, "", "").await;
    let answer = ada.post("/fn/remove_address", &[("address", SECOND)]).await;
    assert_eq!(location(&answer), "/account/addresses");
    assert_eq!(
        change(&ada, "remove_address", SECOND).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        change(&ada, "remove_address", ADA).await,
        StatusCode::CONFLICT,
        "the primary one stays"
    );
    // What was under way to it is worth nothing.
    let by_link = call(&one, "redeem_magic_link", &[("token", token(&link))]).await;
    let by_code = call(&two, "redeem_code", &[("code", &digits.code)]).await;
    assert_eq!([by_link, by_code], [StatusCode::GONE; 2]);
    assert_eq!(try_to_sign_in(&house, SECOND).await, StatusCode::CONFLICT);
    let eve = house.sign_in("eve@example.com").await;
    assert_eq!(change(&eve, "add_address", SECOND).await, StatusCode::OK);
    let url = removal(&house).await;
    let wanted = house.mails.take_warning().await;
    assert_eq!(
        (wanted.to.as_str(), wanted.change),
        (SECOND, SecurityChange::AddressWanted)
    );

    let (_, path) = url.split_once(&house.origin).unwrap();
    let reader = house.browser();
    for _ in 0..2 {
        let (status, html) = page(&reader, path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("Restore this email address?") && html.contains(SECOND));
    }
    assert!(!has(&ada, SECOND).await, "looking puts nothing back");
    for _ in 0..2 {
        let answer = reader.post("/fn/restore_address", &form(&url)).await;
        assert_eq!(location(&answer), "/account/addresses/restore?done=1");
    }
    assert!(has(&ada, SECOND).await);
    assert_eq!(try_to_sign_in(&house, SECOND).await, StatusCode::OK);
    assert_eq!(house.told(["address.removed", "address.restored"]).await, [1, 1]);
    // It can be removed again, and the mail of the first time is over with that.
    assert_eq!(change(&ada, "remove_address", SECOND).await, StatusCode::OK);
    assert_eq!(
        call(&reader, "restore_address", &form(&url)).await,
        StatusCode::GONE
    );
}

#[actix_web::test]
async fn after_a_week_a_removed_address_is_free_and_a_made_up_link_puts_nothing_back() {
    let house = Harness::start().await;
    let ada = two_addresses(&house).await;
    assert_eq!(change(&ada, "remove_address", SECOND).await, StatusCode::OK);
    let url = removal(&house).await;
    let good = form(&url);
    let junk = "roo_ra_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for forged in [
        [good[0], ("key", junk)],
        [good[0], ("key", "")],
        [("removed", "adr_01920000000070008000000000000042"), good[1]],
        [("removed", "x"), good[1]],
    ] {
        let answer = call(&house.browser(), "restore_address", &forged).await;
        assert_eq!(answer, StatusCode::GONE, "{forged:?}");
    }
    house.clock.advance(RESTORABLE);
    assert_eq!(
        call(&house.browser(), "restore_address", &good).await,
        StatusCode::GONE
    );
    assert_eq!(
        try_to_sign_in(&house, SECOND).await,
        StatusCode::OK,
        "somebody new"
    );
    let ada = house.sign_in(ADA).await;
    assert!(!has(&ada, SECOND).await);
}

#[actix_web::test]
async fn its_person_adds_a_removed_address_again_at_once() {
    let house = Harness::start().await;
    let ada = two_addresses(&house).await;
    assert_eq!(change(&ada, "remove_address", SECOND).await, StatusCode::OK);
    add(&house, &ada, SECOND).await;
    assert!(has(&ada, SECOND).await);
    let url = removal(&house).await;
    let answer = call(&house.browser(), "restore_address", &form(&url)).await;
    assert_eq!(answer, StatusCode::OK, "it is there already");
}

#[actix_web::test]
async fn what_a_thief_did_to_the_addresses_is_undone_with_their_sign_in() {
    let house = Harness::start_named().await;
    let ada = two_addresses(&house).await;
    house.clock.advance(TimeDelta::hours(1));
    let thief = house.sign_in(ADA).await;
    let warning = house.mails.take_warning().await;
    assert_eq!(warning.change, SecurityChange::NewBrowser);
    let evil = "evil@evil.example";
    add(&house, &thief, evil).await;
    assert_eq!(change(&thief, "make_address_primary", evil).await, StatusCode::OK);
    for address in [ADA, SECOND] {
        assert_eq!(change(&thief, "remove_address", address).await, StatusCode::OK);
    }
    // A way back for later.
    add(&house, &thief, "later@evil.example").await;
    let later = change(&thief, "remove_address", "later@evil.example").await;
    assert_eq!(later, StatusCode::OK);
    // They leave at once, in any order.
    let mut way_back = String::new();
    for _ in 0..3 {
        let url = removal(&house).await;
        let (_, path) = url.split_once(&house.origin).unwrap();
        if page(&house.browser(), path)
            .await
            .1
            .contains("later@evil.example")
        {
            way_back = url;
        }
    }
    let answer = call(&house.browser(), "disown_session", &form(&warning.url)).await;
    assert_eq!(answer, StatusCode::OK);
    assert!(!thief.is_signed_in().await && !ada.is_signed_in().await);
    let back = call(&house.browser(), "restore_address", &form(&way_back)).await;
    assert_eq!(back, StatusCode::GONE, "the thief's own");
    let ada = house.sign_in(ADA).await;
    let (_, html) = page(&ada, "/account/addresses").await;
    assert!(html.contains(ADA) && html.contains(SECOND) && !html.contains("evil.example"));
    let elsewhere = house.sign_in(evil).await;
    assert!(!has(&elsewhere, ADA).await, "an account of the thief's own");
}

#[actix_web::test]
async fn an_address_that_was_there_for_a_moment_does_not_come_back_once_its_person_signed_out_everywhere() {
    let house = Harness::start().await;
    let ada = two_addresses(&house).await;
    assert_eq!(change(&ada, "remove_address", SECOND).await, StatusCode::OK);
    let url = removal(&house).await;
    assert_eq!(call(&ada, "sign_out_everywhere", &[]).await, StatusCode::OK);
    assert_eq!(
        call(&house.browser(), "restore_address", &form(&url)).await,
        StatusCode::GONE
    );
    // The one that the account began with can come back whatever a thief does.
    let ada = house.sign_in(ADA).await;
    add(&house, &ada, "third@example.com").await;
    assert_eq!(
        change(&ada, "make_address_primary", "third@example.com").await,
        StatusCode::OK
    );
    assert_eq!(change(&ada, "remove_address", ADA).await, StatusCode::OK);
    let url = removal(&house).await;
    assert_eq!(call(&ada, "sign_out_everywhere", &[]).await, StatusCode::OK);
    assert_eq!(
        call(&house.browser(), "restore_address", &form(&url)).await,
        StatusCode::OK
    );
    assert_eq!(try_to_sign_in(&house, ADA).await, StatusCode::OK);
}
