//! Whom nobody knows by a provider yet: its word makes no account but at a domain of the workspace, and gives nobody's away.

use super::{House, begin, connect, connect_as, enters, prove};
use crate::{
    domains::proof::proved,
    harness::{location, request},
    members::{call, joined, page},
};
use iam::port::SecurityChange;
use iam_testkit::{Coder, Github, Person, Upstream};
use reqwest::StatusCode;

const VICTIM: &str = "victim@acme.example";

fn said(subject: &str, email: Option<&str>, verified: Option<bool>) -> Person {
    Person {
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        verified,
        more: serde_json::Value::Null,
    }
}

#[actix_web::test]
async fn at_a_proved_domain_a_newcomer_gets_an_account_that_counts_in_that_workspace_alone() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    let joining = [
        ("slug", "acme"),
        ("domain", "acme.example"),
        ("joining", "everybody"),
    ];
    assert_eq!(
        call(&house.owner, "set_domain_joining", &joining).await,
        StatusCode::OK
    );
    let browser = house.house.browser();
    let new = Person::new("sub-new", "new@acme.example");
    assert_eq!(house.arrives_at(&browser, &new).await, "/w/acme/ask");
    assert_eq!(
        house.linked().await,
        [("sub-new".to_owned(), "new@acme.example".to_owned())]
    );
    let join = [("slug", "acme"), ("request", "")];
    browser.post("/fn/join_or_request", &join).await;
    assert!(enters(&browser, "acme").await);
    // Nothing of theirs beyond it: whoever runs the provider could have begun this session.
    for elsewhere in ["/account", "/account/security", "/workspaces", "/platform"] {
        let answer = browser.get(elsewhere).await;
        assert_ne!(answer.status(), StatusCode::OK, "{elsewhere}");
    }
    let made = call(&browser, "create_workspace", &[("name", "X"), ("slug", "xyz")]).await;
    assert_eq!(made, StatusCode::UNAUTHORIZED);
    // Who proves the address by mail is the same person, with all that is theirs.
    let mail = house.house.ask(&browser, "new@acme.example", "", "").await;
    browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(browser.is_signed_in().await);
    assert!(enters(&browser, "acme").await);
}

#[actix_web::test]
async fn a_sign_in_through_one_workspace_opens_no_other_even_to_a_member_of_both() {
    let house = House::new("members").await;
    let other = house.house.owner_of("other").await;
    let ada = joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let invite = [
        ("slug", "other"),
        ("addresses", "ada@example.com"),
        ("role", "admin"),
    ];
    other.post("/fn/invite", &invite).await;
    let mail = house.house.mails.take_invitation().await;
    let invitation = crate::harness::param(&mail.url, "invitation").unwrap();
    let accept = [("slug", "other"), ("id", invitation.as_str())];
    assert_eq!(call(&ada, "accept_invitation", &accept).await, StatusCode::OK);
    assert!(enters(&ada, "other").await && enters(&ada, "acme").await);
    let (browser, person) = (house.house.browser(), Person::new("sub-ada", "ada@example.com"));
    house.arrives_at(&browser, &person).await;
    prove(&house, &browser).await;
    let browser = house.house.browser();
    assert_eq!(house.arrives_at(&browser, &person).await, "/w/acme/admin");
    assert!(enters(&browser, "acme").await);
    assert!(!enters(&browser, "other").await && !browser.is_signed_in().await);
    // The same in a browser where they were signed in as themselves: what counts for less takes nothing over.
    house.arrives_at(&ada, &person).await;
    assert!(enters(&ada, "acme").await);
    assert!(!enters(&ada, "other").await && !ada.is_signed_in().await);
}

#[actix_web::test]
async fn whoever_has_an_account_proves_it_by_mail_before_anything_is_linked() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    house.house.sign_in(VICTIM).await;
    let attacker = house.house.browser();
    let liar = said("sub-eve", Some(VICTIM), Some(true));
    let sent = house.arrives_at(&attacker, &liar).await;
    assert!(sent.starts_with("/login/sent?challenge="), "{sent}");
    assert!(!enters(&attacker, "acme").await && !attacker.is_signed_in().await);
    assert!(house.linked().await.is_empty());
    let (_, html) = page(&attacker, &sent).await;
    assert!(html.contains("To link Harbour ID to your account"), "{html}");
    // The mail says what it does, and its link does nothing in any other browser.
    let mail = house.house.mails.take().await;
    assert_eq!(mail.to, VICTIM);
    let linking = mail.linking.clone().unwrap();
    assert_eq!(
        (linking.provider.as_str(), linking.label.as_str()),
        ("Harbour ID", VICTIM)
    );
    let victim = house.house.browser();
    let token = crate::harness::token(&mail);
    victim.post("/fn/redeem_magic_link", &[("token", token)]).await;
    assert!(house.linked().await.is_empty() && !victim.is_signed_in().await);
    // Somebody else at the provider does not get what the first was to get.
    let second = said("sub-second", Some(VICTIM), Some(true));
    house.arrives_at(&house.house.browser(), &second).await;
    let again = house.house.mails.take().await;
    attacker.post("/fn/redeem_code", &[("code", &again.code)]).await;
    assert!(house.linked().await.is_empty());
    // The right code in the right browser links what it was asked for, and the person is told.
    let done = attacker.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert_eq!(location(&done), "/workspaces");
    assert_eq!(house.linked().await, [("sub-eve".to_owned(), VICTIM.to_owned())]);
    loop {
        let warning = house.house.mails.take_warning().await;
        if warning.change == SecurityChange::ConnectionLinked {
            assert_eq!(
                (warning.to.as_str(), warning.name.as_str()),
                (VICTIM, "Harbour ID")
            );
            break;
        }
    }
    assert_eq!(house.house.told(["identity.linked"]).await, [1]);
}

#[actix_web::test]
async fn an_address_that_is_not_vouched_for_makes_no_account_until_a_mail_proves_it() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    let accounts = house.house.told(["user.created"]).await;
    let cases = [
        said("a", Some("a@acme.example"), Some(false)),
        said("b", Some("b@acme.example"), None),
        said("c", Some("c@elsewhere.example"), Some(true)),
    ];
    for person in &cases {
        let browser = house.house.browser();
        let sent = house.arrives_at(&browser, person).await;
        assert!(sent.starts_with("/login/sent?"), "{sent}");
        assert_eq!(house.house.mails.take().await.to, person.email.clone().unwrap());
    }
    assert_eq!(house.house.told(["user.created"]).await, accounts);
    assert!(house.linked().await.is_empty());
    for broken in [None, Some("nonsense"), Some("")] {
        let answer = house
            .arrive(&house.house.browser(), &said("d", broken, Some(true)))
            .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(house.refusals().await, ["no_address"; 3]);
}

#[actix_web::test]
async fn where_only_members_come_in_others_are_refused_alike_whether_or_not_they_are_known() {
    let house = House::new("members").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    house.house.sign_in("known@acme.example").await;
    for address in ["known@acme.example", "unknown@acme.example"] {
        let browser = house.house.browser();
        let person = Person::new(address, address);
        let answer = house.arrive(&browser, &person).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{address}");
        assert!(answer.text().await.unwrap().contains("invite you"));
    }
    assert_eq!(house.refusals().await, ["no_account"; 2]);
    assert!(house.linked().await.is_empty());
}

#[actix_web::test]
async fn an_app_that_waits_gets_its_code_through_a_provider() {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let app = house.house.register(&house.owner, "acme", "ES256").await;
    let person = Person::new("sub-ada", "ada@example.com");
    let first = house.house.browser();
    house.arrives_at(&first, &person).await;
    prove(&house, &first).await;
    let browser = house.house.browser();
    let asked = browser
        .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
        .await;
    let step = location(&browser.get(&location(&asked)).await);
    let id = step.split_once("request=").unwrap().1;
    let html = browser.get(&step).await.text().await.unwrap();
    assert!(html.contains("Continue with Harbour ID"), "{html}");
    let address = begin(&browser, "acme", &house.id, id).await;
    let back = house.upstream.authorizes(&address, &person);
    let next = location(&browser.get(&back).await);
    assert_eq!(next, format!("/w/acme/continue?request={id}"));
    let consent = location(&browser.get(&next).await);
    let code = browser.decide("acme", &consent, "allow").await;
    assert!(code.contains("code="), "{code}");
}

#[actix_web::test]
async fn the_platforms_word_is_nobodys_but_its_own() {
    // A provider that a workspace connected says nothing about addresses of other workspaces' domains.
    let house = House::new("joining").await;
    let evil = house.house.owner_of("evil").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    let liar = Upstream::start(house.house.clock.clone());
    let id = connect(&evil, "evil", "Evil ID", &liar, "joining").await;
    let browser = house.house.browser();
    let address = begin(&browser, "evil", &id, "").await;
    let person = Person::new("sub", "new@acme.example");
    let sent = location(&browser.get(&liar.authorizes(&address, &person)).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(house.linked().await.is_empty());
}

/// A connection of a kind that is one place, which here is asked at `issuer`.
async fn connect_public(house: &House, preset: &str, issuer: &str) -> String {
    let id = connect_as(&house.owner, "acme", (preset, ""), preset, "joining").await;
    let all = house.house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE connections SET issuer = $1 WHERE preset = $2")
        .bind(issuer)
        .bind(preset)
        .execute(&all)
        .await
        .unwrap();
    id
}

#[actix_web::test]
async fn a_provider_that_is_open_to_everybody_makes_no_account_even_at_a_proved_domain() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    let accounts = house.house.told(["user.created"]).await;
    let github = Github::start();
    let hub = connect_public(&house, "github", &github.base).await;
    let google = connect_public(&house, "google", &house.upstream.issuer).await;
    let gitlab = connect_public(&house, "gitlab", &house.upstream.issuer).await;
    // They left the company, and GitHub has verified their address while they were there.
    let browser = house.house.browser();
    let address = begin(&browser, "acme", &hub, "").await;
    let back = github.authorizes(&address, &Coder::new(7, "left", "left@acme.example"));
    let sent = location(&browser.get(&back).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert_eq!(house.house.mails.take().await.to, "left@acme.example");
    assert!(!enters(&browser, "acme").await);
    // Google's own account with that address, and an account of another company.
    for (place, hosted) in [None, Some("evil.example")].into_iter().enumerate() {
        let mut left = Person::new(&format!("left-{place}"), "left@acme.example");
        left.more = serde_json::json!({ "hd": hosted });
        let browser = house.house.browser();
        let address = begin(&browser, "acme", &google, "").await;
        let sent = location(&browser.get(&house.upstream.authorizes(&address, &left)).await);
        assert!(sent.starts_with("/login/sent?"), "{hosted:?}: {sent}");
    }
    assert_eq!(house.house.told(["user.created"]).await, accounts);
    assert!(house.linked().await.is_empty());
    // Whom the company itself gave an account, at Google or on a server of its own, is let in.
    let mut at_google = Person::new("g-new", "g-new@acme.example");
    at_google.more = serde_json::json!({ "hd": "acme.example" });
    for (id, person) in [
        (google, at_google),
        (gitlab, Person::new("l-new", "l-new@acme.example")),
    ] {
        let browser = house.house.browser();
        let address = begin(&browser, "acme", &id, "").await;
        let back = house.upstream.authorizes(&address, &person);
        assert_eq!(location(&browser.get(&back).await), "/w/acme/ask");
    }
}
