//! What is read in one trip and used in another, by several at once and from the wrong workspace.

use crate::{
    harness::{location, param, request},
    provider::{code, ready, redeem, userinfo},
};
use futures_util::future::join_all;
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

#[actix_web::test]
async fn of_many_who_redeem_a_code_at_once_one_gets_tokens_and_its_family_ends() {
    let (house, owner, app) = ready("ES256").await;
    for _ in 0..5 {
        let code = code(&owner, &app).await;
        let answers = join_all((0..4).map(|_| redeem(&house, "acme", &app, &code))).await;
        let given: Vec<_> = answers
            .iter()
            .filter(|(status, answer)| {
                assert!(
                    *status == StatusCode::OK || answer["error"] == "invalid_grant",
                    "{answer}"
                );
                *status == StatusCode::OK
            })
            .collect();
        assert_eq!(given.len(), 1, "{answers:?}");
        assert_eq!(
            userinfo(&house, "acme", &given[0].1).await,
            StatusCode::UNAUTHORIZED,
            "somebody holds a copy of the code"
        );
    }
}

#[actix_web::test]
async fn tabs_that_go_on_at_once_get_the_same_code() {
    let (house, owner, app) = ready("ES256").await;
    code(&owner, &app).await;
    for _ in 0..5 {
        let path = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
        let step = location(&owner.get(&path).await);
        let mut codes: Vec<_> = join_all((0..4).map(|_| owner.get(&step)))
            .await
            .iter()
            .map(|answer| param(&location(answer), "code").unwrap())
            .collect();
        codes.dedup();
        assert_eq!(codes.len(), 1, "{codes:?}");
        assert_eq!(redeem(&house, "acme", &app, &codes[0]).await.0, StatusCode::OK);
    }
}

/// Whether `function`, which reads what a workspace has, shows anything in the context of the one behind `slug`.
fn seen_from(slug: &str, function: &str) -> String {
    format!(
        "EXISTS (SELECT FROM rooiam_enter('{slug}') e
                 LEFT JOIN LATERAL {function} seen ON e.workspace_id IS NOT NULL WHERE seen.name IS NOT NULL)"
    )
}

/// What `question` comes to in a statement by itself, after which no context is left.
async fn answer(runtime: &PgPool, question: &str) -> bool {
    let mut connection = runtime.acquire().await.unwrap();
    let answer = sqlx::query_scalar(AssertSqlSafe(format!("VALUES ({question})")))
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    let context: Option<String> =
        sqlx::query_scalar("SELECT nullif(current_setting('rooiam.workspace_id', true), '')")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
    assert_eq!(context, None, "{question}");
    answer
}

#[actix_web::test]
async fn nothing_is_used_from_another_workspace_or_of_a_revoked_family_and_no_context_is_left_behind() {
    let (house, owner, app) = ready("ES256").await;
    redeem(&house, "acme", &app, &code(&owner, &app).await).await;
    code(&owner, &app).await;
    let open = format!("/w/acme/oauth/authorize?{}", request(&app, ""));
    owner.get(&open).await;
    house.owner_of("evil").await;
    let all = house.database.all_seeing().await.unwrap();
    let runtime = PgPool::connect_with(house.database.runtime.clone())
        .await
        .unwrap();
    let evil: Uuid = sqlx::query_scalar("SELECT workspace_id FROM workspace_directory WHERE slug = 'evil'")
        .fetch_one(&all)
        .await
        .unwrap();
    let (acme, app, family, token): (Uuid, Uuid, Uuid, Vec<u8>) = sqlx::query_as(
        "SELECT g.workspace_id, g.app_id, g.id, t.token_hash FROM refresh_tokens t JOIN token_grants g ON g.id = t.grant_id
         WHERE t.used_at IS NULL",
    )
    .fetch_one(&all)
    .await
    .unwrap();
    let (begun, code): (Uuid, Vec<u8>) =
        sqlx::query_as("SELECT grant_id, code_hash FROM authorization_codes WHERE redeemed_at IS NULL")
            .fetch_one(&all)
            .await
            .unwrap();
    let opened: Uuid = sqlx::query_scalar("SELECT id FROM authorizations WHERE decided_at IS NULL")
        .fetch_one(&all)
        .await
        .unwrap();
    let [token, code] = [token, code].map(|hash| {
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("'\\x{hex}'")
    });
    let reads = [
        format!("rooiam_presented('{acme}', '{app}', NULL, {token})"),
        format!("rooiam_app('{acme}', '{app}')"),
        format!("rooiam_request('{acme}', '{opened}', NULL, NULL)"),
    ];
    for read in reads {
        for (slug, expected) in [("acme", true), ("evil", false)] {
            assert_eq!(
                answer(&runtime, &seen_from(slug, &read)).await,
                expected,
                "{slug} {read}"
            );
        }
    }
    let uses = [
        format!("rooiam_rotate_refresh_token('{evil}', '{family}', {token}, sha256('next'), NULL, now(), now(), '[]')"),
        format!("rooiam_repeat_refresh('{evil}', '{family}', {token}, '[]')"),
        format!("rooiam_redeem_code('{evil}', '{begun}', {code}, NULL, NULL, now(), now(), '[]')"),
        format!(
            "rooiam_grant_code('{evil}', '{opened}', '{family}', now(), '{family}', '{app}', '{family}', true, '{{}}', '{{}}', now(),
                               now(), NULL, sha256('code'), '', NULL, '', now(), '[]')"
        ),
    ];
    for done in &uses {
        assert!(!answer(&runtime, done).await, "{done}");
    }
    sqlx::query("UPDATE token_grants SET revoked_at = now(), revoke_reason = 'withdrawn'")
        .execute(&all)
        .await
        .unwrap();
    for done in uses.iter().take(3) {
        let late = done.replace(&evil.to_string(), &acme.to_string());
        assert!(
            !answer(&runtime, &late).await,
            "its family was revoked meanwhile: {late}"
        );
    }
    let used: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM refresh_tokens WHERE used_at IS NOT NULL)
              + (SELECT count(*) FROM authorization_codes WHERE grant_id <> $2 AND redeemed_at IS NOT NULL)
              + (SELECT count(*) FROM authorizations WHERE id = $1 AND decided_at IS NOT NULL)",
    )
    .bind(opened)
    .bind(family)
    .fetch_one(&all)
    .await
    .unwrap();
    assert_eq!(used, 0);
}
