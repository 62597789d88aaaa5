//! Operators, and workspaces that they shut.

use crate::{
    harness::{Browser, Harness, request},
    members::{call, page},
    provider::{code, ready, redeem, refresh, userinfo},
};
use reqwest::StatusCode;

async fn operator(house: &Harness) -> Browser {
    house
        .iam
        .platform()
        .appoint_operator("Olga@Example.com")
        .await
        .unwrap();
    house.sign_in("olga@example.com").await
}

async fn suspend(operator: &Browser, slug: &str, reason: &str) -> StatusCode {
    call(
        operator,
        "suspend_workspace",
        &[("slug", slug), ("reason", reason)],
    )
    .await
}

#[actix_web::test]
async fn a_suspended_workspace_stops_at_once_and_a_resumed_one_goes_on() {
    let (house, owner, app) = ready("ES256").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    let unused = code(&owner, &app).await;
    let operator = operator(&house).await;
    for reason in ["", "  ", "\u{7}", &"x".repeat(201)] {
        assert_eq!(
            suspend(&operator, "acme", reason).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(
        suspend(&operator, "acme", "Unpaid <b>bill</b>").await,
        StatusCode::OK
    );

    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::FORBIDDEN);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        redeem(&house, "acme", &app, &unused).await.0,
        StatusCode::FORBIDDEN
    );
    for path in [
        "/w/acme/admin/apps",
        "/w/acme/admin/members",
        "/w/acme/login",
        "/w/acme/.well-known/openid-configuration",
        "/w/acme/oauth/jwks",
        &format!("/w/acme/oauth/authorize?{}", request(&app, "")),
    ] {
        assert_eq!(page(&owner, path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let (status, workspaces) = page(&owner, "/workspaces").await;
    assert!(status == StatusCode::OK && workspaces.contains("Unpaid &lt;b&gt;bill"));
    assert!(!workspaces.contains("/w/acme/admin"));

    assert_eq!(
        call(&operator, "resume_workspace", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::OK);
    let all = house.database.all_seeing().await.unwrap();
    let logs: Vec<(String, i64)> = sqlx::query_as(
        "SELECT d.slug, count(*) FROM audit_events v JOIN workspace_directory d USING (workspace_id)
         WHERE v.action IN ('workspace.suspended', 'workspace.resumed') GROUP BY d.slug ORDER BY d.slug",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    assert_eq!(logs, [("acme".to_owned(), 2), ("platform".to_owned(), 2)]);
}

#[actix_web::test]
async fn only_operators_see_the_platform_and_they_see_into_no_workspace() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    assert_eq!(page(&owner, "/platform").await.0, StatusCode::NOT_FOUND);
    let operator = operator(&house).await;
    let (status, html) = page(&operator, "/platform?q=ACME").await;
    assert!(status == StatusCode::OK && html.contains("/platform/workspaces/acme"));
    assert!(
        !page(&operator, "/platform?q=%25")
            .await
            .1
            .contains("workspaces/acme")
    );
    for inside in [
        "/w/acme/admin/apps",
        "/w/acme/admin/members",
        "/w/acme/admin/settings",
    ] {
        assert_eq!(page(&operator, inside).await.0, StatusCode::NOT_FOUND, "{inside}");
    }
    assert_eq!(suspend(&operator, "platform", "x").await, StatusCode::NOT_FOUND);
    assert_eq!(suspend(&operator, "nowhere", "x").await, StatusCode::NOT_FOUND);
    let left = call(&operator, "leave_workspace", &[("slug", "platform")]).await;
    assert_eq!(left, StatusCode::CONFLICT, "the platform keeps an owner too");
}

#[actix_web::test]
async fn an_auditor_of_the_platform_reads_and_a_mere_member_does_not() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let olga = operator(&house).await;
    for (email, role, sees) in [
        ("auditor@example.com", "auditor", StatusCode::OK),
        ("member@example.com", "member", StatusCode::FORBIDDEN),
    ] {
        let form = [("slug", "platform"), ("addresses", email), ("role", role)];
        assert_eq!(call(&olga, "invite", &form).await, StatusCode::OK);
        let mail = house.mails.take_invitation().await;
        let id = crate::harness::param(&mail.url, "invitation").unwrap();
        let browser = house.sign_in(email).await;
        let accepted = call(
            &browser,
            "accept_invitation",
            &[("slug", "platform"), ("id", &id)],
        )
        .await;
        assert_eq!(accepted, StatusCode::OK);
        assert_eq!(
            page(&browser, "/platform/workspaces/acme").await.0,
            sees,
            "{role}"
        );
        assert_eq!(
            suspend(&browser, "acme", "x").await,
            StatusCode::FORBIDDEN,
            "{role}"
        );
    }
}
