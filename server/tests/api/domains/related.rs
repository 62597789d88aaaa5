//! Passkeys of the platform at workspaces' own hosts (WebAuthn Level 3, 5.11), by an authenticator in software.

use crate::{
    domains::proof::proved,
    harness::{Browser, Harness, location},
    members::{ALL_METHODS, asks, call, joined, page},
    sign_in::passkeys::{ADA, add, begin, came_to, redeem, sign_in},
};
use chrono::TimeDelta;
use iam_testkit::{Authenticator, Says};
use reqwest::{StatusCode, header::CACHE_CONTROL};
use serde_json::{Value, json};

pub const NAME: &str = "login.acme.example";
pub const LIST: &str = "/.well-known/webauthn";
const REFUSED: Option<&str> = Some("passkey_refused");
const EXPIRED: Option<&str> = Some("passkey_expired");

pub async fn operator(house: &Harness) -> Browser {
    let appointed = house.iam.platform().appoint_operator("olga@example.com").await;
    appointed.unwrap();
    house.sign_in("olga@example.com").await
}

/// Lets passkeys work at the own host of a workspace, or no more.
pub async fn set(operator: &Browser, slug: &str, host: &str, work: bool) -> StatusCode {
    let work = work.to_string();
    let form = [("slug", slug), ("host", host), ("work", &work)];
    call(operator, "set_host_passkeys", &form).await
}

/// Proves `host` for `slug` and makes it the own one.
pub async fn with_host(house: &Harness, owner: &Browser, slug: &str, host: &str) {
    proved(house, owner, slug, host).await;
    own(owner, slug, host).await;
}

pub async fn own(owner: &Browser, slug: &str, host: &str) {
    let form = [("slug", slug), ("domain", host)];
    assert_eq!(call(owner, "set_workspace_host", &form).await, StatusCode::OK);
}

/// A workspace with a host where passkeys work, its owner, an operator, and a member with a passkey.
struct Related {
    house: Harness,
    owner: Browser,
    operator: Browser,
    ada: Browser,
    key: Authenticator,
}

impl Related {
    async fn start() -> Self {
        let house = Harness::start_named().await;
        let owner = house.owner_of("acme").await;
        with_host(&house, &owner, "acme", NAME).await;
        let ada = joined(&house, &owner, ADA, "admin").await;
        let mut key = Authenticator::default();
        assert_eq!(add(&ada, &mut key, &Says::default()).await, None);
        let _added = house.mails.take_warning().await;
        let operator = operator(&house).await;
        assert_eq!(set(&operator, "acme", NAME, true).await, StatusCode::OK);
        Self {
            house,
            owner,
            operator,
            ada,
            key,
        }
    }

    /// The origins that browsers are told of.
    async fn listed(&self) -> Option<Value> {
        let answer = self.house.browser().get(LIST).await;
        match answer.status() {
            StatusCode::OK => Some(answer.json::<Value>().await.unwrap()["origins"].clone()),
            StatusCode::NOT_FOUND => None,
            status => Some(json!(status.as_u16())),
        }
    }

    /// Why nobody can begin at the host, nor answer what was asked there before.
    async fn comes_to(&self, guest: &Browser, challenge: &str, answer: &str) -> [Option<String>; 2] {
        let begun = guest.call_json("begin_passkey_sign_in", &[]).await;
        let begun = came_to(begun).await;
        [begun, redeem(guest, challenge, answer).await]
    }
}

#[actix_web::test]
async fn a_passkey_signs_in_at_an_own_host_that_operators_let_and_counts_there_alone() {
    let Related {
        house,
        operator,
        owner,
        mut key,
        ..
    } = Related::start().await;
    let guest = house.browser_at(NAME);
    let list = house.browser().get(LIST).await;
    assert_eq!(list.headers()[CACHE_CONTROL], "public, max-age=60");
    assert_eq!(list.headers()["content-type"], "application/json");
    assert_eq!(
        list.json::<Value>().await.unwrap(),
        json!({ "origins": [guest.origin] })
    );
    assert_eq!(guest.get(LIST).await.status(), StatusCode::NOT_FOUND);

    let login = page(&guest, "/w/acme/login").await.1;
    assert!(
        login.contains("data-passkey=\"get\"") && login.contains("username webauthn"),
        "{login}"
    );
    let (challenge, options) = begin(&guest, &[("slug", "acme")]).await;
    assert_eq!(options["rpId"], "localhost");
    let answer = key.get(&options, &guest.origin, &Says::default());
    let form = [("challenge", challenge.as_str()), ("answer", &answer)];
    let answered = guest.post_on("/w/acme/login", "/fn/redeem_passkey", &form).await;
    assert_eq!(location(&answered), "/w/acme/admin");
    assert_eq!(page(&guest, "/w/acme/admin/members").await.0, StatusCode::OK);
    let all = house.database.all_seeing().await.unwrap();
    let sessions: Vec<(Option<String>, Vec<String>)> =
        sqlx::query_as("SELECT host, amr FROM sessions WHERE 'mfa' = ANY(amr)")
            .fetch_all(&all)
            .await
            .unwrap();
    let amr = ["hwk", "user", "mfa"].map(str::to_owned).to_vec();
    assert_eq!(sessions, [(Some(NAME.to_owned()), amr)]);
    // Nothing of the account is there, and no passkey is added.
    assert_eq!(page(&guest, "/account/security").await.0, StatusCode::NOT_FOUND);
    for name in ["begin_adding_passkey", "add_passkey", "remove_passkey"] {
        let form = [
            ("challenge", challenge.as_str()),
            ("answer", &answer),
            ("passkey", "x"),
        ];
        let status = call(&guest, name, &form).await;
        assert!(
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND),
            "{name}: {status}"
        );
    }
    // Both logs tell of it, and both pages say so.
    assert!(
        page(&owner, "/w/acme/admin/domains")
            .await
            .1
            .contains("Passkeys work at this domain.")
    );
    let shown = page(&operator, "/platform/workspaces/acme").await.1;
    assert!(
        shown.contains("Passkeys on") && shown.contains("1 of 5 domain names"),
        "{shown}"
    );
    assert_eq!(
        house
            .told(["host_passkeys.allowed", "host_passkeys.stopped"])
            .await,
        [2, 0]
    );
}

#[actix_web::test]
async fn what_was_asked_for_at_one_origin_is_answered_there_and_nowhere_else() {
    let Related {
        house,
        operator,
        mut key,
        ..
    } = Related::start().await;
    let evil = house.owner_of("evil").await;
    with_host(&house, &evil, "evil", "login.evil.example").await;
    assert_eq!(
        set(&operator, "evil", "login.evil.example", true).await,
        StatusCode::OK
    );
    let places = || {
        [
            house.browser(),
            house.browser_at(NAME),
            house.browser_at("login.evil.example"),
        ]
    };
    // Whoever carries what one page asked for to another page has the authenticator say so.
    for asked in places() {
        for said in places() {
            let (challenge, options) = begin(&asked, &[]).await;
            let answer = key.get(&options, &said.origin, &Says::default());
            let came = redeem(&asked, &challenge, &answer).await;
            let expected = (asked.origin != said.origin).then_some("passkey_refused");
            assert_eq!(came.as_deref(), expected, "{} {}", asked.origin, said.origin);
        }
    }
    // Nor does the answer count elsewhere, whatever cookies come with it.
    for from in places() {
        for to in places() {
            if from.origin == to.origin {
                continue;
            }
            let asked = from.call_json("begin_passkey_sign_in", &[]).await;
            let cookie = asked.headers()["set-cookie"].to_str().unwrap();
            let cookie = cookie.split(';').next().unwrap().to_owned();
            let asked: Value = asked.json().await.unwrap();
            let challenge = asked["challenge"].as_str().unwrap();
            for said in [&from.origin, &to.origin] {
                let answer = key.get(&asked["options"], said, &Says::default());
                let request = to
                    .client
                    .post(format!("{}/fn/redeem_passkey", to.origin))
                    .header("accept", "application/json")
                    .header("origin", &to.origin)
                    .header("cookie", &cookie)
                    .form(&[("challenge", challenge), ("answer", &answer)]);
                let refused: Value = request.send().await.unwrap().json().await.unwrap();
                assert_eq!(refused["code"].as_str(), EXPIRED, "{} {}", from.origin, to.origin);
            }
        }
    }
}

#[actix_web::test]
async fn a_page_at_a_host_adds_no_passkey_to_the_platform() {
    let Related { house, ada, .. } = Related::start().await;
    let host = house.browser_at(NAME).origin;
    let says = Says {
        origin: Some(host),
        ..Says::default()
    };
    let refused = add(&ada, &mut Authenticator::default(), &says).await;
    assert_eq!(refused.as_deref(), REFUSED);
}

#[actix_web::test]
async fn from_the_next_request_on_nothing_more_is_accepted_where_passkeys_stopped() {
    let mut related = Related::start().await;
    let guest = related.house.browser_at(NAME);
    let origins = json!([guest.origin]);
    let acme = related
        .house
        .iam
        .workspaces()
        .id(&"acme".parse().unwrap())
        .await
        .unwrap();
    for how in ["off", "suspended", "another host", "no host", "lost"] {
        assert_eq!(related.listed().await, Some(origins.clone()), "{how}");
        let (challenge, options) = begin(&guest, &[]).await;
        let answer = related.key.get(&options, &guest.origin, &Says::default());
        let (owner, operator) = (&related.owner, &related.operator);
        match how {
            "off" => assert_eq!(set(operator, "acme", NAME, false).await, StatusCode::OK),
            "suspended" => {
                let form = [("slug", "acme"), ("reason", "x")];
                assert_eq!(call(operator, "suspend_workspace", &form).await, StatusCode::OK);
            }
            "another host" => {
                with_host(&related.house, owner, "acme", "sso.acme.example").await;
                own(owner, "acme", NAME).await;
            }
            "no host" => {
                own(owner, "acme", "").await;
                own(owner, "acme", NAME).await;
            }
            _ => {
                let gone = format!("_rooiam-challenge.{NAME}");
                related.house.resolver.publish(&gone, &[]);
                for days in [2, 4] {
                    related.house.clock.advance(TimeDelta::days(days));
                    related.house.iam.domains().recheck(acme).await.unwrap();
                }
            }
        }
        assert_eq!(related.listed().await, None, "{how}");
        if how == "lost" {
            // Then it is nobody's host.
            let form = [("challenge", challenge.as_str()), ("answer", &answer)];
            let status = call(&guest, "redeem_passkey", &form).await;
            assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
            continue;
        }
        let came = related.comes_to(&guest, &challenge, &answer).await;
        assert_eq!(
            came.each_ref().map(Option::as_deref),
            [Some("not_found"); 2],
            "{how}"
        );
        assert!(
            !page(&guest, "/w/acme/login").await.1.contains("data-passkey"),
            "{how}"
        );
        match how {
            "suspended" => {
                let form = [("slug", "acme")];
                let resumed = call(&related.operator, "resume_workspace", &form).await;
                assert_eq!(resumed, StatusCode::OK);
            }
            // An operator decides anew.
            _ => assert_eq!(set(&related.operator, "acme", NAME, true).await, StatusCode::OK),
        }
    }
}

#[actix_web::test]
async fn a_workspace_that_asks_for_two_factors_takes_a_passkey_at_its_host() {
    let Related {
        house,
        owner,
        mut key,
        ada,
        ..
    } = Related::start().await;
    let strong = sign_in(&ada, &mut key, &Says::default()).await;
    assert_eq!(strong, None);
    let mut own_key = Authenticator::default();
    assert_eq!(add(&owner, &mut own_key, &Says::default()).await, None);
    let strong = sign_in(&owner, &mut own_key, &Says::default()).await;
    assert_eq!(strong, None);
    assert_eq!(asks(&owner, "", true, &ALL_METHODS).await, StatusCode::OK);
    let guest = house.browser_at(NAME);
    let (challenge, options) = begin(&guest, &[]).await;
    let answer = key.get(&options, &guest.origin, &Says::default());
    assert_eq!(redeem(&guest, &challenge, &answer).await, None);
    assert_eq!(page(&guest, "/w/acme/admin/members").await.0, StatusCode::OK);
}
