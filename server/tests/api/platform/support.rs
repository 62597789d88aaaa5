//! The operator's support: in only while the workspace lets it, only to look, and on record in both logs.

use crate::{
    harness::{Browser, Harness, location, request},
    members::{call, id_of, joined, page},
    provider::ready,
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const OLGA: &str = "olga@operator.example";

async fn operator(house: &Harness) -> Browser {
    house.iam.platform().appoint_operator(OLGA).await.unwrap();
    house.sign_in(OLGA).await
}

async fn let_in(browser: &Browser, hours: &str) -> StatusCode {
    let form = [("slug", "acme"), ("reason", "Ticket 7"), ("hours", hours)];
    call(browser, "open_support", &form).await
}

async fn looks(browser: &Browser) -> StatusCode {
    page(browser, "/w/acme/admin/members").await.0
}

async fn told(house: &Harness, action: &str) -> i64 {
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(
        "SELECT count(DISTINCT workspace_id) * 100 + count(*) FROM audit_events WHERE action = $1",
    )
    .bind(action)
    .fetch_one(&all)
    .await
    .unwrap()
}

#[actix_web::test]
async fn support_looks_while_it_is_let_in_changes_nothing_and_both_logs_tell() {
    let (house, owner, app) = ready("ES256").await;
    let olga = operator(&house).await;
    assert_eq!(looks(&olga).await, StatusCode::NOT_FOUND);
    assert!(
        !page(&olga, "/platform/workspaces/acme")
            .await
            .1
            .contains("View workspace")
    );
    for hours in ["0", "9", "73", "-1", "", "x"] {
        assert_eq!(
            let_in(&owner, hours).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{hours}"
        );
    }
    assert_eq!(let_in(&owner, "8").await, StatusCode::OK);
    assert!(
        page(&olga, "/platform/workspaces/acme")
            .await
            .1
            .contains("View workspace")
    );
    assert_eq!(
        told(&house, "support.entered").await,
        0,
        "knowing of it is no visit"
    );
    let (status, html) = page(&olga, "/w/acme/admin/members").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("You’re viewing this workspace as support"));
    for path in [
        "apps",
        "roles",
        "groups",
        "settings",
        "domains",
        "branding",
        "invitations",
    ] {
        assert_eq!(
            page(&olga, &format!("/w/acme/admin/{path}")).await.0,
            StatusCode::OK,
            "{path}"
        );
    }
    assert_eq!(
        told(&house, "support.entered").await,
        202,
        "one visit, told in two logs"
    );
    let owner_id = id_of(&house, "owner@acme.example").await;
    for (name, form) in [
        ("update_workspace", vec![("name", "Mine"), ("admission", "open")]),
        ("change_role", vec![("id", owner_id.as_str()), ("role", "member")]),
        ("remove_member", vec![("id", &owner_id)]),
        ("invite", vec![("addresses", OLGA), ("role", "member")]),
        ("create_role", vec![("name", "x")]),
        ("rotate_app_secret", vec![("id", &app.id)]),
        ("end_workspace", vec![("confirmation", "acme")]),
        ("open_support", vec![("reason", "x"), ("hours", "72")]),
        ("claim_domain", vec![("domain", "x.example")]),
        (
            "update_branding",
            vec![("accent", ""), ("login_text", "x"), ("support", "")],
        ),
    ] {
        let form: Vec<_> = [("slug", "acme")].into_iter().chain(form).collect();
        assert_eq!(call(&olga, name, &form).await, StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(
        olga.post("/w/acme/admin/export", &[]).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        call(&olga, "leave_workspace", &[("slug", "acme")]).await,
        StatusCode::NOT_FOUND
    );
    // No token is ever issued for support: to apps it is a stranger.
    let step = location(
        &olga
            .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    assert_eq!(olga.get(&step).await.status(), StatusCode::FORBIDDEN);
    let (_, html) = page(&owner, "/w/acme/admin/settings").await;
    assert!(html.contains(OLGA), "the workspace sees who came");
    assert_eq!(
        call(&owner, "close_support", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert_eq!(looks(&olga).await, StatusCode::NOT_FOUND);
    assert_eq!(
        call(&owner, "close_support", &[("slug", "acme")]).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        (
            told(&house, "support.opened").await,
            told(&house, "support.closed").await
        ),
        (202, 202)
    );
}

#[actix_web::test]
async fn a_window_ends_to_the_second_and_another_can_be_opened() {
    let (house, owner, _) = ready("ES256").await;
    let olga = operator(&house).await;
    assert_eq!(let_in(&owner, "1").await, StatusCode::OK);
    house.clock.advance(TimeDelta::hours(1) - TimeDelta::seconds(1));
    assert_eq!(looks(&olga).await, StatusCode::OK);
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(looks(&olga).await, StatusCode::NOT_FOUND);
    let (one, two) = tokio::join!(let_in(&owner, "1"), let_in(&owner, "72"));
    assert_eq!((one, two), (StatusCode::OK, StatusCode::OK));
    let all = house.database.all_seeing().await.unwrap();
    let open: i64 = sqlx::query_scalar("SELECT count(*) FROM support_windows WHERE closed_at IS NULL")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(open, 1);
    assert_eq!(looks(&olga).await, StatusCode::OK);
    assert_eq!(
        told(&house, "support.entered").await,
        204,
        "each window's first step is told"
    );
}

#[actix_web::test]
async fn only_those_whom_the_platform_lets_support_come_and_only_a_workspace_lets_them_in() {
    let (house, owner, _) = ready("ES256").await;
    let auditor = joined(&house, &owner, "audrey@example.com", "auditor").await;
    assert_eq!(let_in(&auditor, "8").await, StatusCode::FORBIDDEN);
    assert_eq!(
        let_in(&house.owner_of("evil").await, "8").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(let_in(&owner, "8").await, StatusCode::OK);
    let olga = operator(&house).await;
    let invite = [
        ("slug", "platform"),
        ("addresses", "sam@operator.example"),
        ("role", "member"),
    ];
    assert_eq!(call(&olga, "invite", &invite).await, StatusCode::OK);
    let mail = house.mails.take_invitation().await;
    let sam = house.sign_in("sam@operator.example").await;
    let id = crate::harness::param(&mail.url, "invitation").unwrap();
    let accept = [("slug", "platform"), ("id", id.as_str())];
    assert_eq!(call(&sam, "accept_invitation", &accept).await, StatusCode::OK);
    // A bare member of the platform operates nothing.
    for path in ["/platform", "/platform/people", "/platform/health"] {
        assert_eq!(page(&sam, path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(looks(&sam).await, StatusCode::NOT_FOUND);
    let sam_id = id_of(&house, "sam@operator.example").await;
    let role = "rol_00000000000070008000000000000001";
    let give = [("slug", "platform"), ("id", sam_id.as_str()), ("roles[]", role)];
    assert_eq!(call(&olga, "set_member_roles", &give).await, StatusCode::OK);
    // The platform's own role "Support" looks at all and changes nothing.
    let (status, html) = page(&sam, "/platform").await;
    assert!(status == StatusCode::OK && html.contains("acme"), "{html}");
    assert_eq!(looks(&sam).await, StatusCode::OK);
    assert_eq!(page(&sam, "/platform/people").await.0, StatusCode::OK);
    let suspend = [("slug", "acme"), ("reason", "x")];
    assert_eq!(
        call(&sam, "suspend_workspace", &suspend).await,
        StatusCode::FORBIDDEN
    );
    let someone = id_of(&house, "audrey@example.com").await;
    assert_eq!(
        call(&sam, "disable_user", &[("id", &someone)]).await,
        StatusCode::FORBIDDEN
    );
    // A right that is taken counts at the next request.
    assert_eq!(call(&olga, "set_member_roles", &give[..2]).await, StatusCode::OK);
    assert_eq!(looks(&sam).await, StatusCode::NOT_FOUND);
    assert_eq!(page(&sam, "/platform").await.0, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn platform_rights_in_an_ordinary_workspace_mean_nothing() {
    let (house, owner, _) = ready("ES256").await;
    let other = house.owner_of("second").await;
    assert_eq!(let_in(&other, "8").await, StatusCode::NOT_FOUND);
    let form = [("slug", "second"), ("reason", "x"), ("hours", "8")];
    assert_eq!(call(&other, "open_support", &form).await, StatusCode::OK);
    // acme's owner holds every permission there is, in acme.
    assert_eq!(
        page(&owner, "/w/second/admin/members").await.0,
        StatusCode::NOT_FOUND
    );
    for path in [
        "/platform",
        "/platform/people",
        "/platform/health",
        "/platform/settings",
    ] {
        assert_eq!(page(&owner, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
