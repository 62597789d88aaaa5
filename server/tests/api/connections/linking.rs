//! Linking in a session, and undoing it.

use super::{House, begin_linking, enters};
use crate::{
    harness::{location, token},
    members::{call, joined, page},
};
use chrono::TimeDelta;
use iam::port::SecurityChange;
use iam_testkit::Person;
use reqwest::StatusCode;

#[actix_web::test]
async fn a_member_links_and_unlinks_after_a_recent_sign_in_and_is_told_by_mail() {
    let house = House::new("members").await;
    let ada = joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let (_, html) = page(&ada, "/account/security").await;
    assert!(html.contains("Link Harbour ID"), "{html}");
    // Whatever address the provider says: they are signed in, and say yes there.
    let person = Person::new("sub-ada", "ada.other@example.net");
    let back = house
        .upstream
        .authorizes(&begin_linking(&ada, &house.id).await, &person);
    assert_eq!(location(&ada.get(&back).await), "/account/security");
    assert_eq!(location(&ada.get(&back).await), "/account/security", "again");
    assert_eq!(
        house.linked().await,
        [("sub-ada".to_owned(), "ada@example.com".to_owned())]
    );
    let warning = house.house.mails.take_warning().await;
    assert_eq!(warning.change, SecurityChange::ConnectionLinked);
    let (_, html) = page(&ada, "/account/security").await;
    assert!(
        html.contains("ada.other@example.net") && html.contains("Unlink"),
        "{html}"
    );
    let browser = house.house.browser();
    assert_eq!(house.arrives_at(&browser, &person).await, "/w/acme/admin");
    // What was linked lets nobody link or unlink: it is not their own way in.
    let form = [("slug", "acme"), ("id", house.id.as_str())];
    assert_eq!(
        call(&browser, "unlink_connection", &form).await,
        StatusCode::UNAUTHORIZED
    );
    house.house.clock.advance(TimeDelta::minutes(16));
    assert_eq!(
        call(&ada, "unlink_connection", &form).await,
        StatusCode::UNAUTHORIZED
    );
    let late = ada
        .post(
            "/w/acme/login/connection",
            &[("connection", &house.id), ("link", "1")],
        )
        .await;
    assert_eq!(location(&late), "/account/security");
    let ada = house.house.sign_in("ada@example.com").await;
    assert_eq!(call(&ada, "unlink_connection", &form).await, StatusCode::OK);
    assert!(!enters(&browser, "acme").await, "what came of it ended with it");
    assert!(house.linked().await.is_empty());
    assert_eq!(
        call(&ada, "unlink_connection", &form).await,
        StatusCode::NOT_FOUND
    );
    let told = house.house.told(["identity.linked", "identity.unlinked"]).await;
    assert_eq!(told, [1, 1]);
}

#[actix_web::test]
async fn an_identity_never_changes_hands_and_an_account_has_one() {
    let house = House::new("members").await;
    let ada = joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let ben = joined(&house.house, &house.owner, "ben@example.com", "member").await;
    let link = async |browser, subject: &str| {
        let address = begin_linking(browser, &house.id).await;
        let person = Person::new(subject, "x@example.net");
        browser.get(&house.upstream.authorizes(&address, &person)).await
    };
    assert_eq!(location(&link(&ada, "one").await), "/account/security");
    for (browser, subject) in [(&ben, "one"), (&ada, "two")] {
        let answer = link(browser, subject).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{subject}");
        let html = answer.text().await.unwrap();
        assert!(html.contains("href=\"/account/security\""), "{html}");
    }
    assert_eq!(house.refusals().await, ["taken", "taken"]);
    assert_eq!(
        house.linked().await,
        [("one".to_owned(), "ada@example.com".to_owned())]
    );
}

#[actix_web::test]
async fn what_one_person_began_links_nobody_else_in_the_same_browser() {
    let house = House::new("members").await;
    let ada = joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let back = house.upstream.authorizes(
        &begin_linking(&ada, &house.id).await,
        &Person::new("one", "x@example.net"),
    );
    // Somebody else signs in there meanwhile: the session that asked is gone, and what it asked for with it.
    let mail = house.house.ask(&ada, "ben@example.com", "", "").await;
    ada.post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(ada.get(&back).await.status(), StatusCode::GONE);
    assert!(house.linked().await.is_empty());
    // And who is nobody here links nothing.
    let stranger = house.house.sign_in("eve@example.com").await;
    let form = [("connection", house.id.as_str()), ("link", "1")];
    let answer = stranger.post("/w/acme/login/connection", &form).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
