//! Why somebody does not get in, said in advance.

use crate::{
    harness::{Browser, Harness, request},
    members::{ALL_METHODS, answer, asks, call, id_of, invited, joined, page, set_role},
    platform::users::{operator, person},
    provider::{code, ready, redeem},
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const DISABLED: &str = "disabled by the platform operator";
const TOO_OLD: &str = "which is too old for this workspace";
const LET_IN: &str = "nothing in this workspace blocks their sign-in";
const INVITED: &str = "haven’t accepted yet";
const EXPIRED: &str = "Their invitation has expired";
const VOID: &str = "may no longer grant this role";
const REQUESTED: &str = "The request hasn’t been approved yet";
const CAN_JOIN: &str = "becomes one when they sign in";
const CAN_ASK: &str = "they can request access";
const MEMBERS_ONLY: &str = "only members can sign in";
const APP_DISABLED: &str = "Nobody can sign in to it";
const ALL: [&str; 11] = [
    DISABLED,
    TOO_OLD,
    LET_IN,
    INVITED,
    EXPIRED,
    VOID,
    REQUESTED,
    CAN_JOIN,
    CAN_ASK,
    MEMBERS_ONLY,
    APP_DISABLED,
];

async fn asked(browser: &Browser, address: &str) -> String {
    let path = format!("/w/acme/admin/members/check?email={address}");
    let (status, html) = page(browser, &path).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    html
}

/// Which of the sentences a page says.
fn said(html: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|words| html.contains(words)).collect()
}

async fn findings(browser: &Browser, address: &str) -> Vec<&'static str> {
    said(&asked(browser, address).await)
}

async fn settings(owner: &Browser, admission: &str, age: &str) {
    let form = [("slug", "acme"), ("name", "Acme"), ("admission", admission)];
    assert_eq!(call(owner, "update_workspace", &form).await, StatusCode::OK);
    assert_eq!(asks(owner, age, false, &ALL_METHODS).await, StatusCode::OK);
}

#[actix_web::test]
async fn what_is_said_of_a_stranger_is_what_they_meet_on_the_way_to_an_app() {
    let (house, owner, app) = ready("ES256").await;
    let eve = house.sign_in("eve@example.com").await;
    let tried = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    let met = || async {
        let begun = crate::harness::location(&eve.get(&tried).await);
        let step = eve.get(&begun).await;
        (step.status(), crate::harness::location(&step))
    };
    assert_eq!(findings(&owner, "eve@example.com").await, [MEMBERS_ONLY]);
    assert!(!met().await.1.starts_with("/w/acme/"));
    settings(&owner, "requests", "").await;
    assert_eq!(findings(&owner, "eve@example.com").await, [CAN_ASK]);
    assert!(met().await.1.starts_with("/w/acme/ask"));
    assert_eq!(
        call(&eve, "join_or_request", &[("slug", "acme"), ("request", "")]).await,
        StatusCode::OK
    );
    assert_eq!(findings(&owner, "eve@example.com").await, [REQUESTED]);
    settings(&owner, "open", "").await;
    assert_eq!(findings(&owner, "eve@example.com").await, [CAN_JOIN]);
    assert!(met().await.1.starts_with("/w/acme/consent"));
    let form = [("slug", "acme"), ("id", app.id.as_str()), ("state", "disabled")];
    owner.post("/fn/set_app_state", &form).await;
    assert_eq!(
        findings(&owner, "eve@example.com").await,
        [CAN_JOIN, APP_DISABLED]
    );
    assert_eq!(eve.get(&tried).await.status(), StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn what_is_said_of_an_invitation_is_what_accepting_it_comes_to() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let admin = joined(&house, &owner, "admin@example.com", "admin").await;
    let grace = house.sign_in("grace@example.com").await;
    let id = invited(&house, &admin, "grace@example.com", "member").await;
    assert_eq!(findings(&owner, "grace@example.com").await, [INVITED]);
    assert_eq!(
        set_role(&house, &owner, "admin@example.com", "member").await,
        StatusCode::OK
    );
    assert_eq!(findings(&owner, "grace@example.com").await, [VOID, MEMBERS_ONLY]);
    assert_eq!(answer(&grace, "accept", &id).await, StatusCode::GONE);
    let again = invited(&house, &owner, "grace@example.com", "member").await;
    assert_eq!(
        findings(&owner, "Grace%20%3Cgrace@example.com%3E").await,
        [INVITED]
    );
    house.clock.advance(TimeDelta::days(7));
    let owner = house.sign_in("owner@acme.example").await;
    let grace = house.sign_in("grace@example.com").await;
    assert_eq!(
        findings(&owner, "grace@example.com").await,
        [EXPIRED, MEMBERS_ONLY]
    );
    assert_eq!(answer(&grace, "accept", &again).await, StatusCode::GONE);
}

#[actix_web::test]
async fn a_members_page_says_whether_their_account_and_their_sign_in_let_them_in() {
    let (house, owner, app) = ready("ES256").await;
    let olga = operator(&house).await;
    let ada = joined(&house, &owner, "ada@example.com", "member").await;
    redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let id = id_of(&house, "ada@example.com").await;
    let path = format!("/w/acme/admin/members/{id}");
    assert_eq!(said(&page(&owner, &path).await.1), [LET_IN]);
    assert_eq!(findings(&owner, "ada@example.com").await, [LET_IN]);
    settings(&owner, "members", "3600").await;
    house.clock.advance(TimeDelta::minutes(61));
    let owner = house.sign_in("owner@acme.example").await;
    assert_eq!(said(&page(&owner, &path).await.1), [TOO_OLD]);
    let asked_again = ada.authorize("acme", &request(&app, "")).await;
    assert!(asked_again.starts_with("/w/acme/login"), "{asked_again}");
    assert_eq!(person(&olga, "disable", &id).await, StatusCode::OK);
    assert_eq!(said(&page(&owner, &path).await.1), [DISABLED, TOO_OLD]);
}

#[actix_web::test]
async fn nothing_is_said_of_accounts_that_the_workspace_does_not_know() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let globex = house.owner_of("globex").await;
    let olga = operator(&house).await;
    house.sign_in("known@example.com").await;
    house.sign_in("shut@example.com").await;
    let shut = id_of(&house, "shut@example.com").await;
    assert_eq!(person(&olga, "disable", &shut).await, StatusCode::OK);
    let form = [
        ("slug", "globex"),
        ("addresses", "asked@example.com"),
        ("role", "member"),
    ];
    assert_eq!(call(&globex, "invite", &form).await, StatusCode::OK);
    for admission in ["members", "requests", "open"] {
        settings(&owner, admission, "").await;
        // Whatever of a page is not the same each time it is asked for.
        let told = |html: String, address: &str| {
            let main = html.split_once("<main").unwrap().1;
            main.split_once("</main>").unwrap().0.replace(address, "address")
        };
        let nobody = told(asked(&owner, "nobody@example.com").await, "nobody@example.com");
        for address in [
            "known@example.com",
            "shut@example.com",
            "asked@example.com",
            "owner@globex.example",
        ] {
            let html = told(asked(&owner, address).await, address);
            assert_eq!(html, nobody, "{address} under {admission}");
        }
    }
}

#[actix_web::test]
async fn only_those_may_ask_who_see_members_and_only_for_an_address() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    let path = "/w/acme/admin/members/check?email=owner@acme.example";
    assert_eq!(page(&mia, path).await.0, StatusCode::FORBIDDEN);
    let auditor = joined(&house, &owner, "auditor@example.com", "auditor").await;
    assert_eq!(page(&auditor, path).await.0, StatusCode::OK);
    for nonsense in ["", "nonsense", "a%00@example.com"] {
        let path = format!("/w/acme/admin/members/check?email={nonsense}");
        assert_eq!(
            page(&owner, &path).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{nonsense}"
        );
    }
}
