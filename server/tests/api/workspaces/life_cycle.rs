//! How workspaces begin, change hands, and end.

use crate::{
    harness::{Browser, Harness},
    members::{call, id_of, joined, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use chrono::TimeDelta;
use iam::port::Notice;
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";

async fn end(browser: &Browser, confirmation: &str) -> StatusCode {
    let form = [("slug", "acme"), ("confirmation", confirmation)];
    call(browser, "end_workspace", &form).await
}

async fn restore(browser: &Browser) -> StatusCode {
    call(browser, "restore_workspace", &[("slug", "acme")]).await
}

#[actix_web::test]
async fn an_ended_workspace_stops_at_once_comes_back_whole_and_is_deleted_after_its_grace() {
    let (house, owner, app) = ready("ES256").await;
    let admin = joined(&house, &owner, ADA, "admin").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    assert_eq!(end(&admin, "acme").await, StatusCode::FORBIDDEN);
    assert_eq!(end(&owner, "acne").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);

    assert_eq!(end(&owner, "acme").await, StatusCode::OK);
    let mail = house.mails.take_notice().await;
    assert_eq!(mail.to, "owner@acme.example");
    assert!(
        matches!(mail.notice, Notice::WorkspaceEnds { due } if due == house.iam.now() + TimeDelta::days(30))
    );
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::FORBIDDEN);
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::FORBIDDEN);
    for path in ["/w/acme/admin", "/w/acme/login", "/w/acme/oauth/jwks"] {
        assert_eq!(page(&owner, path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let export = owner.post("/w/acme/admin/export", &[]).await;
    assert_eq!(export.status(), StatusCode::FORBIDDEN);
    let (_, list) = page(&owner, "/workspaces").await;
    assert!(list.contains("in 30 days") && list.contains("Restore"));
    let (_, list) = page(&admin, "/workspaces").await;
    assert!(list.contains("in 30 days") && !list.contains("Restore"));
    let stranger = house.sign_in("eve@example.com").await;
    for other in [&admin, &stranger] {
        assert_eq!(restore(other).await, StatusCode::NOT_FOUND);
    }

    // A second before the end it comes back as it was.
    house.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert_eq!(house.iam.workspaces().delete_due().await.unwrap(), 0);
    let owner = house.sign_in("owner@acme.example").await;
    assert_eq!(restore(&owner).await, StatusCode::OK);
    assert_eq!(restore(&owner).await, StatusCode::NOT_FOUND);
    assert_eq!(page(&owner, "/w/acme/admin/apps").await.0, StatusCode::OK);

    // Once its time is over, two nodes delete it once, and nobody gets its address.
    assert_eq!(end(&owner, "acme").await, StatusCode::OK);
    house.clock.advance(TimeDelta::days(30));
    let (one, two) = tokio::join!(
        house.iam.workspaces().delete_due(),
        house.iam.workspaces().delete_due()
    );
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let owner = house.sign_in("owner@acme.example").await;
    assert_eq!(restore(&owner).await, StatusCode::NOT_FOUND);
    assert_eq!(page(&owner, "/w/acme/admin").await.0, StatusCode::NOT_FOUND);
    let again = [("name", "Acme"), ("slug", "acme")];
    assert_eq!(
        call(&owner, "create_workspace", &again).await,
        StatusCode::CONFLICT
    );
    let all = house.database.all_seeing().await.unwrap();
    for table in [
        "apps",
        "app_secrets",
        "token_grants",
        "refresh_tokens",
        "consents",
        "signing_keys",
        "invitations",
        "authorizations",
    ] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&all)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let told = house.told(["workspace.ending", "workspace.restored", "workspace.deleted"]);
    assert_eq!(told.await, [2, 1, 1]);
}

#[actix_web::test]
async fn the_platform_cannot_be_ended() {
    let house = Harness::start().await;
    house
        .iam
        .platform()
        .appoint_operator("olga@example.com")
        .await
        .unwrap();
    let olga = house.sign_in("olga@example.com").await;
    let form = [("slug", "platform"), ("confirmation", "platform")];
    assert_eq!(call(&olga, "end_workspace", &form).await, StatusCode::FORBIDDEN);
}

async fn offer(browser: &Browser, address: &str) -> StatusCode {
    let form = [("slug", "acme"), ("address", address)];
    call(browser, "offer_ownership", &form).await
}

async fn answer(browser: &Browser, verb: &str, from: &str) -> StatusCode {
    let form = [("slug", "acme"), ("id", from)];
    call(browser, &format!("{verb}_ownership"), &form).await
}

#[actix_web::test]
async fn ownership_changes_hands_only_when_the_one_who_was_asked_says_yes() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let ben = joined(&house, &owner, "ben@example.com", "admin").await;
    let from = id_of(&house, "owner@acme.example").await;
    assert_eq!(offer(&ben, ADA).await, StatusCode::FORBIDDEN);
    assert_eq!(
        offer(&owner, "nobody@example.com").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        offer(&owner, "owner@acme.example").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(answer(&ada, "accept", &from).await, StatusCode::NOT_FOUND);

    assert_eq!(offer(&owner, ADA).await, StatusCode::OK);
    assert_eq!(house.mails.take_notice().await.to, ADA);
    assert!(page(&ada, "/workspaces").await.1.contains("Accept ownership"));
    assert!(!page(&ben, "/workspaces").await.1.contains("Accept ownership"));
    assert_eq!(answer(&ben, "accept", &from).await, StatusCode::NOT_FOUND);
    assert_eq!(answer(&ada, "decline", &from).await, StatusCode::OK);
    assert_eq!(answer(&ada, "accept", &from).await, StatusCode::NOT_FOUND);

    // Withdrawn, expired, or from somebody who has nothing to give any more: it does not count.
    assert_eq!(offer(&owner, ADA).await, StatusCode::OK);
    let withdrawn = call(&owner, "withdraw_ownership_offer", &[("slug", "acme")]).await;
    assert_eq!(withdrawn, StatusCode::OK);
    assert_eq!(answer(&ada, "accept", &from).await, StatusCode::NOT_FOUND);

    assert_eq!(offer(&owner, ADA).await, StatusCode::OK);
    let (one, two) = tokio::join!(answer(&ada, "accept", &from), answer(&ada, "accept", &from));
    let mut both = [one, two];
    both.sort();
    assert_eq!(both, [StatusCode::OK, StatusCode::NOT_FOUND]);
    let all = house.database.all_seeing().await.unwrap();
    let roles: Vec<(String, String)> = sqlx::query_as(
        "SELECT e.address, m.role FROM memberships m JOIN user_emails e ON e.user_id = m.user_id ORDER BY 1",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    let expected = [
        (ADA, "owner"),
        ("ben@example.com", "admin"),
        ("owner@acme.example", "admin"),
    ];
    assert_eq!(
        roles,
        expected.map(|(address, role)| (address.to_owned(), role.to_owned()))
    );
    assert_eq!(offer(&owner, "ben@example.com").await, StatusCode::FORBIDDEN);
    let told = house.told([
        "ownership.offered",
        "ownership.offer_ended",
        "member.role_changed",
    ]);
    assert_eq!(told.await, [3, 2, 2]);
}

#[actix_web::test]
async fn an_offer_ends_to_the_second() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let from = id_of(&house, "owner@acme.example").await;
    assert_eq!(offer(&owner, ADA).await, StatusCode::OK);
    drop(ada);
    house.clock.advance(TimeDelta::days(7));
    let ada = house.sign_in(ADA).await;
    assert!(!page(&ada, "/workspaces").await.1.contains("Accept ownership"));
    assert_eq!(answer(&ada, "accept", &from).await, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn operators_decide_who_creates_workspaces() {
    let house = Harness::start().await;
    house
        .iam
        .platform()
        .appoint_operator("olga@example.com")
        .await
        .unwrap();
    let olga = house.sign_in("olga@example.com").await;
    let ada = house.sign_in(ADA).await;
    let create = |slug: &'static str| [("name", "Acme"), ("slug", slug)];
    assert_eq!(
        call(&ada, "create_workspace", &create("one")).await,
        StatusCode::OK
    );
    let junk = call(&olga, "update_platform", &[("creation", "nobody")]).await;
    assert_eq!(junk, StatusCode::UNPROCESSABLE_ENTITY);
    let closed = call(
        &olga,
        "update_platform",
        &[("creation", "operators"), ("default_admission", "members")],
    )
    .await;
    assert_eq!(closed, StatusCode::OK);
    assert_eq!(house.told(["platform.updated"]).await, [1]);
    assert_eq!(
        call(&ada, "create_workspace", &create("two")).await,
        StatusCode::FORBIDDEN
    );
    assert!(!page(&ada, "/workspaces").await.1.contains("/workspaces/new"));
    assert_eq!(
        call(&olga, "create_workspace", &create("two")).await,
        StatusCode::OK
    );
}

#[actix_web::test]
async fn an_export_has_everything_of_this_workspace_and_no_secret() {
    let (house, owner, app) = ready("ES256").await;
    let admin = joined(&house, &owner, ADA, "admin").await;
    let other = house.owner_of("other").await;
    joined_group(&owner).await;
    assert_eq!(
        admin.post("/w/acme/admin/export", &[]).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        other.post("/w/acme/admin/export", &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    let answer = owner.post("/w/acme/admin/export", &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename=\"acme.ndjson\"");
    let text = answer.text().await.unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for kind in ["workspace", "member", "role", "group", "app", "event"] {
        assert!(lines.iter().any(|line| line["kind"] == kind), "{kind}");
    }
    let members = lines.iter().filter(|line| line["kind"] == "member").count();
    assert_eq!(members, 2);
    assert!(lines.iter().any(|line| line["action"] == "workspace.exported"));
    assert!(!text.contains(&app.secret) && !text.contains("hash") && !text.contains("private"));
    assert!(!text.contains("owner@other.example"));
}

async fn joined_group(owner: &Browser) {
    for (verb, name) in [("create_role", "Helpdesk"), ("create_group", "Berlin")] {
        let made = call(owner, verb, &[("slug", "acme"), ("name", name)]).await;
        assert_eq!(made, StatusCode::OK);
    }
}

#[actix_web::test]
async fn an_overview_shows_each_member_what_they_may_know() {
    let (house, owner, app) = ready("ES256").await;
    let member = joined(&house, &owner, ADA, "member").await;
    code(&owner, &app).await;
    code(&member, &app).await;
    let (status, html) = page(&owner, "/w/acme/admin").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("2 in the last 14 days") && html.contains("only one owner"));
    let (status, html) = page(&member, "/w/acme/admin").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!html.contains("in the last 14 days") && !html.contains("only one owner"));
    assert!(!html.contains("/w/acme/admin/members"));
}
