//! Providers through which people sign in, and what tests do with one that lies when it is told to.

mod apple;
mod believed;
mod claims;
mod ending;
mod entra;
mod github;
mod groups;
mod groups_end;
mod home;
mod linking;
mod manage;
mod newcomers;
mod platform;
mod trial;

use crate::{
    harness::{Browser, Harness, leads_to, location},
    members::call,
};
use iam_testkit::{Person, Upstream};
use reqwest::{Response, StatusCode};

/// A workspace `acme` with a connected provider, and its owner.
pub struct House {
    pub house: Harness,
    pub owner: Browser,
    pub upstream: Upstream,
    pub id: String,
}

impl House {
    /// One where `provisioning` says who may come in by the provider.
    pub async fn new(provisioning: &str) -> Self {
        let house = Harness::start().await;
        let owner = house.owner_of("acme").await;
        let upstream = Upstream::start(house.clock.clone());
        let id = connect(&owner, "acme", "Harbour ID", &upstream, provisioning).await;
        Self {
            house,
            owner,
            upstream,
            id,
        }
    }

    /// Sends `browser` to the provider and returns the address there.
    pub async fn begin(&self, browser: &Browser) -> String {
        begin(browser, "acme", &self.id, "").await
    }

    /// Lets `person` sign in there and come back in `browser`.
    pub async fn arrive(&self, browser: &Browser, person: &Person) -> Response {
        let address = self.begin(browser).await;
        browser.get(&self.upstream.authorizes(&address, person)).await
    }

    /// As [`arrive`](Self::arrive), and returns where that leads.
    pub async fn arrives_at(&self, browser: &Browser, person: &Person) -> String {
        location(&self.arrive(browser, person).await)
    }

    /// What the log says of sign-ins that were refused.
    pub async fn refusals(&self) -> Vec<String> {
        let all = self.house.database.all_seeing().await.unwrap();
        sqlx::query_scalar(
            "SELECT detail->>'reason' FROM audit_events WHERE action = 'connection.refused' ORDER BY ctid",
        )
        .fetch_all(&all)
        .await
        .unwrap()
    }

    /// Whose account is linked with what at the provider.
    pub async fn linked(&self) -> Vec<(String, String)> {
        let all = self.house.database.all_seeing().await.unwrap();
        sqlx::query_as(
            "SELECT i.subject, e.address FROM connection_identities i JOIN user_emails e USING (user_id) ORDER BY 1",
        )
        .fetch_all(&all)
        .await
        .unwrap()
    }
}

pub async fn connect(
    owner: &Browser,
    slug: &str,
    name: &str,
    upstream: &Upstream,
    provisioning: &str,
) -> String {
    connect_as(owner, slug, ("oidc", &upstream.issuer), name, provisioning).await
}

pub async fn connect_as(
    owner: &Browser,
    slug: &str,
    (preset, issuer): (&str, &str),
    name: &str,
    provisioning: &str,
) -> String {
    let form = [
        ("slug", slug),
        ("preset", preset),
        ("issuer", issuer),
        ("name", name),
        ("client_id", "rooiam"),
        ("client_secret", "s3cret"),
        ("provisioning", provisioning),
    ];
    let page = location(&owner.post("/fn/create_connection", &form).await);
    assert!(page.contains("/connections/con_"), "{page}");
    page.rsplit('/').next().unwrap().to_owned()
}

pub async fn begin(browser: &Browser, slug: &str, id: &str, request: &str) -> String {
    let form = [("connection", id), ("request", request)];
    begin_at(browser, &format!("/w/{slug}/login/connection"), &form).await
}

/// Sends the form at `path` that leads to a provider, and returns the address there.
pub async fn begin_at(browser: &Browser, path: &str, form: &[(&str, &str)]) -> String {
    leads_to(browser.post(path, form).await).await
}

/// Sends a signed-in browser to the provider to link its account.
pub async fn begin_linking(browser: &Browser, id: &str) -> String {
    let form = [("connection", id), ("link", "1")];
    begin_at(browser, "/w/acme/login/connection", &form).await
}

/// Whether a browser gets into a workspace.
pub async fn enters(browser: &Browser, slug: &str) -> bool {
    browser.get(&format!("/w/{slug}/admin")).await.status() == StatusCode::OK
}

/// Redeems the code of the mail that a sign-in at the provider led to.
pub async fn prove(house: &House, browser: &Browser) -> String {
    let mail = house.house.mails.take().await;
    let answer = browser.post("/fn/redeem_code", &[("code", &mail.code)]).await;
    location(&answer)
}

pub async fn set_state(owner: &Browser, id: &str, state: &str) -> StatusCode {
    let form = [("slug", "acme"), ("id", id), ("state", state)];
    call(owner, "set_connection_state", &form).await
}
