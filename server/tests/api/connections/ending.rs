//! Disabled means disabled: a provider, a person, a workspace, and what was under way then.

use super::{House, enters, prove, set_state};
use crate::{
    harness::{Browser, location},
    members::{call, id_of, joined},
    provider::{code, redeem, refresh},
};
use iam_testkit::Person;
use reqwest::StatusCode;

async fn linked() -> (House, Person) {
    let house = House::new("members").await;
    joined(&house.house, &house.owner, "ada@example.com", "member").await;
    let person = Person::new("sub-ada", "ada@example.com");
    let browser = house.house.browser();
    house.arrives_at(&browser, &person).await;
    prove(&house, &browser).await;
    (house, person)
}

/// A session that began through the provider, and a sign-in that is under way there.
async fn both(house: &House, person: &Person) -> (Browser, Browser, String) {
    let (inside, under_way) = (house.house.browser(), house.house.browser());
    assert_eq!(house.arrives_at(&inside, person).await, "/w/acme/admin");
    let address = house.begin(&under_way).await;
    let back = house.upstream.authorizes(&address, person);
    (inside, under_way, back)
}

#[actix_web::test]
async fn a_disabled_provider_lets_nobody_in_nor_stay_and_enabling_it_brings_nothing_back() {
    let (house, person) = linked().await;
    let app = house.house.register(&house.owner, "acme", "ES256").await;
    let (inside, under_way, back) = both(&house, &person).await;
    let code = code(&inside, &app).await;
    let (_, tokens) = redeem(&house.house, "acme", &app, &code).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let renewed = async || refresh(&house.house, &app, token).await.0;
    assert_eq!(
        set_state(&house.owner, &house.id, "disabled").await,
        StatusCode::OK
    );
    assert!(!enters(&inside, "acme").await);
    assert_eq!(renewed().await, StatusCode::BAD_REQUEST);
    assert_eq!(under_way.get(&back).await.status(), StatusCode::GONE);
    let form = [("connection", house.id.as_str())];
    let begun = house
        .house
        .browser()
        .post("/w/acme/login/connection", &form)
        .await;
    assert_eq!(location(&begun), "/w/acme/login");
    let html = house
        .house
        .browser()
        .get("/w/acme/login")
        .await
        .text()
        .await
        .unwrap();
    assert!(!html.contains("Harbour ID"));
    assert_eq!(
        set_state(&house.owner, &house.id, "enabled").await,
        StatusCode::OK
    );
    assert!(!enters(&inside, "acme").await);
    assert_eq!(renewed().await, StatusCode::BAD_REQUEST);
    assert_eq!(
        house.arrives_at(&house.house.browser(), &person).await,
        "/w/acme/admin"
    );
    let told = house
        .house
        .told(["connection.disabled", "connection.enabled"])
        .await;
    assert_eq!(told, [1, 1]);
}

#[actix_web::test]
async fn a_deleted_provider_takes_all_links_with_it_after_its_name_was_typed() {
    let (house, person) = linked().await;
    let (inside, under_way, back) = both(&house, &person).await;
    let delete = async |typed: &str| {
        let form = [
            ("slug", "acme"),
            ("id", house.id.as_str()),
            ("confirmation", typed),
        ];
        call(&house.owner, "delete_connection", &form).await
    };
    assert_eq!(delete("Harbour").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(enters(&inside, "acme").await);
    assert_eq!(delete("Harbour ID").await, StatusCode::OK);
    assert!(!enters(&inside, "acme").await && house.linked().await.is_empty());
    assert_eq!(under_way.get(&back).await.status(), StatusCode::GONE);
    assert_eq!(delete("Harbour ID").await, StatusCode::NOT_FOUND);
    assert_eq!(house.house.told(["connection.deleted"]).await, [1]);
}

#[actix_web::test]
async fn a_disabled_person_and_a_suspended_workspace_stop_at_the_next_request() {
    let (house, person) = linked().await;
    let (inside, under_way, back) = both(&house, &person).await;
    house
        .house
        .iam
        .platform()
        .appoint_operator("olga@operator.example")
        .await
        .unwrap();
    let olga = house.house.sign_in("olga@operator.example").await;
    let suspend = [("slug", "acme"), ("reason", "x")];
    assert_eq!(call(&olga, "suspend_workspace", &suspend).await, StatusCode::OK);
    assert!(!enters(&inside, "acme").await);
    assert_ne!(under_way.get(&back).await.status(), StatusCode::FOUND);
    assert_eq!(
        call(&olga, "resume_workspace", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert!(enters(&inside, "acme").await);
    let ada = id_of(&house.house, "ada@example.com").await;
    assert_eq!(call(&olga, "disable_user", &[("id", &ada)]).await, StatusCode::OK);
    assert!(!enters(&inside, "acme").await);
    let refused = under_way.get(&back).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(house.refusals().await, ["disabled"]);
}
