//! How workspaces begin: with an address, and a list of what they need first.

use crate::{
    harness::{Harness, location},
    members::{call, invited, joined, page},
    provider::{code, ready},
};
use reqwest::StatusCode;

#[actix_web::test]
async fn a_workspace_without_an_address_gets_one_from_its_name() {
    let house = Harness::start().await;
    let owner = house.sign_in("owner@acme.example").await;
    for (form, expected) in [
        (
            &[("name", "Müller & Söhne"), ("slug", " ")][..],
            "/w/mueller-soehne/admin",
        ),
        (&[("name", "Harbour Clinic")], "/w/harbour-clinic/admin"),
    ] {
        let answer = owner.post("/fn/create_workspace", form).await;
        assert_eq!(location(&answer), expected);
    }
    for (name, status) in [
        ("ميناء", StatusCode::UNPROCESSABLE_ENTITY),
        ("Admin", StatusCode::UNPROCESSABLE_ENTITY),
        ("Harbour clinic", StatusCode::CONFLICT),
    ] {
        let refused = call(&owner, "create_workspace", &[("name", name), ("slug", "")]).await;
        assert_eq!(refused, status, "{name}");
    }
}

#[actix_web::test]
async fn first_steps_tick_themselves_and_go_when_all_are_done() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let steps = async || {
        let (status, html) = page(&owner, "/w/acme/admin").await;
        assert_eq!(status, StatusCode::OK);
        let list = html
            .split_once("class=\"steps\"")
            .map(|(_, rest)| rest.to_owned());
        list.map(|rest| {
            rest.split("</ul>")
                .next()
                .unwrap()
                .matches("class=\"done\"")
                .count()
        })
    };
    assert_eq!(steps().await, Some(0));
    let app = house.register(&owner, "acme", "ES256").await;
    assert_eq!(steps().await, Some(1));
    code(&owner, &app).await;
    assert_eq!(steps().await, Some(2));
    invited(&house, &owner, "ada@example.com", "member").await;
    assert_eq!(steps().await, Some(3));
    let brand = [
        ("slug", "acme"),
        ("accent", "#123456"),
        ("login_text", ""),
        ("support", ""),
    ];
    assert_eq!(call(&owner, "update_branding", &brand).await, StatusCode::OK);
    assert_eq!(steps().await, None);
}

#[actix_web::test]
async fn first_steps_are_for_those_who_may_take_them() {
    let (house, owner, _) = ready("ES256").await;
    for (email, role) in [("mia@example.com", "member"), ("ava@example.com", "auditor")] {
        let browser = joined(&house, &owner, email, role).await;
        let (_, html) = page(&browser, "/w/acme/admin").await;
        assert!(!html.contains("class=\"steps\""), "{role}");
    }
}
