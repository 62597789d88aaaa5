//! GitHub, which says by its API who somebody is.

use super::{House, begin, connect_as, enters, prove};
use crate::{
    domains::proof::proved,
    harness::{Browser, location, param},
    members::{call, joined, page},
};
use iam_testkit::{Coder, Github, Person};
use reqwest::{Response, StatusCode};

struct Hub {
    house: House,
    github: Github,
    id: String,
}

async fn hub(provisioning: &str) -> Hub {
    let house = House::new(provisioning).await;
    let github = Github::start();
    let id = connect_as(
        &house.owner,
        "acme",
        ("github_server", &github.base),
        "Hub",
        provisioning,
    )
    .await;
    Hub { house, github, id }
}

impl Hub {
    async fn arrive(&self, browser: &Browser, coder: &Coder) -> Response {
        let address = begin(browser, "acme", &self.id, "").await;
        browser.get(&self.github.authorizes(&address, coder)).await
    }
}

#[actix_web::test]
async fn people_of_github_are_known_by_their_number_whatever_they_call_themselves() {
    let hub = hub("members").await;
    joined(&hub.house.house, &hub.house.owner, "ada@example.com", "member").await;
    let ada = Coder::new(17, "ada", "ada@example.com");
    let browser = hub.house.house.browser();
    let sent = location(&hub.arrive(&browser, &ada).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    prove(&hub.house, &browser).await;
    assert_eq!(
        hub.house.linked().await,
        [("17".to_owned(), "ada@example.com".to_owned())]
    );
    // Renamed, without an address to be seen: the same person.
    let mut renamed = Coder::new(17, "countess", "ada@example.com");
    renamed.hides_emails = true;
    let browser = hub.house.house.browser();
    assert_eq!(location(&hub.arrive(&browser, &renamed).await), "/w/acme/admin");
    assert!(enters(&browser, "acme").await && !browser.is_signed_in().await);
    // Whoever has the name that became free, and the address that they left, is somebody else.
    let other = Coder::new(18, "ada", "ada@example.com");
    let browser = hub.house.house.browser();
    let sent = location(&hub.arrive(&browser, &other).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(!enters(&browser, "acme").await);
}

#[actix_web::test]
async fn only_the_primary_address_of_github_counts_and_only_once_it_was_verified_there() {
    let hub = hub("joining").await;
    proved(&hub.house.house, &hub.house.owner, "acme", "acme.example").await;
    let with = |emails: &[(&str, bool, bool)]| Coder {
        emails: emails
            .iter()
            .map(|&(email, primary, verified)| (email.to_owned(), primary, verified))
            .collect(),
        ..Coder::new(5, "eve", "")
    };
    let none = [
        with(&[("eve@acme.example", true, false)]),
        with(&[("eve@acme.example", false, true)]),
        with(&[
            ("victim@acme.example", true, false),
            ("eve@acme.example", false, true),
        ]),
        with(&[]),
        Coder {
            hides_emails: true,
            ..Coder::new(5, "eve", "eve@acme.example")
        },
    ];
    for coder in &none {
        let answer = hub.arrive(&hub.house.house.browser(), coder).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{coder:?}");
    }
    assert_eq!(hub.house.refusals().await, ["no_address"; 5]);
    assert!(hub.house.linked().await.is_empty());
    // At a domain that is the workspace's, whoever is new gets an account; elsewhere a mail decides.
    let new = Coder::new(6, "new", "new@acme.example");
    let arrived = location(&hub.arrive(&hub.house.house.browser(), &new).await);
    assert_eq!(arrived, "/w/acme/ask");
    let elsewhere = Coder::new(7, "far", "far@elsewhere.example");
    let sent = location(&hub.arrive(&hub.house.house.browser(), &elsewhere).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert_eq!(
        hub.house.linked().await,
        [("6".to_owned(), "new@acme.example".to_owned())]
    );
}

#[actix_web::test]
async fn an_answer_of_github_counts_only_where_github_sends_people_and_others_do_not() {
    let hub = hub("members").await;
    let (browser, ada) = (hub.house.house.browser(), Coder::new(1, "ada", "ada@example.com"));
    let address = begin(&browser, "acme", &hub.id, "").await;
    let asked = |name: &str| param(&address, name).unwrap();
    let callback = format!("{}/w/acme/login/callback", hub.house.house.origin);
    assert_eq!(asked("redirect_uri"), format!("{callback}/github-server"));
    assert_eq!(asked("scope"), "read:user user:email");
    assert_eq!(asked("code_challenge_method"), "S256");
    let back = hub.github.authorizes(&address, &ada);
    let refused = browser.get(&back.replace("/github-server", "")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    for (from, to) in [
        ("/github-server", "/github"),
        ("?code=", "?iss=https%3A%2F%2Fgithub.com&code="),
    ] {
        let address = begin(&browser, "acme", &hub.id, "").await;
        let back = hub.github.authorizes(&address, &ada).replace(from, to);
        assert_eq!(
            browser.get(&back).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{to}"
        );
    }
    let address = hub.house.begin(&browser).await;
    let back = hub
        .house
        .upstream
        .authorizes(&address, &Person::new("s", "ada@example.com"));
    let refused = browser
        .get(&back.replace("/callback?", "/callback/github-server?"))
        .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hub.house.refusals().await, ["other_issuer"; 4]);
}

#[actix_web::test]
async fn what_github_does_not_take_or_say_signs_nobody_in() {
    let hub = hub("members").await;
    let ada = Coder::new(1, "ada", "ada@example.com");
    let browser = hub.house.house.browser();
    let address = begin(&browser, "acme", &hub.id, "").await;
    let back = hub.github.authorizes(&address, &ada);
    let forged = browser.get(&back.replace("code=code-", "code=other-")).await;
    assert_eq!(forged.status(), StatusCode::UNPROCESSABLE_ENTITY);
    // A code that somebody else was given: it belongs to their sign-in (RFC 7636).
    let other = hub.house.house.browser();
    let theirs = hub
        .github
        .authorizes(&begin(&other, "acme", &hub.id, "").await, &ada);
    let own = hub
        .github
        .authorizes(&begin(&browser, "acme", &hub.id, "").await, &ada);
    let injected = own.replace(&param(&own, "code").unwrap(), &param(&theirs, "code").unwrap());
    assert_eq!(
        browser.get(&injected).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(hub.house.refusals().await, ["code", "code"]);
    // Wherever its address leads: nothing inside is asked.
    let all = hub.house.house.database.all_seeing().await.unwrap();
    let moved = "UPDATE connections SET issuer = 'https://169.254.169.254' WHERE preset = 'github_server'";
    sqlx::query(moved).execute(&all).await.unwrap();
    let address = begin(&browser, "acme", &hub.id, "").await;
    let state = param(&address, "state").unwrap();
    let back = format!("/w/acme/login/callback/github-server?code=x&state={state}");
    assert_eq!(
        browser.get(&back).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(hub.house.refusals().await.last().unwrap(), "barred");
    assert!(!enters(&browser, "acme").await);
}

#[actix_web::test]
async fn github_is_set_up_with_its_own_scopes_and_redirect_uri() {
    let hub = hub("members").await;
    let new = "/w/acme/admin/connections/new?preset=github";
    let (_, html) = page(&hub.house.owner, new).await;
    assert!(
        html.contains("/w/acme/login/callback/github") && html.contains("read:user and user:email"),
        "{html}"
    );
    assert!(!html.contains("trusts_addresses") && !html.contains("name=\"issuer\""));
    for bad in ["https://github.com", "https://git.acme.example/x", "git"] {
        let form = [
            ("slug", "acme"),
            ("preset", "github_server"),
            ("issuer", bad),
            ("name", "X"),
            ("client_id", "x"),
            ("client_secret", "y"),
            ("provisioning", "members"),
        ];
        let refused = call(&hub.house.owner, "create_connection", &form).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[actix_web::test]
async fn a_workspace_has_one_server_of_github_so_that_none_is_taken_for_another() {
    let hub = hub("members").await;
    let owner = &hub.house.owner;
    let form = |slug, preset, name, issuer| {
        [
            ("slug", slug),
            ("preset", preset),
            ("issuer", issuer),
            ("name", name),
            ("client_id", "x"),
            ("client_secret", "y"),
            ("provisioning", "members"),
        ]
    };
    let second = form("acme", "github_server", "Second", "https://git.evil.example");
    let (one, two) = futures_util::join!(
        call(owner, "create_connection", &second),
        call(owner, "create_connection", &second)
    );
    assert_eq!([one, two], [StatusCode::CONFLICT; 2]);
    // GitHub itself has a redirect URI of its own, and other workspaces have theirs.
    let itself = form("acme", "github", "GitHub", "");
    assert_eq!(call(owner, "create_connection", &itself).await, StatusCode::OK);
    let other = hub.house.house.owner_of("other").await;
    let theirs = form("other", "github_server", "Hub", "https://git.other.example");
    assert_eq!(call(&other, "create_connection", &theirs).await, StatusCode::OK);
    // Whoever moves to another server deletes the first.
    let gone = [("slug", "acme"), ("id", hub.id.as_str()), ("confirmation", "Hub")];
    assert_eq!(call(owner, "delete_connection", &gone).await, StatusCode::OK);
    let third = form("acme", "github_server", "Third", "https://git.third.example");
    let (one, two) = futures_util::join!(
        call(owner, "create_connection", &second),
        call(owner, "create_connection", &third)
    );
    let made = [one, two]
        .iter()
        .filter(|status| **status == StatusCode::OK)
        .count();
    assert_eq!(made, 1, "{one} {two}");
}
