//! Apple, whose answer comes as a form of another site, and whose secret is a key.

use super::{House, begin, enters, prove};
use crate::{
    domains::proof::proved,
    harness::{Browser, location, param},
    members::{call, joined, page},
};
use chrono::TimeDelta;
use iam_testkit::{Person, apple_key};
use reqwest::{Response, StatusCode};

const POSTED: &str = "/w/acme/login/apple";

struct Orchard {
    house: House,
    id: String,
    pem: String,
}

fn form<'a>(pem: &'a str, team: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("slug", "acme"),
        ("preset", "apple"),
        ("name", "Orchard"),
        ("client_id", "rooiam"),
        ("team_id", team),
        ("key_id", "KEY1234567"),
        ("client_secret", pem),
        ("provisioning", "joining"),
    ]
}

/// The real one is asked at an address that is its own; here it is the provider that tells lies.
async fn orchard() -> Orchard {
    let house = House::new("joining").await;
    let (pem, public) = apple_key();
    house.upstream.takes_key(public);
    let at = location(
        &house
            .owner
            .post("/fn/create_connection", &form(&pem, "TEAM123456"))
            .await,
    );
    let id = at.rsplit('/').next().unwrap().to_owned();
    let all = house.house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE connections SET issuer = $1 WHERE preset = 'apple'")
        .bind(&house.upstream.issuer)
        .execute(&all)
        .await
        .unwrap();
    Orchard { house, id, pem }
}

impl Orchard {
    /// What the browser sends back from Apple after `person` said yes there.
    async fn answer(&self, browser: &Browser, person: &Person) -> (String, String) {
        let address = begin(browser, "acme", &self.id, "").await;
        let back = self.house.upstream.authorizes(&address, person);
        (param(&back, "code").unwrap(), param(&back, "state").unwrap())
    }

    /// As a form of another site, with which no cookie comes along.
    async fn posts(&self, form: &[(&str, &str)]) -> Response {
        let bare = self.house.house.browser();
        bare.post_from(POSTED, form, Some("https://appleid.apple.com"))
            .await
    }
}

#[actix_web::test]
async fn an_answer_as_a_form_of_another_site_counts_in_the_browser_that_asked() {
    let apple = orchard().await;
    proved(&apple.house.house, &apple.house.owner, "acme", "acme.example").await;
    let browser = apple.house.house.browser();
    let address = begin(&browser, "acme", &apple.id, "").await;
    let asked = |name: &str| param(&address, name).unwrap();
    assert_eq!(
        [asked("response_mode"), asked("scope")],
        ["form_post", "openid email name"]
    );
    assert_eq!(
        asked("redirect_uri"),
        format!("{}{POSTED}", apple.house.house.origin)
    );
    let ada = Person::new("001.ada", "ada@acme.example");
    let (code, state) = apple.answer(&browser, &ada).await;
    let user = r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"ceo@acme.example"}"#;
    let form = [("code", code.as_str()), ("state", &state), ("user", user)];
    let led = apple.posts(&form).await;
    assert_eq!(led.status(), StatusCode::SEE_OTHER);
    let next = location(&led);
    assert!(next.starts_with("/w/acme/login/callback/apple?"), "{next}");
    assert!(led.headers().get("set-cookie").is_none());
    // Nobody else's browser gets anything by it.
    for stranger in [&apple.house.owner, &apple.house.house.browser()] {
        assert_eq!(stranger.get(&next).await.status(), StatusCode::GONE);
    }
    // Apple says that they could read mail there once: ours asks whether they still can.
    let sent = location(&browser.get(&next).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(apple.house.linked().await.is_empty());
    prove(&apple.house, &browser).await;
    assert_eq!(
        apple.house.linked().await,
        [("001.ada".to_owned(), "ada@acme.example".to_owned())]
    );
    // Sent again later it is worth nothing.
    apple.house.house.clock.advance(TimeDelta::minutes(2));
    let again = location(&apple.posts(&form).await);
    assert_eq!(browser.get(&again).await.status(), StatusCode::GONE);
}

#[actix_web::test]
async fn what_another_site_sends_changes_nothing_and_leads_nowhere_else() {
    let apple = orchard().await;
    joined(
        &apple.house.house,
        &apple.house.owner,
        "ada@example.com",
        "member",
    )
    .await;
    let browser = apple.house.house.browser();
    // Somebody else's answer in this browser (login CSRF), and one that nobody asked for.
    let attacker = apple.house.house.browser();
    let (code, state) = apple
        .answer(&attacker, &Person::new("eve", "eve@example.com"))
        .await;
    begin(&browser, "acme", &apple.id, "").await;
    let long = "x".repeat(3000);
    for form in [
        vec![("code", code.as_str()), ("state", state.as_str())],
        vec![
            ("state", "//evil.example"),
            ("code", "https://evil.example\r\nx: y"),
        ],
        vec![("state", &long)],
        vec![("user", "{"), ("error", "user_cancelled_authorize")],
        vec![],
    ] {
        let next = location(&apple.posts(&form).await);
        assert!(next.starts_with("/w/acme/login/callback/apple"), "{next}");
        assert_eq!(browser.get(&next).await.status(), StatusCode::GONE, "{form:?}");
    }
    assert!(!enters(&browser, "acme").await && apple.house.linked().await.is_empty());
    // The answer still counts where it was asked for: nothing was spent.
    let next = format!("/w/acme/login/callback/apple?code={code}&state={state}");
    let sent = location(&attacker.get(&next).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
}

#[actix_web::test]
async fn a_key_that_is_another_is_not_taken_and_one_that_is_none_is_not_kept() {
    let apple = orchard().await;
    let house = &apple.house;
    let all = house.house.database.all_seeing().await.unwrap();
    let kept: String =
        sqlx::query_scalar("SELECT string_agg(encode(client_secret, 'escape'), ' ') FROM connections")
            .fetch_one(&all)
            .await
            .unwrap();
    assert!(!kept.contains("TEAM123456") && !kept.contains("MIG"));
    let path = format!("/w/acme/admin/connections/{}", apple.id);
    let (_, html) = page(&house.owner, &path).await;
    assert!(html.contains("Key ID") && !html.contains("TEAM123456") && !html.contains("MIG"));
    for (pem, team) in [
        ("no key", "TEAM123456"),
        (apple.pem.as_str(), "short"),
        ("", "TEAM123456"),
    ] {
        let refused = call(&house.owner, "create_connection", &form(pem, team)).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{team}");
    }
    house.upstream.takes_key(apple_key().1);
    let browser = house.house.browser();
    let (code, state) = apple.answer(&browser, &Person::new("x", "x@example.com")).await;
    let next = format!("/w/acme/login/callback/apple?code={code}&state={state}");
    assert_eq!(
        browser.get(&next).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(house.refusals().await, ["code"]);
}
