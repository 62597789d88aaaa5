//! Whoever owns a workspace can be disabled like anybody else, and no workspace is open without an owner.

use crate::{
    harness::{Browser, Harness, param},
    members::{call, id_of, joined, page},
    platform::users::{OLGA, operator, person},
    provider::{code, ready, redeem, userinfo},
};
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";

#[actix_web::test]
async fn disabling_always_works_and_a_workspace_that_nobody_else_owns_is_suspended_with_it() {
    let (house, owner, app) = ready("ES256").await;
    let olga = operator(&house).await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    let kept = call(&owner, "create_workspace", &[("name", "Kept"), ("slug", "kept")]).await;
    assert_eq!(kept, StatusCode::OK);
    let form = [("slug", "kept"), ("reason", "Unpaid bill")];
    assert_eq!(call(&olga, "suspend_workspace", &form).await, StatusCode::OK);
    let id = id_of(&house, "owner@acme.example").await;
    assert_eq!(person(&olga, "disable", &id).await, StatusCode::OK);
    assert!(!owner.is_signed_in().await);
    assert_eq!(page(&ada, "/w/acme/admin").await.0, StatusCode::FORBIDDEN);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::FORBIDDEN);
    let (_, workspaces) = page(&ada, "/workspaces").await;
    assert!(
        workspaces.contains("No owner of this workspace can sign in"),
        "{workspaces}"
    );
    let (_, other) = page(&olga, "/platform/workspaces/kept").await;
    assert!(
        other.contains("Unpaid bill") && other.contains("Assign an owner"),
        "the operator's own reason stays"
    );
    let all = house.database.all_seeing().await.unwrap();
    let logs: Vec<(String, String)> = sqlx::query_as(
        "SELECT d.slug, v.detail->>'reason' FROM audit_events v JOIN workspace_directory d USING (workspace_id)
         WHERE v.action = 'workspace.suspended' AND v.detail ? 'owner' ORDER BY d.slug",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    let expected = ["acme", "platform"].map(|slug| (slug.to_owned(), "no_owner".to_owned()));
    assert_eq!(logs, expected);
    // Enabled again they own it still, but only an operator opens it.
    assert_eq!(person(&olga, "enable", &id).await, StatusCode::OK);
    let owner = house.sign_in("owner@acme.example").await;
    assert_eq!(page(&owner, "/w/acme/admin").await.0, StatusCode::FORBIDDEN);
    assert_eq!(resume(&olga, "acme").await, StatusCode::OK);
    assert_eq!(page(&owner, "/w/acme/admin/apps").await.0, StatusCode::OK);
    assert_eq!(page(&ada, "/w/acme/admin/apps").await.0, StatusCode::OK);
}

async fn resume(browser: &Browser, slug: &str) -> StatusCode {
    call(browser, "resume_workspace", &[("slug", slug)]).await
}

async fn appoint(browser: &Browser, address: &str) -> StatusCode {
    call(
        browser,
        "appoint_owner",
        &[("slug", "acme"), ("address", address)],
    )
    .await
}

#[actix_web::test]
async fn a_workspace_without_an_owner_gets_one_among_its_members_and_only_then_goes_on() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    let ada = joined(&house, &owner, ADA, "member").await;
    joined(&house, &owner, "ben@example.com", "member").await;
    joined(&house, &owner, OLGA, "member").await;
    let olga_too = house.sign_in(OLGA).await;
    let (id, ben) = (
        id_of(&house, "owner@acme.example").await,
        id_of(&house, "ben@example.com").await,
    );
    // While somebody owns it, suspended or not, ownership is theirs to give.
    assert_eq!(appoint(&olga, ADA).await, StatusCode::FORBIDDEN);
    let form = [("slug", "acme"), ("reason", "x")];
    assert_eq!(call(&olga, "suspend_workspace", &form).await, StatusCode::OK);
    assert_eq!(appoint(&olga, ADA).await, StatusCode::FORBIDDEN);
    assert_eq!(resume(&olga, "acme").await, StatusCode::OK);
    for id in [&id, &ben] {
        assert_eq!(person(&olga, "disable", id).await, StatusCode::OK);
    }
    assert_eq!(resume(&olga, "acme").await, StatusCode::CONFLICT);
    for (address, expected) in [
        ("nobody@example.com", StatusCode::UNPROCESSABLE_ENTITY),
        ("not an address", StatusCode::UNPROCESSABLE_ENTITY),
        ("ben@example.com", StatusCode::CONFLICT),
        (OLGA, StatusCode::FORBIDDEN),
    ] {
        assert_eq!(appoint(&olga, address).await, expected, "{address}");
    }
    assert_eq!(appoint(&ada, ADA).await, StatusCode::NOT_FOUND);
    assert_eq!(appoint(&house.browser(), ADA).await, StatusCode::UNAUTHORIZED);
    house.clock.advance(chrono::TimeDelta::minutes(15));
    assert_eq!(appoint(&olga_too, ADA).await, StatusCode::UNAUTHORIZED);
    let olga = house.sign_in(OLGA).await;
    assert_eq!(appoint(&olga, ADA).await, StatusCode::OK);
    assert_eq!(appoint(&olga, ADA).await, StatusCode::FORBIDDEN, "now it has one");
    assert_eq!(page(&ada, "/w/acme/admin").await.0, StatusCode::FORBIDDEN);
    assert_eq!(resume(&olga, "acme").await, StatusCode::OK);
    let export = ada.post("/w/acme/admin/export", &[]).await;
    assert_eq!(export.status(), StatusCode::OK);
    let form = [("slug", "acme"), ("id", id.as_str()), ("role", "member")];
    assert_eq!(call(&ada, "change_role", &form).await, StatusCode::OK);
    let all = house.database.all_seeing().await.unwrap();
    let logs: Vec<String> = sqlx::query_scalar(
        "SELECT d.slug FROM audit_events v JOIN workspace_directory d USING (workspace_id)
         WHERE v.action = 'member.role_changed' AND v.detail->>'by' = 'operator' ORDER BY d.slug",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    assert_eq!(logs, ["acme", "platform"]);
}

#[actix_web::test]
async fn an_operator_who_does_not_own_the_platform_appoints_nobody() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    joined(&house, &owner, ADA, "member").await;
    let invite = [
        ("slug", "platform"),
        ("addresses", "adam@operator.example"),
        ("role", "admin"),
    ];
    assert_eq!(call(&olga, "invite", &invite).await, StatusCode::OK);
    let mail = house.mails.take_invitation().await;
    let id = param(&mail.url, "invitation").unwrap();
    let adam = house.sign_in("adam@operator.example").await;
    let form = [("slug", "platform"), ("id", id.as_str())];
    assert_eq!(call(&adam, "accept_invitation", &form).await, StatusCode::OK);
    let id = id_of(&house, "owner@acme.example").await;
    assert_eq!(person(&adam, "disable", &id).await, StatusCode::OK);
    assert_eq!(appoint(&adam, ADA).await, StatusCode::FORBIDDEN);
    let (_, html) = page(&adam, "/platform/workspaces/acme").await;
    assert!(!html.contains("Assign an owner") && !html.contains("resume_workspace"));
}

/// Workspaces that can be entered although nobody who owns them can sign in.
async fn open_orphans(house: &Harness) -> i64 {
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(
        "SELECT count(*) FROM workspace_directory d WHERE d.suspended_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
             WHERE m.workspace_id = d.workspace_id AND m.role = 'owner')",
    )
    .fetch_one(&all)
    .await
    .unwrap()
}

#[actix_web::test]
async fn in_no_race_a_workspace_is_open_without_an_owner() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    let second = joined(&house, &owner, "second@acme.example", "owner").await;
    let third = joined(&house, &owner, ADA, "member").await;
    let (one, two, three) = (
        id_of(&house, "owner@acme.example").await,
        id_of(&house, "second@acme.example").await,
        id_of(&house, ADA).await,
    );
    // Both owners are disabled at once.
    let (first, other) = tokio::join!(person(&olga, "disable", &one), person(&olga, "disable", &two));
    assert_eq!((first, other), (StatusCode::OK, StatusCode::OK));
    assert_eq!(open_orphans(&house).await, 0);
    assert_eq!(page(&third, "/w/acme/admin").await.0, StatusCode::FORBIDDEN);
    // One is enabled and the workspace resumed, while they are disabled again.
    assert_eq!(person(&olga, "enable", &one).await, StatusCode::OK);
    tokio::join!(resume(&olga, "acme"), person(&olga, "disable", &one));
    assert_eq!(open_orphans(&house).await, 0);
    // A member is appointed while they are disabled.
    let (appointed, disabled) = tokio::join!(appoint(&olga, ADA), person(&olga, "disable", &three));
    assert_eq!(disabled, StatusCode::OK, "{appointed}");
    resume(&olga, "acme").await;
    assert_eq!(open_orphans(&house).await, 0);
    // One owner leaves while the other is disabled.
    for id in [&one, &two] {
        assert_eq!(person(&olga, "enable", id).await, StatusCode::OK);
    }
    assert_eq!(resume(&olga, "acme").await, StatusCode::OK);
    drop(second);
    let second = house.sign_in("second@acme.example").await;
    let (left, disabled) = tokio::join!(
        call(&second, "leave_workspace", &[("slug", "acme")]),
        person(&olga, "disable", &one)
    );
    assert_eq!(disabled, StatusCode::OK);
    assert!(
        matches!(
            left,
            StatusCode::OK | StatusCode::CONFLICT | StatusCode::FORBIDDEN
        ),
        "{left}"
    );
    assert_eq!(open_orphans(&house).await, 0, "{left}");
}

#[actix_web::test]
async fn the_platform_never_loses_its_last_operator() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    house
        .iam
        .platform()
        .appoint_operator("oleg@operator.example")
        .await
        .unwrap();
    let oleg = house.sign_in("oleg@operator.example").await;
    let (olga_id, oleg_id) = (
        id_of(&house, OLGA).await,
        id_of(&house, "oleg@operator.example").await,
    );
    // Each disables the other at once: one of them goes, and the other stays.
    tokio::join!(
        person(&olga, "disable", &oleg_id),
        person(&oleg, "disable", &olga_id)
    );
    assert_eq!(open_orphans(&house).await, 0);
    assert!(olga.is_signed_in().await != oleg.is_signed_in().await);
}

#[actix_web::test]
async fn whoever_makes_a_workspace_while_they_are_disabled_leaves_none_without_an_owner() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    for round in 0..6 {
        let email = format!("ada{round}@example.com");
        let ada = house.sign_in(&email).await;
        let id = id_of(&house, &email).await;
        let slug = format!("race-{round}");
        let form = [("name", "Race"), ("slug", slug.as_str())];
        let (made, disabled) = tokio::join!(
            call(&ada, "create_workspace", &form),
            person(&olga, "disable", &id)
        );
        assert_eq!(disabled, StatusCode::OK, "round {round}: {made}");
        assert_eq!(open_orphans(&house).await, 0, "round {round}: {made}");
    }
}
