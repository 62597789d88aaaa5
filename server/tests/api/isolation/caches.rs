//! What a node remembers is remembered by workspace, and what somebody may do is not remembered at all.

use crate::{
    harness::{Browser, Harness},
    members::{call, id_of, joined, page},
    provider::{code, ready, redeem},
};
use reqwest::StatusCode;

#[actix_web::test]
async fn a_signing_key_that_was_opened_for_one_workspace_never_signs_for_another() {
    let (house, owner, app) = ready("ES256").await;
    assert_eq!(
        redeem(&house, "acme", &app, &code(&owner, &app).await).await.0,
        StatusCode::OK
    );
    let eve = house.owner_of("evil").await;
    let other = house.register(&eve, "evil", "ES256").await;
    let code = eve.authorize("evil", &crate::harness::request(&other, "")).await;
    let code = crate::harness::param(&code, "code").unwrap();
    // The same key identifier in both workspaces: a cache by key alone would hand acme's opened key to evil.
    let pool = house.database.all_seeing().await.unwrap();
    let renamed = sqlx::query(
        "UPDATE signing_keys SET id = (
             SELECT k.id FROM signing_keys k JOIN workspace_directory d USING (workspace_id) WHERE d.slug = 'acme' AND k.alg = 'ES256'
         ) WHERE alg = 'ES256' AND workspace_id = (SELECT workspace_id FROM workspace_directory WHERE slug = 'evil')",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(renamed.rows_affected(), 1);
    let (status, answer) = redeem(&house, "evil", &other, &code).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{answer}");
    assert!(answer.get("access_token").is_none());
}

#[actix_web::test]
async fn what_one_workspace_used_up_another_still_has() {
    let house = Harness::start().await;
    let (acme, evil) = (house.owner_of("acme").await, house.owner_of("evil").await);
    let mut last = StatusCode::OK;
    for (browser, slug) in [(&acme, "acme"), (&evil, "evil")] {
        let claim = [("slug", slug), ("domain", "x.example")];
        assert_eq!(call(browser, "claim_domain", &claim).await, StatusCode::OK);
    }
    for _ in 0..25 {
        last = call(
            &evil,
            "check_domain",
            &[("slug", "evil"), ("domain", "x.example")],
        )
        .await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let mine = call(
        &acme,
        "check_domain",
        &[("slug", "acme"), ("domain", "x.example")],
    )
    .await;
    assert_eq!(mine, StatusCode::OK);
}

#[actix_web::test]
async fn a_right_that_one_node_takes_or_gives_counts_at_the_next_request_to_another() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let ada = joined(&house, &owner, "ada@example.com", "admin").await;
    let there = Browser {
        origin: house.another_node().await,
        ..ada.clone()
    };
    assert_eq!(page(&there, "/w/acme/admin/members").await.0, StatusCode::OK);
    let id = id_of(&house, "ada@example.com").await;
    let role = |name: &'static str| {
        let (owner, id) = (owner.clone(), id.clone());
        async move {
            call(
                &owner,
                "change_role",
                &[("slug", "acme"), ("id", &id), ("role", name)],
            )
            .await
        }
    };
    for round in 0..3 {
        assert_eq!(role("member").await, StatusCode::OK);
        assert_eq!(
            page(&there, "/w/acme/admin/members").await.0,
            StatusCode::FORBIDDEN,
            "{round}"
        );
        assert_eq!(role("auditor").await, StatusCode::OK);
        assert_eq!(
            page(&there, "/w/acme/admin/members").await.0,
            StatusCode::OK,
            "{round}"
        );
    }
    house
        .iam
        .platform()
        .appoint_operator("olga@example.com")
        .await
        .unwrap();
    let olga = house.sign_in("olga@example.com").await;
    let suspend = [("slug", "acme"), ("reason", "x")];
    assert_eq!(call(&olga, "suspend_workspace", &suspend).await, StatusCode::OK);
    assert_eq!(
        page(&there, "/w/acme/admin/members").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(page(&there, "/w/acme/oauth/jwks").await.0, StatusCode::FORBIDDEN);
}
