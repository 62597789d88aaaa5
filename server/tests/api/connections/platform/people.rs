//! Who comes in by the platform's providers, with what, and when that ends.

use super::{BEGIN, Platform};
use crate::{
    connections::{begin_at, connect, enters},
    harness::{hidden, location, request},
    members::{call, joined, page},
    provider::{code, redeem, refresh},
};
use iam_testkit::{Person, Upstream};
use reqwest::StatusCode;

#[actix_web::test]
async fn whom_it_knows_is_signed_in_with_all_that_is_theirs_and_goes_where_they_wanted_to() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    joined(house, &owner, "ada@example.com", "admin").await;
    let person = Person::new("sub-ada", "ada@example.com");
    platform.links(&person).await;
    let (_, html) = page(&house.browser(), "/login").await;
    assert!(html.contains("Continue with Harbour ID"), "{html}");
    let (browser, next) = platform.arrives_at("", &person).await;
    assert_eq!(next, "/workspaces");
    assert!(browser.is_signed_in().await && enters(&browser, "acme").await);
    assert_eq!(page(&browser, "/account/security").await.0, StatusCode::OK);
    // From a workspace's login page.
    let (_, html) = page(&house.browser(), "/w/acme/login").await;
    assert!(html.contains("Continue with Harbour ID"), "{html}");
    assert_eq!(platform.arrives_at("acme", &person).await.1, "/w/acme/admin");
    // And on the way to an app.
    let app = house.register(&owner, "acme", "ES256").await;
    let browser = house.browser();
    let asked = browser
        .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
        .await;
    let step = location(&browser.get(&location(&asked)).await);
    let id = step.split_once("request=").unwrap().1;
    let (_, html) = page(&browser, &step).await;
    assert_eq!(hidden(&html, "slug"), "acme");
    let form = [
        ("connection", platform.id.as_str()),
        ("slug", "acme"),
        ("request", id),
    ];
    let address = begin_at(&browser, BEGIN, &form).await;
    let next = location(
        &browser
            .get(&platform.upstream.authorizes(&address, &person))
            .await,
    );
    assert_eq!(next, format!("/w/acme/continue?request={id}"));
    let consent = location(&browser.get(&next).await);
    let code = browser.decide("acme", &consent, "allow").await;
    assert!(code.contains("code="), "{code}");
    // No request waits at another workspace's page, and none at the platform's.
    house.owner_of("other").await;
    for slug in ["other", "", "nowhere"] {
        let form = [
            ("connection", platform.id.as_str()),
            ("slug", slug),
            ("request", id),
        ];
        let refused = house.browser().post(BEGIN, &form).await;
        assert!(!refused.status().is_success(), "{slug}");
    }
}

#[actix_web::test]
async fn its_word_makes_an_account_where_operators_say_that_it_keeps_them_and_nowhere_else() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    house.sign_in("victim@acme.example").await;
    let evil = house.owner_of("evil").await;
    let accounts = house.told(["user.created"]).await;
    // An empty list is nobody's domain: a mail of ours decides.
    let person = Person::new("sub-early", "early@acme.example");
    assert!(
        platform
            .arrives_at("", &person)
            .await
            .1
            .starts_with("/login/sent?")
    );
    platform.keeps("acme.example").await;
    let mut unverified = Person::new("sub-un", "un@acme.example");
    unverified.verified = Some(false);
    let mut silent = Person::new("sub-silent", "silent@acme.example");
    silent.verified = None;
    for person in [
        unverified,
        silent,
        Person::new("sub-else", "new@elsewhere.example"),
        Person::new("sub-below", "new@below.acme.example"),
    ] {
        let (browser, sent) = platform.arrives_at("", &person).await;
        assert!(sent.starts_with("/login/sent?"), "{}: {sent}", person.subject);
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!(house.told(["user.created"]).await, accounts);
    let (browser, next) = platform
        .arrives_at("", &Person::new("sub-new", "new@acme.example"))
        .await;
    assert_eq!(next, "/workspaces");
    assert!(browser.is_signed_in().await);
    assert_eq!(house.told(["user.created"]).await, [accounts[0] + 1]);
    // Nobody's account is given away, at a kept domain neither.
    let (attacker, sent) = platform
        .arrives_at("", &Person::new("sub-eve", "victim@acme.example"))
        .await;
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(!attacker.is_signed_in().await);
    // Nor does a workspace get what the platform's list says.
    let liar = Upstream::start(house.clock.clone());
    let id = connect(&evil, "evil", "Evil ID", &liar, "joining").await;
    let form = [("connection", id.as_str())];
    let address = begin_at(&attacker, "/w/evil/login/connection", &form).await;
    let back = liar.authorizes(&address, &Person::new("s", "other@acme.example"));
    assert!(location(&attacker.get(&back).await).starts_with("/login/sent?"));
}

#[actix_web::test]
async fn who_proves_an_address_is_linked_wherever_they_came_from() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    house.owner_of("acme").await;
    let person = Person::new("sub-ada", "ada@example.com");
    let browser = house.browser();
    let sent = location(&platform.arrive(&browser, "acme", &person).await);
    let (_, html) = page(&browser, &sent).await;
    assert!(html.contains("To link Harbour ID to your account"), "{html}");
    let mail = house.mails.take().await;
    assert_eq!(mail.linking.as_ref().unwrap().provider, "Harbour ID");
    // Nobody else at the provider gets what the first was to get.
    let other = house.browser();
    platform
        .arrive(&other, "acme", &Person::new("sub-eve", "ada@example.com"))
        .await;
    house.mails.take().await;
    other.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert!(!other.is_signed_in().await);
    let done = browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    assert_eq!(location(&done), "/workspaces");
    assert_eq!(platform.told("identity.linked").await.len(), 1);
    let (again, next) = platform.arrives_at("", &person).await;
    assert_eq!(next, "/workspaces");
    assert!(again.is_signed_in().await);
}

#[actix_web::test]
async fn where_only_who_linked_it_comes_in_known_and_unknown_people_are_refused_alike() {
    let platform = Platform::new("linked").await;
    let house = &platform.house;
    let ada = house.sign_in("ada@example.com").await;
    for address in ["ada@example.com", "nobody@example.com"] {
        let browser = house.browser();
        let answer = platform
            .arrive(&browser, "", &Person::new(address, address))
            .await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{address}");
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("link it under Sign-in methods")
        );
    }
    assert_eq!(platform.told("connection.refused").await.len(), 2);
    // Everybody links it for themselves, as they are signed in.
    let (_, html) = page(&ada, "/account/security").await;
    assert!(
        html.contains("Link Harbour ID") && html.contains("All workspaces"),
        "{html}"
    );
    let form = [("connection", platform.id.as_str()), ("link", "1")];
    let address = begin_at(&ada, BEGIN, &form).await;
    let person = Person::new("ada@example.com", "other@example.net");
    let back = platform.upstream.authorizes(&address, &person);
    assert_eq!(location(&ada.get(&back).await), "/account/security");
    let (browser, next) = platform.arrives_at("", &person).await;
    assert_eq!(next, "/workspaces");
    // It is a way of their own: it undoes itself, and what came of it ends.
    let unlink = [("slug", "platform"), ("id", platform.id.as_str())];
    assert_eq!(call(&ada, "unlink_connection", &unlink).await, StatusCode::OK);
    assert!(!browser.is_signed_in().await && ada.is_signed_in().await);
    assert_eq!(
        platform.arrive(&house.browser(), "", &person).await.status(),
        StatusCode::FORBIDDEN
    );
}

#[actix_web::test]
async fn shutting_it_ends_all_that_came_of_it_in_every_workspace() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    joined(house, &owner, "ada@example.com", "member").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let person = Person::new("sub-ada", "ada@example.com");
    platform.links(&person).await;
    let own = house.sign_in("ada@example.com").await;
    let (_, kept) = redeem(house, "acme", &app, &code(&own, &app).await).await;
    let (inside, _) = platform.arrives_at("acme", &person).await;
    let (_, tokens) = redeem(house, "acme", &app, &code(&inside, &app).await).await;
    let (gone, _) = platform.arrives_at("acme", &person).await;
    let (_, outlived) = redeem(house, "acme", &app, &code(&gone, &app).await).await;
    gone.post("/fn/sign_out", &[]).await;
    let under_way = house.browser();
    let form = [("connection", platform.id.as_str())];
    let address = begin_at(&under_way, BEGIN, &form).await;
    let back = platform.upstream.authorizes(&address, &person);
    assert_eq!(platform.set_state("disabled").await, StatusCode::OK);
    assert!(!inside.is_signed_in().await && !enters(&inside, "acme").await);
    for tokens in [&tokens, &outlived] {
        let token = tokens["refresh_token"].as_str().unwrap();
        assert_eq!(refresh(house, &app, token).await.0, StatusCode::BAD_REQUEST);
    }
    // What did not come of it goes on.
    assert!(own.is_signed_in().await);
    let token = kept["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(house, &app, token).await.0, StatusCode::OK);
    assert_eq!(under_way.get(&back).await.status(), StatusCode::GONE);
    for place in ["/login", "/w/acme/login"] {
        assert!(
            !page(&house.browser(), place).await.1.contains("Harbour ID"),
            "{place}"
        );
    }
    let begun = house.browser().post(BEGIN, &form).await;
    assert_eq!(location(&begun), "/login");
    assert_eq!(platform.told("connection.disabled").await[0]["sessions"], 1);
    // Enabling it brings nothing back; deleting it unlinks everybody.
    assert_eq!(platform.set_state("enabled").await, StatusCode::OK);
    assert!(!inside.is_signed_in().await);
    let (inside, _) = platform.arrives_at("", &person).await;
    let delete = [
        ("slug", "platform"),
        ("id", platform.id.as_str()),
        ("confirmation", "Harbour ID"),
    ];
    assert_eq!(
        call(&platform.olga, "delete_connection", &delete).await,
        StatusCode::OK
    );
    assert!(!inside.is_signed_in().await);
    assert_eq!(platform.told("connection.deleted").await.len(), 1);
}

#[actix_web::test]
async fn an_answer_for_a_workspaces_provider_is_none_for_the_platforms() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    let id = connect(&owner, "acme", "Acme ID", &platform.upstream, "joining").await;
    let browser = house.browser();
    let form = [("connection", id.as_str())];
    let address = begin_at(&browser, "/w/acme/login/connection", &form).await;
    let person = Person::new("s", "s@example.com");
    let back = platform.upstream.authorizes(&address, &person);
    let moved = back.replace("/w/acme/login/callback", "/login/callback");
    assert_eq!(browser.get(&moved).await.status(), StatusCode::GONE);
    // Nor is a workspace's provider one of the platform's, by whatever identifier.
    for path in [BEGIN, "/w/acme/login/connection"] {
        let other = if path == BEGIN { &id } else { &platform.id };
        let form = [("connection", other.as_str()), ("slug", "acme")];
        let begun = browser.post(path, &form).await;
        assert!(
            begun.status().is_redirection() && location(&begun).contains("/login"),
            "{path}"
        );
    }
}
