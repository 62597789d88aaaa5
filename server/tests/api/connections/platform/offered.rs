//! Where the platform's providers are offered, and whom a domain leads to them.

use super::{BEGIN, LIST, Platform};
use crate::{
    connections::{begin_at, connect, enters},
    domains::{custom_domain::with_host, proof::proved},
    harness::{Harness, location},
    members::{asks, call, joined, page},
};
use iam_testkit::{Person, Upstream};
use reqwest::StatusCode;

#[actix_web::test]
async fn a_workspaces_own_host_offers_none_of_the_platforms_providers() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    let guest = with_host(house, &owner).await;
    let (status, html) = page(&guest, "/w/acme/login").await;
    assert!(status == StatusCode::OK && !html.contains("Harbour ID"), "{html}");
    let form = [("connection", platform.id.as_str()), ("slug", "acme")];
    assert_eq!(guest.post(BEGIN, &form).await.status(), StatusCode::NOT_FOUND);
    // What began at the platform ends there, whatever host its answer is brought to.
    let browser = house.browser();
    let address = begin_at(&browser, BEGIN, &form).await;
    let back = platform
        .upstream
        .authorizes(&address, &Person::new("s", "s@example.com"));
    let below = back.split_once("/login/callback").unwrap().1;
    let stolen = guest.get(&format!("/login/callback{below}")).await;
    assert_eq!(stolen.status(), StatusCode::NOT_FOUND);
    let (status, _) = page(&guest, LIST).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// Where what was typed on the platform's login page leads: to the provider's button, or to a mail.
async fn leads_home(house: &Harness, page_of: &str, slug: &str, email: &str) -> bool {
    let browser = house.browser();
    let form = [("slug", slug), ("request", ""), ("email", email), ("by_mail", "")];
    let next = location(&browser.post_on(page_of, "/fn/request_magic_link", &form).await);
    if next.starts_with("/login/sent?") {
        return false;
    }
    assert_eq!(next, page_of);
    let (_, html) = page(&browser, page_of).await;
    assert!(
        html.contains("signs in with this provider") && html.contains("name=\"by_mail\""),
        "{html}"
    );
    html.contains("Continue with Harbour ID<") && html.contains(&format!("name=\"hint\" value=\"{email}\""))
}

#[actix_web::test]
async fn the_domains_that_it_keeps_lead_to_it_from_the_platforms_login_page_alone() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    assert!(!leads_home(house, "/login", "", "x@acme.example").await);
    platform.keeps("acme.example other.example").await;
    assert!(leads_home(house, "/login", "", "x@acme.example").await);
    assert!(!leads_home(house, "/w/acme/login", "acme", "x@acme.example").await);
    // A domain has one keeper: the one that was named last.
    let second = connect(
        &platform.olga,
        "platform",
        "Second ID",
        &platform.upstream,
        "linked",
    )
    .await;
    let saved = platform
        .saves(&second, "Second ID", "linked", "acme.example")
        .await;
    assert_eq!(saved, StatusCode::OK);
    assert!(!leads_home(house, "/login", "", "x@acme.example").await);
    assert!(leads_home(house, "/login", "", "x@other.example").await);
    platform.keeps("acme.example").await;
    assert!(leads_home(house, "/login", "", "x@acme.example").await);
    assert!(!leads_home(house, "/login", "", "x@other.example").await);
    // Whoever has proved a domain, and leads its people, comes first.
    proved(house, &owner, "acme", "acme.example").await;
    let own = Upstream::start(house.clock.clone());
    let id = connect(&owner, "acme", "Acme ID", &own, "members").await;
    let form = [
        ("slug", "acme"),
        ("id", id.as_str()),
        ("name", "Acme ID"),
        ("client_id", "rooiam"),
        ("provisioning", "members"),
        ("domains", "acme.example"),
        ("everywhere", "yes"),
    ];
    assert_eq!(call(&owner, "update_connection", &form).await, StatusCode::OK);
    let browser = house.browser();
    let typed = [
        ("slug", ""),
        ("request", ""),
        ("email", "x@acme.example"),
        ("by_mail", ""),
    ];
    browser.post_on("/login", "/fn/request_magic_link", &typed).await;
    let (_, html) = page(&browser, "/login").await;
    assert!(
        html.contains("Continue with Acme<") && !html.contains("Harbour ID"),
        "{html}"
    );
    // One that is shut leads nobody.
    let leave = [("slug", "acme"), ("id", id.as_str()), ("state", "disabled")];
    assert_eq!(call(&owner, "set_connection_state", &leave).await, StatusCode::OK);
    assert_eq!(platform.set_state("disabled").await, StatusCode::OK);
    assert!(!leads_home(house, "/login", "", "x@acme.example").await);
}

#[actix_web::test]
async fn a_policy_that_refuses_providers_hides_it() {
    let platform = Platform::new("everybody").await;
    let house = &platform.house;
    let owner = house.owner_of("acme").await;
    house.owner_of("other").await;
    platform.keeps("acme.example").await;
    let shows = async |place: &str| page(&house.browser(), place).await.1.contains("Harbour ID");
    assert!(shows("/login").await && shows("/w/acme/login").await);
    assert_eq!(
        asks(&owner, "", false, &["email", "passkey"]).await,
        StatusCode::OK
    );
    assert!(!shows("/w/acme/login").await && shows("/w/other/login").await && shows("/login").await);
    // Whoever signs in through it all the same is signed in, and not in there.
    joined(house, &owner, "ada@example.com", "member").await;
    let person = Person::new("sub-ada", "ada@example.com");
    platform.links(&person).await;
    let (browser, _) = platform.arrives_at("acme", &person).await;
    assert!(browser.is_signed_in().await && !enters(&browser, "acme").await);
    let mut form = vec![("sign_in_max_age", "")];
    form.extend(["email", "passkey"].map(|method| ("methods[]", method)));
    assert_eq!(
        call(&platform.olga, "update_platform_sign_in", &form).await,
        StatusCode::OK
    );
    assert!(!shows("/login").await && !shows("/w/other/login").await);
    assert!(!leads_home(house, "/login", "", "x@acme.example").await);
}
