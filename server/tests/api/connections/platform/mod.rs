//! Providers of the platform: their word counts everywhere, for accounts that they keep.

mod offered;
mod people;

use super::{begin_at, connect};
use crate::{
    access::role::named,
    harness::{Browser, Harness, location, param},
    members::{call, id_of, page},
    platform::users::operator,
};
use chrono::TimeDelta;
use iam_testkit::{Person, Upstream};
use reqwest::{Response, StatusCode};

const LIST: &str = "/platform/connections";
const BEGIN: &str = "/login/connection";

/// A platform with a connected provider, and its operator.
pub struct Platform {
    pub house: Harness,
    pub olga: Browser,
    pub upstream: Upstream,
    pub id: String,
}

impl Platform {
    /// One where `provisioning` says who may come in by the provider.
    pub async fn new(provisioning: &str) -> Self {
        let house = Harness::start().await;
        let olga = operator(&house).await;
        let upstream = Upstream::start(house.clock.clone());
        let id = connect(&olga, "platform", "Harbour ID", &upstream, provisioning).await;
        Self {
            house,
            olga,
            upstream,
            id,
        }
    }

    /// Lets `person` sign in there from the login page of `slug`, or of the platform, and come back in `browser`.
    async fn arrive(&self, browser: &Browser, slug: &str, person: &Person) -> Response {
        let form = [("connection", self.id.as_str()), ("slug", slug)];
        let address = begin_at(browser, BEGIN, &form).await;
        browser.get(&self.upstream.authorizes(&address, person)).await
    }

    async fn arrives_at(&self, slug: &str, person: &Person) -> (Browser, String) {
        let browser = self.house.browser();
        let next = location(&self.arrive(&browser, slug, person).await);
        (browser, next)
    }

    /// Links an account with `person`, by a mail.
    async fn links(&self, person: &Person) {
        let (browser, sent) = self.arrives_at("", person).await;
        assert!(sent.starts_with("/login/sent?"), "{sent}");
        let mail = self.house.mails.take().await;
        browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
        assert!(browser.is_signed_in().await);
    }

    async fn saves(&self, id: &str, name: &str, provisioning: &str, domains: &str) -> StatusCode {
        let form = [
            ("slug", "platform"),
            ("id", id),
            ("name", name),
            ("client_id", "rooiam"),
            ("provisioning", provisioning),
            ("domains", domains),
        ];
        call(&self.olga, "update_connection", &form).await
    }

    async fn keeps(&self, domains: &str) {
        let saved = self.saves(&self.id, "Harbour ID", "everybody", domains).await;
        assert_eq!(saved, StatusCode::OK);
    }

    async fn set_state(&self, state: &str) -> StatusCode {
        let form = [("slug", "platform"), ("id", self.id.as_str()), ("state", state)];
        call(&self.olga, "set_connection_state", &form).await
    }

    /// What the platform's log says of the provider.
    async fn told(&self, action: &str) -> Vec<serde_json::Value> {
        let all = self.house.database.all_seeing().await.unwrap();
        sqlx::query_scalar(
            "SELECT e.detail FROM audit_events e JOIN workspace_directory d USING (workspace_id)
             WHERE d.slug = 'platform' AND e.action = $1 ORDER BY e.ctid",
        )
        .bind(action)
        .fetch_all(&all)
        .await
        .unwrap()
    }
}

#[actix_web::test]
async fn providers_of_the_platform_take_a_right_of_their_own_and_a_recent_sign_in() {
    let platform = Platform::new("linked").await;
    let (house, olga) = (&platform.house, &platform.olga);
    // What is to be registered there is known before anything is made.
    let (_, html) = page(olga, "/platform/connections/new?preset=oidc").await;
    assert!(
        html.contains("/login/callback") && !html.contains("/w/platform/login"),
        "{html}"
    );
    let one = format!("{LIST}/{}", platform.id);
    let (_, html) = page(olga, &one).await;
    assert!(
        html.contains("/login/callback") && !html.contains("s3cret"),
        "{html}"
    );
    let stranger = house.owner_of("acme").await;
    for place in [LIST, &one, "/platform/connections/new"] {
        assert_eq!(page(&stranger, place).await.0, StatusCode::NOT_FOUND, "{place}");
    }
    // Whoever may decide about a workspace's providers, or holds all that an admin does, may not decide about these.
    let invite = [
        ("slug", "platform"),
        ("addresses", "adam@operator.example"),
        ("role", "admin"),
    ];
    olga.post("/fn/invite", &invite).await;
    let invitation = param(&house.mails.take_invitation().await.url, "invitation").unwrap();
    let adam = house.sign_in("adam@operator.example").await;
    let accept = [("slug", "platform"), ("id", invitation.as_str())];
    assert_eq!(call(&adam, "accept_invitation", &accept).await, StatusCode::OK);
    assert_eq!(page(&adam, LIST).await.0, StatusCode::OK);
    let shut = [
        ("slug", "platform"),
        ("id", platform.id.as_str()),
        ("state", "disabled"),
    ];
    assert_eq!(
        call(&adam, "set_connection_state", &shut).await,
        StatusCode::FORBIDDEN
    );
    for (permission, comes_to) in [
        ("connection:update", StatusCode::FORBIDDEN),
        ("provider:update", StatusCode::OK),
    ] {
        let make = [("slug", "platform"), ("name", permission)];
        assert_eq!(call(olga, "create_role", &make).await, StatusCode::OK);
        let all = house.database.all_seeing().await.unwrap();
        let made = sqlx::query("UPDATE roles SET permissions = $1 WHERE name = $2")
            .bind(vec![permission])
            .bind(permission)
            .execute(&all)
            .await
            .unwrap();
        assert_eq!(made.rows_affected(), 1);
        let role = named(house, "roles", "rol", permission).await;
        let adams = id_of(house, "adam@operator.example").await;
        let give = [
            ("slug", "platform"),
            ("id", adams.as_str()),
            ("roles[]", role.as_str()),
        ];
        assert_eq!(call(olga, "set_member_roles", &give).await, StatusCode::OK);
        assert_eq!(
            call(&adam, "set_connection_state", &shut).await,
            comes_to,
            "{permission}"
        );
    }
    assert_eq!(platform.told("connection.disabled").await.len(), 1);
    house.clock.advance(TimeDelta::minutes(15));
    assert_eq!(platform.set_state("enabled").await, StatusCode::UNAUTHORIZED);
    let (_, html) = page(olga, &one).await;
    assert!(
        html.contains("/login?again=1") && !html.contains("client_secret"),
        "{html}"
    );
}

#[actix_web::test]
async fn what_is_the_platforms_is_at_the_platforms_addresses_and_nowhere_else() {
    let platform = Platform::new("linked").await;
    let form = [("connection", platform.id.as_str())];
    let elsewhere = platform.olga.post("/w/platform/login/connection", &form).await;
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
    for place in [
        "/w/platform/admin/connections",
        "/w/platform/login/callback?state=x",
    ] {
        assert_eq!(
            page(&platform.olga, place).await.0,
            StatusCode::NOT_FOUND,
            "{place}"
        );
    }
    // Nor are its words of newcomers a workspace's, or theirs its own.
    let owner = platform.house.owner_of("acme").await;
    for (browser, slug, provisioning) in [
        (&platform.olga, "platform", "joining"),
        (&platform.olga, "platform", "members"),
        (&owner, "acme", "linked"),
        (&owner, "acme", "everybody"),
    ] {
        let form = [
            ("slug", slug),
            ("preset", "google"),
            ("name", "Google"),
            ("client_id", "x"),
            ("client_secret", "y"),
            ("provisioning", provisioning),
        ];
        let made = call(browser, "create_connection", &form).await;
        assert_eq!(made, StatusCode::UNPROCESSABLE_ENTITY, "{slug} {provisioning}");
    }
}

#[actix_web::test]
async fn a_test_of_it_shows_what_a_sign_in_would_come_to() {
    let platform = Platform::new("everybody").await;
    platform.keeps("acme.example").await;
    for (person, says) in [
        (
            Person::new("sub-new", "new@acme.example"),
            ["would get a new account", "a domain listed with this connection"],
        ),
        (
            Person::new("sub-else", "new@elsewhere.example"),
            ["would first confirm", "domain isn’t listed"],
        ),
    ] {
        let form = [("connection", platform.id.as_str()), ("test", "1")];
        let address = begin_at(&platform.olga, BEGIN, &form).await;
        let back = platform.upstream.authorizes(&address, &person);
        let test = location(&platform.olga.get(&back).await);
        assert!(test.starts_with(LIST) && test.contains("/tests/coa_"), "{test}");
        let (_, html) = page(&platform.olga, &test).await;
        for words in says {
            assert!(html.contains(words), "{words}: {html}");
        }
        assert_eq!(page(&platform.house.browser(), &test).await.0, StatusCode::FOUND);
    }
    assert_eq!(platform.told("connection.tested").await.len(), 2);
    assert!(platform.told("identity.linked").await.is_empty());
}
