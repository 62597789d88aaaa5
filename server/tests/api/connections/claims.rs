//! Claims that a connection reads elsewhere than the standard has them.

use super::House;
use crate::{
    domains::proof::proved,
    harness::location,
    members::{call, page},
};
use iam_testkit::Person;
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn reads(house: &House, name: &str, address: &str, trusts: &str) -> StatusCode {
    let form = [
        ("slug", "acme"),
        ("id", house.id.as_str()),
        ("name", "Harbour ID"),
        ("client_id", "rooiam"),
        ("provisioning", "joining"),
        ("name_claim", name),
        ("address_claim", address),
        ("trusts_addresses", trusts),
    ];
    call(&house.owner, "update_connection", &form).await
}

fn says(subject: &str, more: Value) -> Person {
    let mut person = Person::new(subject, "else@acme.example");
    person.more = more;
    person
}

#[actix_web::test]
async fn a_name_and_an_address_are_read_where_the_owner_says() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    assert_eq!(reads(&house, "person.full", "upn", "yes").await, StatusCode::OK);
    let browser = house.house.browser();
    let more = json!({ "person": { "full": "Nora New" }, "upn": "nora@acme.example" });
    assert_eq!(
        house.arrives_at(&browser, &says("sub-nora", more)).await,
        "/w/acme/ask"
    );
    assert_eq!(
        house.linked().await,
        [("sub-nora".to_owned(), "nora@acme.example".to_owned())]
    );
    let nora = house.house.sign_in("nora@acme.example").await;
    let (_, html) = page(&nora, "/account").await;
    assert!(html.contains("Nora New"), "{html}");
    // What is not there, or no text, is nobody's address.
    for more in [
        json!({}),
        json!({ "upn": ["nora@acme.example"] }),
        json!({ "upn": 7 }),
    ] {
        let answer = house
            .arrive(&house.house.browser(), &says("sub-none", more))
            .await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Emptied, it is as usual.
    assert_eq!(reads(&house, "", "", "").await, StatusCode::OK);
    let usual = Person::new("sub-usual", "usual@acme.example");
    let browser = house.house.browser();
    assert_eq!(house.arrives_at(&browser, &usual).await, "/w/acme/ask");
}

#[actix_web::test]
async fn no_address_of_another_claim_is_verified_because_the_one_of_email_is() {
    let house = House::new("joining").await;
    proved(&house.house, &house.owner, "acme", "acme.example").await;
    let accounts = house.house.told(["user.created"]).await;
    assert_eq!(reads(&house, "", "upn", "").await, StatusCode::OK);
    for verified in [json!(true), json!(false), Value::Null] {
        let more = json!({ "upn": "boss@acme.example", "email_verified": verified });
        let sent = house
            .arrives_at(&house.house.browser(), &says("sub-eve", more))
            .await;
        assert!(sent.starts_with("/login/sent?"), "{sent}");
        assert_eq!(house.house.mails.take().await.to, "boss@acme.example");
    }
    assert_eq!(house.house.told(["user.created"]).await, accounts);
    assert!(house.linked().await.is_empty());
}

#[actix_web::test]
async fn what_the_protocol_says_by_is_read_as_nothing_else() {
    let house = House::new("joining").await;
    for reserved in ["sub", "iss", "aud", "email_verified", "nonce.x", "tid"] {
        assert_eq!(
            reads(&house, reserved, "", "").await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{reserved}"
        );
        assert_eq!(
            reads(&house, "", reserved, "").await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{reserved}"
        );
    }
    let place = format!("/w/acme/admin/connections/{}", house.id);
    let form = [
        ("slug", "acme"),
        ("id", house.id.as_str()),
        ("name", "Harbour ID"),
        ("client_id", "rooiam"),
        ("provisioning", "joining"),
        ("address_claim", "sub"),
    ];
    let answer = house.owner.post_on(&place, "/fn/update_connection", &form).await;
    assert_eq!(location(&answer), place);
    let (_, html) = page(&house.owner, &place).await;
    assert!(html.contains("Claims of the protocol"), "{html}");
}
