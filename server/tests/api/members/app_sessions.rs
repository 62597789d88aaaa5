//! Through which browsers a member uses the workspace's apps, and how that is ended.

use super::{ADA, call, id_of, joined, page, set_role};
use crate::{
    harness::request,
    provider::{code, ready, redeem, refresh, userinfo},
};
use chrono::TimeDelta;
use iam::port::Notice;
use reqwest::StatusCode;

#[actix_web::test]
async fn a_member_is_signed_out_of_all_apps_of_one_workspace_and_told_why() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let ben = joined(&house, &owner, "ben@example.com", "member").await;
    let form = [("name", "Second"), ("slug", "second")];
    assert_eq!(call(&ada, "create_workspace", &form).await, StatusCode::OK);
    let elsewhere = house.register(&ada, "second", "ES256").await;
    let got = ada.authorize("second", &request(&elsewhere, "")).await;
    let got = crate::harness::param(&got, "code").unwrap();
    let (_, second) = redeem(&house, "second", &elsewhere, &got).await;
    let (_, first) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let (_, others) = redeem(&house, "acme", &app, &code(&ben, &app).await).await;
    let late = code(&ada, &app).await;

    // The page says which app, since when and from which browser, and nothing of where else or from which address.
    let id = id_of(&house, ADA).await;
    let path = format!("/w/acme/admin/members/{id}");
    let (_, html) = page(&owner, &path).await;
    let (_, html) = html.split_once("Connected apps").unwrap();
    assert!(
        html.contains("Last used") && html.contains("Unknown browser"),
        "{html}"
    );
    assert!(html.contains("Sign out of this workspace’s apps"), "{html}");
    let table = html.split("</table>").next().unwrap();
    assert_eq!(table.matches("Revoke access:").count(), 2, "{table}");
    assert!(!table.contains("127.0.0.1") && !table.contains("ses_"), "{table}");

    let end = async |by, reason: &str| {
        let form = [("slug", "acme"), ("id", id.as_str()), ("reason", reason)];
        call(by, "end_app_sessions", &form).await
    };
    assert_eq!(end(&ben, "x").await, StatusCode::FORBIDDEN);
    assert_eq!(end(&owner, " ").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(end(&owner, "lost laptop").await, StatusCode::OK);
    let (status, _) = refresh(&house, &app, first["refresh_token"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(userinfo(&house, "acme", &first).await, StatusCode::UNAUTHORIZED);
    let (status, _) = redeem(&house, "acme", &app, &late).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a code under way is ended too");
    // Nobody else is disturbed, nor is anything elsewhere.
    assert_eq!(userinfo(&house, "acme", &others).await, StatusCode::OK);
    assert_eq!(userinfo(&house, "second", &second).await, StatusCode::OK);
    assert!(ada.is_signed_in().await);
    let told: (i64, String) = sqlx::query_as(
        "SELECT (detail ->> 'families')::bigint, detail ->> 'reason' FROM audit_events
         WHERE action = 'grant.revoked' AND target = $1",
    )
    .bind(&id)
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!(told, (2, "lost laptop".to_owned()));
    let mail = house.mails.take_notice().await;
    assert_eq!((mail.to.as_str(), mail.by.as_str()), (ADA, "owner@acme.example"));
    assert!(matches!(mail.notice, Notice::AppsSignedOut { ref reason } if reason == "lost laptop"));
    assert_eq!(
        end(&owner, "again").await,
        StatusCode::NOT_FOUND,
        "there is nothing left"
    );
}

#[actix_web::test]
async fn when_an_app_was_used_last_is_when_it_last_got_tokens() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    house.clock.advance(TimeDelta::hours(3));
    assert!(
        owner.is_signed_in().await,
        "used elsewhere, which is nobody's business here"
    );
    let path = format!(
        "/w/acme/admin/members/{}",
        id_of(&house, "owner@acme.example").await
    );
    let used = async || {
        let (_, html) = page(&owner, &path).await;
        let (_, html) = html.split_once("Connected apps").unwrap();
        let table = html.split("</table>").next().unwrap().to_owned();
        table.matches("3 hours ago").count()
    };
    assert_eq!(used().await, 2, "since when, and last used");
    let (status, _) = refresh(&house, &app, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(used().await, 1, "since when");
}

#[actix_web::test]
async fn nobody_signs_out_who_may_do_more_than_they() {
    let (house, owner, app) = ready("ES256").await;
    let adam = joined(&house, &owner, "adam@example.com", "admin").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let id = id_of(&house, "owner@acme.example").await;
    let form = [("slug", "acme"), ("id", id.as_str()), ("reason", "x")];
    assert_eq!(
        call(&adam, "end_app_sessions", &form).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    assert_eq!(
        set_role(&house, &owner, "adam@example.com", "member").await,
        StatusCode::OK
    );
    let (_, html) = page(&adam, &format!("/w/acme/admin/members/{id}")).await;
    assert!(!html.contains("end_app_sessions"));
}
