//! Several addresses of one person: added by proof, and one of them primary.

use crate::{
    harness::{Browser, Harness, location, token},
    members::{call, invited, joined, page},
    provider::{ready, redeem},
};
use chrono::TimeDelta;
use iam::{
    domain::{account::address::LIFETIME, sign_in::session::RECENT},
    port::{AddressMail, SecurityChange},
};
use reqwest::StatusCode;

pub const ADA: &str = "ada@example.com";
pub const SECOND: &str = "ada@second.example";
const PAGE: &str = "/account/addresses";

/// Asks for a mail to a new address, and says where its code is to be typed.
pub async fn begin(browser: &Browser, address: &str) -> String {
    let answer = browser.post("/fn/add_address", &[("address", address)]).await;
    let next = location(&answer);
    let challenge = next.split_once("/account/addresses/verify?challenge=");
    challenge.map_or("", |(_, challenge)| challenge).to_owned()
}

pub async fn code(browser: &Browser, challenge: &str, code: &str) -> StatusCode {
    call(
        browser,
        "verify_address",
        &[("challenge", challenge), ("code", code)],
    )
    .await
}

/// Gives the person at `browser` one more address.
pub async fn add(house: &Harness, browser: &Browser, address: &str) {
    let challenge = begin(browser, address).await;
    let mail = house.mails.take_address().await;
    assert_eq!(mail.to, address);
    assert_eq!(code(browser, &challenge, &mail.code).await, StatusCode::OK);
}

pub async fn change(browser: &Browser, verb: &str, address: &str) -> StatusCode {
    call(browser, verb, &[("address", address)]).await
}

fn link(mail: &AddressMail) -> &str {
    mail.url.split_once("token=").unwrap().1
}

/// The verified addresses that the account's page of `browser` lists.
async fn listed(browser: &Browser) -> Vec<String> {
    let (status, html) = page(browser, PAGE).await;
    assert_eq!(status, StatusCode::OK);
    let rows = html.split("<strong dir=\"auto\">").skip(1);
    let rows = rows.filter(|row| row.split("</li>").next().unwrap().contains("<time"));
    rows.map(|row| row.split('<').next().unwrap().to_owned())
        .filter(|row| row.contains('@'))
        .collect()
}

#[actix_web::test]
async fn an_address_is_added_by_its_code_and_signs_its_person_in_like_any_other() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let challenge = begin(&ada, " Ada@Second.Example ").await;
    let mail = house.mails.take_address().await;
    assert_eq!((mail.to.as_str(), mail.by.as_str()), (SECOND, ADA));
    assert!(mail.url.starts_with(&house.origin), "{}", mail.url);
    assert_eq!(listed(&ada).await, [ADA], "it is no address of hers yet");
    assert!(page(&ada, PAGE).await.1.contains("Not verified"));
    assert_eq!(
        code(&ada, &challenge, "000000x1").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // A plain form, twice in a row.
    let form = [("challenge", challenge.as_str()), ("code", mail.code.as_str())];
    for _ in 0..2 {
        let answer = ada.post("/fn/verify_address", &form).await;
        assert_eq!(location(&answer), PAGE);
    }
    assert!(page(&ada, PAGE).await.1.contains("Email address added"));
    assert_eq!(listed(&ada).await, [ADA, SECOND]);
    let told = house.mails.take_warning().await;
    assert_eq!(
        (told.to.as_str(), told.change, told.name.as_str()),
        (ADA, SecurityChange::AddressAdded, SECOND)
    );
    let times = house
        .told(["address.added", "address.verified", "address.refused"])
        .await;
    assert_eq!(times, [1, 1, 1]);
    let elsewhere = house.sign_in(SECOND).await;
    assert_eq!(listed(&elsewhere).await, [ADA, SECOND], "the same person");
    let (_, activity) = page(&ada, "/account/activity").await;
    assert!(activity.contains("Email address added") && !activity.contains(SECOND));
}

#[actix_web::test]
async fn a_link_is_looked_at_by_anybody_and_adds_an_address_only_in_the_session_that_asked() {
    let house = Harness::start().await;
    let (ada, eve) = (house.sign_in(ADA).await, house.sign_in("eve@example.com").await);
    let phone = house.sign_in(ADA).await;
    begin(&ada, SECOND).await;
    let mail = house.mails.take_address().await;
    let (_, path) = mail.url.split_once(&house.origin).unwrap();
    // A scanner of mails comes first.
    assert_eq!(house.browser().get(path).await.status(), StatusCode::FOUND);
    for other in [&eve, &phone] {
        assert_eq!(other.get(path).await.status(), StatusCode::FORBIDDEN);
        let form = [("token", link(&mail))];
        assert_eq!(call(other, "confirm_address", &form).await, StatusCode::FORBIDDEN);
    }
    for _ in 0..2 {
        let (status, html) = page(&ada, path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains(SECOND) && html.contains("action=\"/fn/confirm_address\""));
    }
    assert_eq!(listed(&ada).await, [ADA], "looking adds nothing");
    for _ in 0..2 {
        let answer = ada.post("/fn/confirm_address", &[("token", link(&mail))]).await;
        assert_eq!(location(&answer), PAGE);
    }
    assert_eq!(listed(&ada).await, [ADA, SECOND]);
    assert_eq!(house.told(["address.verified"]).await, [1]);
}

#[actix_web::test]
async fn an_address_of_somebody_else_looks_the_same_tells_that_person_and_is_never_added() {
    let house = Harness::start().await;
    let [ada, eve] = [house.sign_in(ADA).await, house.sign_in("eve@example.com").await];
    let pages = [begin(&eve, ADA).await, begin(&eve, "nobody@example.com").await];
    let told = house.mails.take_warning().await;
    assert_eq!(
        (told.to.as_str(), told.change, told.name.as_str()),
        (ADA, SecurityChange::AddressWanted, "eve@example.com")
    );
    assert_eq!(house.mails.take_address().await.to, "nobody@example.com");
    let mut shown = Vec::new();
    for (challenge, address) in pages.iter().zip([ADA, "nobody@example.com"]) {
        let (status, html) = page(&eve, &format!("{PAGE}/verify?challenge={challenge}")).await;
        let html = html.replace(challenge.as_str(), "").replace(address, "");
        let nonce = html
            .split_once("nonce=\"")
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        shown.push((status, html.replace(&nonce, "")));
    }
    assert_eq!(shown[0], shown[1]);
    for (challenge, last) in [(&pages[0], 4), (&pages[1], 4)] {
        for round in 0..=5 {
            let expected = if round < last {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::GONE
            };
            // Six digits that are never drawn: five of them.
            assert_eq!(code(&eve, challenge, "12345").await, expected, "{round}");
        }
    }
    assert_eq!(listed(&ada).await, [ADA]);
    assert_eq!(listed(&eve).await, ["eve@example.com"]);
}

#[actix_web::test]
async fn whoever_signs_up_first_has_the_address_and_the_other_is_told_so() {
    let house = Harness::start().await;
    let eve = house.sign_in("eve@example.com").await;
    let challenge = begin(&eve, ADA).await;
    let mail = house.mails.take_address().await;
    let ada = house.sign_in(ADA).await;
    let form = [("challenge", challenge.as_str()), ("code", mail.code.as_str())];
    let answer = eve.call_json("verify_address", &form).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("address_taken"));
    assert_eq!(listed(&ada).await, [ADA]);
    assert_eq!(listed(&eve).await, ["eve@example.com"]);
}

#[actix_web::test]
async fn two_who_prove_one_address_at_once_on_two_nodes_do_not_both_have_it() {
    let house = Harness::start().await;
    let there = house.another_node().await;
    let [ada, eve] = [house.sign_in(ADA).await, house.sign_in("eve@example.com").await];
    let mut forms = Vec::new();
    for browser in [&ada, &eve] {
        let challenge = begin(browser, SECOND).await;
        let mail = house.mails.take_address().await;
        forms.push([("challenge", challenge), ("code", mail.code)]);
    }
    let send = |browser: &Browser, node: &str, form: &[(&'static str, String); 2]| {
        let post = browser.client.post(format!("{node}/fn/verify_address"));
        let post = post
            .header(reqwest::header::ACCEPT, "application/json")
            .header(reqwest::header::ORIGIN, &house.origin);
        post.form(form).send()
    };
    let (one, two) = tokio::join!(
        send(&ada, &house.origin, &forms[0]),
        send(&eve, &there, &forms[1])
    );
    let mut statuses = [one.unwrap().status(), two.unwrap().status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    let owners = [listed(&ada).await.len(), listed(&eve).await.len()];
    assert_eq!(owners.iter().sum::<usize>(), 3);
}

#[actix_web::test]
async fn what_is_too_late_or_replaced_or_asked_in_a_session_that_ended_adds_nothing() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let challenge = begin(&ada, SECOND).await;
    let old = house.mails.take_address().await;
    let newer = begin(&ada, SECOND).await;
    let new = house.mails.take_address().await;
    assert_eq!(code(&ada, &challenge, &old.code).await, StatusCode::GONE);
    assert_eq!(
        call(&ada, "confirm_address", &[("token", link(&old))]).await,
        StatusCode::GONE
    );
    house.clock.advance(LIFETIME);
    assert_eq!(code(&ada, &newer, &new.code).await, StatusCode::GONE);
    let third = begin(&ada, SECOND).await;
    let mail = house.mails.take_address().await;
    assert_eq!(call(&ada, "sign_out", &[]).await, StatusCode::OK);
    let ada = house.sign_in(ADA).await;
    assert_eq!(code(&ada, &third, &mail.code).await, StatusCode::GONE);
    assert_eq!(listed(&ada).await, [ADA]);
}

#[actix_web::test]
async fn who_finds_a_session_changes_no_address() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    add(&house, &ada, SECOND).await;
    let challenge = begin(&ada, "third@example.com").await;
    let mail = house.mails.take_address().await;
    house.clock.advance(RECENT);
    let late = [
        change(&ada, "add_address", "fourth@example.com").await,
        code(&ada, &challenge, &mail.code).await,
        change(&ada, "make_address_primary", SECOND).await,
        change(&ada, "remove_address", SECOND).await,
    ];
    assert_eq!(late, [StatusCode::UNAUTHORIZED; 4]);
    let (_, html) = page(&ada, PAGE).await;
    assert!(html.contains("/login?again=1") && !html.contains("/fn/add_address"));
    for verb in ["add_address", "make_address_primary", "remove_address"] {
        let nobody = change(&house.browser(), verb, SECOND).await;
        assert_eq!(nobody, StatusCode::UNAUTHORIZED, "{verb}");
    }
    assert_eq!(listed(&ada).await, [ADA, SECOND]);
}

#[actix_web::test]
async fn another_primary_address_is_what_others_see_and_both_addresses_are_told() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    add(&house, &ada, SECOND).await;
    house.mails.take_warning().await;
    for _ in 0..2 {
        let done = change(&ada, "make_address_primary", SECOND).await;
        assert_eq!(done, StatusCode::OK);
    }
    let told = [house.mails.take_warning().await, house.mails.take_warning().await];
    let mut receivers = told.map(|mail| (mail.to, mail.change, mail.name));
    receivers.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [ADA, SECOND].map(|to| {
        let change = SecurityChange::AddressMadePrimary;
        (to.to_owned(), change, SECOND.to_owned())
    });
    assert_eq!(receivers, expected);
    assert_eq!(house.told(["address.made_primary"]).await, [1]);
    let (_, members) = page(&owner, "/w/acme/admin/members").await;
    assert!(members.contains(SECOND) && !members.contains(ADA));
    let (_, tokens) = redeem(&house, "acme", &app, &crate::provider::code(&ada, &app).await).await;
    let claims = reqwest::Client::new()
        .get(format!("{}/w/acme/oauth/userinfo", house.origin))
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let claims: serde_json::Value = claims.send().await.unwrap().json().await.unwrap();
    assert_eq!(claims["email"], SECOND);
    assert_eq!(listed(&ada).await, [SECOND, ADA]);
    let eve = house.sign_in("eve@example.com").await;
    for stranger in [ADA, SECOND, "nonsense", ""] {
        let gone = change(&eve, "make_address_primary", stranger).await;
        assert_eq!(gone, StatusCode::NOT_FOUND, "{stranger}");
    }
}

#[actix_web::test]
async fn an_invitation_of_any_verified_address_is_the_persons_and_of_no_other() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = house.sign_in(ADA).await;
    let invitation = invited(&house, &owner, SECOND, "member").await;
    let accept = [("slug", "acme"), ("id", invitation.as_str())];
    begin(&ada, SECOND).await;
    house.mails.take_address().await;
    let refused = call(&ada, "accept_invitation", &accept).await;
    assert!(refused.is_client_error(), "an address that is not proved");
    add(&house, &ada, SECOND).await;
    assert!(page(&ada, "/workspaces").await.1.contains("Acme"));
    assert_eq!(call(&ada, "accept_invitation", &accept).await, StatusCode::OK);
    let (_, members) = page(&owner, "/w/acme/admin/members").await;
    assert!(members.contains(ADA) && !members.contains(SECOND));
}

#[actix_web::test]
async fn nobody_floods_an_address_or_collects_them_without_end() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let mut last = StatusCode::OK;
    for _ in 0..4 {
        last = change(&ada, "add_address", SECOND).await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "one address by one person");
    for n in 0..3 {
        house.mails.take_address().await;
        let eve = house.sign_in(&format!("eve{n}@example.com")).await;
        for _ in 0..3 {
            assert_eq!(change(&eve, "add_address", SECOND).await, StatusCode::OK);
        }
    }
    let zoe = house.sign_in("zoe@example.com").await;
    let answer = change(&zoe, "add_address", SECOND).await;
    assert_eq!(answer, StatusCode::OK, "it looks as ever");
    let pool = house.database.all_seeing().await.unwrap();
    let mails: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM outbox_mails m
         JOIN address_challenges c ON c.id = m.about
         JOIN user_emails e ON e.user_id = c.user_id
         WHERE e.address = 'zoe@example.com'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(mails, 0, "and no mail comes, whoever asks");
    house.clock.advance(TimeDelta::hours(1));
    let max = house.sign_in("max@example.com").await;
    for n in 1..10 {
        sqlx::query(
            "INSERT INTO user_emails (user_id, address, verified_at, created_at)
             SELECT user_id, 'max' || $1 || '@example.com', created_at, created_at FROM user_emails WHERE address = 'max@example.com'",
        )
        .bind(n.to_string())
        .execute(&pool)
        .await
        .unwrap();
    }
    let challenge = begin(&max, "more@example.com").await;
    let mail = house.mails.take_address().await;
    let mail = if mail.to == "more@example.com" {
        mail
    } else {
        loop {
            let next = house.mails.take_address().await;
            if next.to == "more@example.com" {
                break next;
            }
        }
    };
    assert_eq!(code(&max, &challenge, &mail.code).await, StatusCode::CONFLICT);
    let known = max
        .call_json("add_address", &[("address", "max1@example.com")])
        .await;
    assert!(known.text().await.unwrap().contains("address_known"));
}

#[actix_web::test]
async fn an_address_that_waits_for_its_code_signs_nobody_in_to_the_account() {
    let house = Harness::start().await;
    let eve = house.sign_in("eve@example.com").await;
    begin(&eve, ADA).await;
    house.mails.take_address().await;
    let ada = house.browser();
    let mail = house.ask(&ada, ADA, "", "").await;
    ada.post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    assert_eq!(listed(&ada).await, [ADA], "an account of her own");
}
