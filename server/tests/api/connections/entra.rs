//! Entra with several tenants: who is of which, and which of their addresses counts.

use super::{House, begin, connect_as, enters, prove};
use crate::{
    domains::proof::proved,
    harness::{Browser, location},
    members::{call, joined},
};
use iam_testkit::Person;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

const ACME: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const OTHER: &str = "11111111-2222-4333-8444-555555555555";
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

struct Tenants {
    house: House,
    id: String,
}

/// The real one is asked at an address that is its own; here it is the provider that tells lies.
async fn tenants(provisioning: &str) -> Tenants {
    let house = House::new(provisioning).await;
    let id = connect_as(&house.owner, "acme", ("entra_any", ""), "Entra", provisioning).await;
    let all = house.house.database.all_seeing().await.unwrap();
    sqlx::query("UPDATE connections SET issuer = $1 WHERE preset = 'entra_any'")
        .bind(format!("{}/organizations/v2.0", house.upstream.issuer))
        .execute(&all)
        .await
        .unwrap();
    Tenants { house, id }
}

impl Tenants {
    /// Somebody of `tenant`, with an object there; their token also says `more`.
    fn person(&self, tenant: &str, object: &str, email: &str, more: &Value) -> Person {
        let mut claims = json!({
            "iss": format!("{}/{tenant}/v2.0", self.house.upstream.issuer),
            "tid": tenant,
            "oid": object,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        Person {
            more: claims,
            ..Person::new("pairwise", email)
        }
    }

    async fn arrive(&self, browser: &Browser, person: &Person) -> Response {
        let address = begin(browser, "acme", &self.id, "").await;
        let back = self.house.upstream.authorizes(&address, person);
        browser.get(&back.replace("&iss=", "&was=")).await
    }

    async fn narrow(&self, tenants: &str) -> StatusCode {
        let form = [
            ("slug", "acme"),
            ("id", self.id.as_str()),
            ("name", "Entra"),
            ("client_id", "rooiam"),
            ("provisioning", "members"),
            ("tenants", tenants),
        ];
        call(&self.house.owner, "update_connection", &form).await
    }
}

#[actix_web::test]
async fn a_person_of_entra_is_known_by_their_tenant_and_its_object_and_no_other_tenant_names_them() {
    let entra = tenants("members").await;
    joined(
        &entra.house.house,
        &entra.house.owner,
        "ada@example.com",
        "member",
    )
    .await;
    let ada = entra.person(ACME, "object-1", "ada@example.com", &Value::Null);
    let browser = entra.house.house.browser();
    let sent = location(&entra.arrive(&browser, &ada).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    prove(&entra.house, &browser).await;
    let known = (format!("{ACME}.object-1"), "ada@example.com".to_owned());
    assert_eq!(entra.house.linked().await, [known]);
    let browser = entra.house.house.browser();
    assert_eq!(location(&entra.arrive(&browser, &ada).await), "/w/acme/admin");
    // The same object and address in a tenant that somebody else runs.
    let eve = entra.person(OTHER, "object-1", "ada@example.com", &Value::Null);
    let browser = entra.house.house.browser();
    let sent = location(&entra.arrive(&browser, &eve).await);
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(!enters(&browser, "acme").await);
}

#[actix_web::test]
async fn a_token_counts_only_from_the_issuer_of_its_tenant_and_only_of_a_tenant_that_is_welcome() {
    let entra = tenants("members").await;
    joined(
        &entra.house.house,
        &entra.house.owner,
        "ada@example.com",
        "member",
    )
    .await;
    let issuer = &entra.house.upstream.issuer;
    let of = |tenant: &str, more: Value| entra.person(tenant, "o", "ada@example.com", &more);
    let cases = [
        (
            of(ACME, json!({ "iss": format!("{issuer}/{OTHER}/v2.0") })),
            "other_issuer",
        ),
        (
            of(ACME, json!({ "iss": format!("{issuer}/organizations/v2.0") })),
            "other_issuer",
        ),
        (
            of(ACME, json!({ "iss": format!("{issuer}/{{tenantid}}/v2.0") })),
            "other_issuer",
        ),
        (of("{tenantid}", Value::Null), "token"),
        (of("x", Value::Null), "token"),
        (of(ACME, json!({ "tid": null })), "token"),
        (of(ACME, json!({ "oid": null })), "token"),
        (of(PERSONAL, Value::Null), "other_tenant"),
    ];
    for (person, reason) in &cases {
        let answer = entra.arrive(&entra.house.house.browser(), person).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{person:?}");
        assert_eq!(entra.house.refusals().await.last().unwrap(), reason, "{person:?}");
    }
    assert_eq!(entra.narrow("common").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(entra.narrow(OTHER).await, StatusCode::OK);
    let answer = entra
        .arrive(&entra.house.house.browser(), &of(ACME, Value::Null))
        .await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(entra.house.refusals().await.last().unwrap(), "other_tenant");
    let sent = location(
        &entra
            .arrive(&entra.house.house.browser(), &of(OTHER, Value::Null))
            .await,
    );
    assert!(sent.starts_with("/login/sent?"), "{sent}");
    assert!(entra.house.linked().await.is_empty());
}

#[actix_web::test]
async fn a_tenant_that_is_shut_out_is_out_at_once() {
    let entra = tenants("members").await;
    joined(
        &entra.house.house,
        &entra.house.owner,
        "ada@example.com",
        "member",
    )
    .await;
    let ada = entra.person(ACME, "object-1", "ada@example.com", &Value::Null);
    let browser = entra.house.house.browser();
    entra.arrive(&browser, &ada).await;
    prove(&entra.house, &browser).await;
    let inside = entra.house.house.browser();
    entra.arrive(&inside, &ada).await;
    assert!(enters(&inside, "acme").await);
    // What leaves everybody in ends nothing.
    assert_eq!(entra.narrow("").await, StatusCode::OK);
    assert!(enters(&inside, "acme").await);
    assert_eq!(entra.narrow(OTHER).await, StatusCode::OK);
    assert!(!enters(&inside, "acme").await);
}

#[actix_web::test]
async fn an_address_of_entra_makes_an_account_only_where_its_domain_was_verified_there() {
    let entra = tenants("joining").await;
    proved(&entra.house.house, &entra.house.owner, "acme", "acme.example").await;
    for (place, more) in [
        json!({}),
        json!({ "email_verified": true }),
        json!({ "xms_edov": false }),
        json!({ "xms_edov": "0" }),
        json!({ "xms_edov": true }),
        json!({ "xms_edov": true, "acct": 1 }),
    ]
    .iter()
    .enumerate()
    {
        let email = format!("ceo{place}@acme.example");
        let eve = entra.person(OTHER, &format!("o{place}"), &email, more);
        let sent = location(&entra.arrive(&entra.house.house.browser(), &eve).await);
        assert!(sent.starts_with("/login/sent?"), "{more}: {sent}");
    }
    assert!(entra.house.linked().await.is_empty());
    let member = json!({ "xms_edov": true, "acct": 0 });
    let new = entra.person(ACME, "o-new", "new@acme.example", &member);
    let arrived = location(&entra.arrive(&entra.house.house.browser(), &new).await);
    assert_eq!(arrived, "/w/acme/ask");
}

#[actix_web::test]
async fn a_tenant_that_is_shut_out_meanwhile_gets_no_session_and_no_link() {
    let entra = tenants("members").await;
    let house = &entra.house;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let ada = entra.person(ACME, "object-1", "ada@example.com", &Value::Null);
    // Before the mail comes back that links them.
    let browser = house.house.browser();
    entra.arrive(&browser, &ada).await;
    assert_eq!(entra.narrow(OTHER).await, StatusCode::OK);
    prove(house, &browser).await;
    assert!(house.linked().await.is_empty());
    // While the provider is asked who they are, whom it knows by now.
    assert_eq!(entra.narrow("").await, StatusCode::OK);
    let browser = house.house.browser();
    entra.arrive(&browser, &ada).await;
    prove(house, &browser).await;
    assert_eq!(house.linked().await.len(), 1);
    let late = house.house.browser();
    house.upstream.holds();
    let meanwhile = async {
        while !house.upstream.is_asked() {
            actix_web::rt::task::yield_now().await;
        }
        let narrowed = entra.narrow(OTHER).await;
        house.upstream.goes_on();
        narrowed
    };
    let (answer, narrowed) = futures_util::join!(entra.arrive(&late, &ada), meanwhile);
    assert_eq!(narrowed, StatusCode::OK);
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.refusals().await.last().unwrap(), "other_tenant");
    assert!(!enters(&late, "acme").await);
}
