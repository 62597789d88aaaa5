//! Pages are compressed, except where that would tell a secret.

use crate::harness::{Browser, Harness, location, token};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING};

/// How a page travels that is asked for from `site`.
async fn encoding(browser: &Browser, path: &str, site: Option<&str>) -> String {
    let mut request = browser
        .client
        .get(format!("{}{path}", browser.origin))
        .header(ACCEPT, "text/html")
        .header(ACCEPT_ENCODING, "br, gzip");
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    let answer = request.send().await.unwrap();
    let header = answer.headers().get(CONTENT_ENCODING);
    header
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

#[actix_web::test]
async fn pages_travel_compressed() {
    let house = Harness::start().await;
    let visitor = house.browser();
    for site in [None, Some("cross-site"), Some("none")] {
        assert_eq!(encoding(&visitor, "/login", site).await, "br", "{site:?}");
    }
    assert_eq!(
        encoding(&visitor, "/w/nobody/continue?request=x", None).await,
        "br"
    );
    let owner = house.owner_of("acme").await;
    for path in ["/workspaces", "/account", "/w/acme/admin/members?q=ada"] {
        for site in ["same-origin", "none"] {
            assert_eq!(
                encoding(&owner, path, Some(site)).await,
                "br",
                "{path} from {site}"
            );
        }
    }
}

#[actix_web::test]
async fn a_page_of_a_person_stays_as_it_is_where_another_site_chose_the_address() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let asking = house.browser();
    house.ask(&asking, "ada@example.com", "", "").await;
    for site in [None, Some("cross-site"), Some("same-site")] {
        for path in [
            "/workspaces",
            "/w/acme/admin/members?q=owner",
            "/w/acme/admin/apps/nothing",
        ] {
            assert_eq!(encoding(&owner, path, site).await, "", "{path} from {site:?}");
        }
        assert_eq!(encoding(&asking, "/login/sent", site).await, "");
    }
}

#[actix_web::test]
async fn a_page_that_holds_a_secret_is_never_compressed() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = [
        ("slug", "acme"),
        ("name", "Orders"),
        ("client_type", "confidential"),
        ("redirect_uris", crate::harness::CALLBACK),
        ("id_token_alg", "ES256"),
    ];
    let page = location(&owner.post("/fn/register_app", &form).await);
    let secret = encoding(&owner, &page, Some("same-origin")).await;
    assert_eq!(secret, "", "it shows the client secret");
    let later = encoding(&owner, &page, Some("same-origin")).await;
    assert_eq!(later, "br", "the secret is gone");

    let browser = house.browser();
    let mail = house.ask(&browser, "ada@example.com", "", "").await;
    let verify = format!("/login/verify?token={}", token(&mail));
    assert_eq!(encoding(&browser, &verify, Some("none")).await, "");
}

#[actix_web::test]
async fn only_pages_are_compressed() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    assert_eq!(
        encoding(&owner, "/w/acme/admin/export", Some("same-origin")).await,
        ""
    );
    assert_eq!(encoding(&house.browser(), "/w/acme/oauth/jwks", None).await, "");
}
