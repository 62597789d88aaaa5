//! Disabling somebody while they do something, and what they offered before.

use crate::{
    harness::{Browser, CALLBACK, Harness, param, request, token},
    members::{call, id_of, joined},
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";
const OLGA: &str = "olga@operator.example";

async fn disable(operator: &Browser, id: &str) -> StatusCode {
    call(operator, "disable_user", &[("id", id)]).await
}

#[actix_web::test]
async fn what_a_disabled_person_offered_stands_no_more() {
    let (house, owner, _) = ready("ES256").await;
    house.iam.platform().appoint_operator(OLGA).await.unwrap();
    let olga = house.sign_in(OLGA).await;
    let second = joined(&house, &owner, "second@acme.example", "owner").await;
    joined(&house, &owner, ADA, "member").await;
    let form = [
        ("slug", "acme"),
        ("addresses", "eve@example.com"),
        ("role", "owner"),
    ];
    assert_eq!(call(&second, "invite", &form).await, StatusCode::OK);
    let invitation = param(&house.mails.take_invitation().await.url, "invitation").unwrap();
    let form = [("slug", "acme"), ("address", ADA)];
    assert_eq!(call(&second, "offer_ownership", &form).await, StatusCode::OK);
    let id = id_of(&house, "second@acme.example").await;
    let (eve, ada) = (house.sign_in("eve@example.com").await, house.sign_in(ADA).await);
    for verb in ["disable_user", "enable_user"] {
        assert_eq!(call(&olga, verb, &[("id", &id)]).await, StatusCode::OK);
        let form = [("slug", "acme"), ("id", invitation.as_str())];
        assert_eq!(
            call(&eve, "accept_invitation", &form).await,
            StatusCode::GONE,
            "{verb}"
        );
        let form = [("slug", "acme"), ("id", id.as_str())];
        assert_eq!(
            call(&ada, "accept_ownership", &form).await,
            StatusCode::NOT_FOUND,
            "{verb}"
        );
    }
}

#[actix_web::test]
async fn a_sign_in_that_races_with_being_disabled_leaves_no_session_behind() {
    let house = Harness::start().await;
    house.iam.platform().appoint_operator(OLGA).await.unwrap();
    let olga = house.sign_in(OLGA).await;
    for round in 0..6 {
        let email = format!("ada{round}@example.com");
        house.sign_in(&email).await;
        let id = id_of(&house, &email).await;
        let browser = house.browser();
        let mail = house.ask(&browser, &email, "", "").await;
        let form = [("token", token(&mail))];
        let (_, disabled) = tokio::join!(call(&browser, "redeem_magic_link", &form), disable(&olga, &id));
        assert_eq!(disabled, StatusCode::OK, "round {round}");
        let all = house.database.all_seeing().await.unwrap();
        let left: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sessions s JOIN user_emails e ON e.user_id = s.user_id WHERE e.address = $1",
        )
        .bind(&email)
        .fetch_one(&all)
        .await
        .unwrap();
        assert_eq!(left, 0, "round {round}");
        let enabled = call(&olga, "enable_user", &[("id", &id)]).await;
        assert_eq!(enabled, StatusCode::OK);
        assert!(!browser.is_signed_in().await, "round {round}");
    }
}

#[actix_web::test]
async fn a_code_that_is_issued_while_its_person_is_disabled_gives_no_tokens_ever() {
    let (house, owner, app) = ready("ES256").await;
    house.iam.platform().appoint_operator(OLGA).await.unwrap();
    let olga = house.sign_in(OLGA).await;
    let ada = joined(&house, &owner, ADA, "member").await;
    code(&ada, &app).await;
    let id = id_of(&house, ADA).await;
    let asked = request(&app, "");
    let (answer, disabled) = tokio::join!(ada.authorize("acme", &asked), disable(&olga, &id));
    assert_eq!(disabled, StatusCode::OK);
    assert_eq!(call(&olga, "enable_user", &[("id", &id)]).await, StatusCode::OK);
    if let Some(code) = answer
        .starts_with(CALLBACK)
        .then(|| param(&answer, "code"))
        .flatten()
    {
        assert_eq!(
            redeem(&house, "acme", &app, &code).await.0,
            StatusCode::BAD_REQUEST
        );
    }
    // And the tokens of a family that is renewed at that moment end with it.
    let ada = house.sign_in(ADA).await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let ((status, renewed), _) = tokio::join!(
        refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()),
        disable(&olga, &id)
    );
    assert_eq!(call(&olga, "enable_user", &[("id", &id)]).await, StatusCode::OK);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    if status == StatusCode::OK {
        assert_eq!(userinfo(&house, "acme", &renewed).await, StatusCode::UNAUTHORIZED);
        let token = renewed["refresh_token"].as_str().unwrap();
        assert_eq!(refresh(&house, &app, token).await.0, StatusCode::BAD_REQUEST);
    }
}
