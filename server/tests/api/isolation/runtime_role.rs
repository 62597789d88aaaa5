//! What the login of `DATABASE_URL` cannot do, whatever the code above it does.

use crate::{domains::proof::proved, harness::Harness};
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Runs a statement in the context of a workspace, and takes it back where it succeeds.
async fn refused(connection: &mut PgConnection, context: &str, statement: &str) -> Option<String> {
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("SELECT set_config('rooiam.workspace_id', $1, true)")
        .bind(context)
        .execute(&mut *tx)
        .await
        .unwrap();
    let outcome = sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *tx)
        .await;
    match outcome {
        Ok(done) if done.rows_affected() == 0 => Some("no row".to_owned()),
        Ok(_) => None,
        Err(error) => {
            let error = error.into_database_error().unwrap();
            Some(
                error
                    .constraint()
                    .map_or_else(|| error.code().unwrap().into_owned(), str::to_owned),
            )
        }
    }
}

#[actix_web::test]
async fn the_runtime_login_makes_no_objects() {
    let house = Harness::start().await;
    let mut connection = PgConnection::connect_with(&house.database.runtime).await.unwrap();
    for statement in [
        "CREATE TEMP TABLE workspace_domains (workspace_id uuid)",
        "CREATE TEMP VIEW users AS SELECT 1",
        "CREATE TABLE public.anything (id int)",
        "CREATE SCHEMA anything",
        "CREATE FUNCTION public.anything() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ] {
        assert_eq!(
            refused(&mut connection, "", statement).await.as_deref(),
            Some("42501"),
            "{statement}"
        );
    }
}

#[actix_web::test]
async fn the_runtime_login_sets_a_host_only_for_the_workspace_in_context_that_proved_it() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let eve = house.owner_of("evil").await;
    proved(&house, &owner, "acme", "login.acme.example").await;
    let claim = [("slug", "evil"), ("domain", "claimed.example")];
    assert_eq!(
        crate::members::call(&eve, "claim_domain", &claim).await,
        StatusCode::OK
    );
    let id = async |slug: &str| {
        let slug = slug.parse().unwrap();
        house.iam.workspaces().id(&slug).await.unwrap().uuid().to_string()
    };
    let (acme, evil) = (id("acme").await, id("evil").await);
    let mut connection = PgConnection::connect_with(&house.database.runtime).await.unwrap();
    let set = |slug: &str, host: &str| {
        format!("UPDATE workspace_directory SET host = '{host}' WHERE slug = '{slug}'")
    };
    let not_proved = Some("workspace_directory_host_is_proved".to_owned());
    let platform = "00000000-0000-7000-8000-000000000000";
    for (context, slug, host, outcome) in [
        (&acme[..], "acme", "login.acme.example", None),
        (&acme, "acme", "evil.example", not_proved.clone()),
        (&evil, "evil", "login.acme.example", not_proved.clone()),
        (&evil, "evil", "claimed.example", not_proved.clone()),
        (&evil, "acme", "login.acme.example", Some("no row".to_owned())),
        ("", "acme", "login.acme.example", Some("no row".to_owned())),
        (platform, "evil", "login.acme.example", not_proved.clone()),
        (platform, "acme", "login.acme.example", not_proved),
    ] {
        assert_eq!(
            refused(&mut connection, context, &set(slug, host)).await,
            outcome,
            "{context} {slug} {host}"
        );
    }
    // Nor does it touch what else the directory says of others.
    for change in [
        "suspended_reason = 'x', suspended_at = now()",
        "delete_after = now()",
        "host = NULL",
        "host_passkeys = true",
    ] {
        let statement = format!("UPDATE workspace_directory SET {change} WHERE slug = 'acme'");
        for context in [&evil[..], ""] {
            assert_eq!(
                refused(&mut connection, context, &statement).await.as_deref(),
                Some("no row"),
                "{change}"
            );
        }
    }
    // Nor does a workspace decide where passkeys work, be it at its own host.
    let work = "UPDATE workspace_directory SET host_passkeys = true WHERE slug = 'acme'";
    assert_eq!(
        refused(&mut connection, &acme, work).await.as_deref(),
        Some("workspace_directory_related_by_platform")
    );
    for statement in [
        "UPDATE workspace_directory SET slug = 'other' WHERE slug = 'acme'",
        "DELETE FROM workspace_directory WHERE slug = 'acme'",
        "INSERT INTO workspace_directory (slug, workspace_id, host) VALUES ('x1', gen_random_uuid(), 'login.acme.example')",
        "INSERT INTO workspace_directory (slug, workspace_id) VALUES ('x1', gen_random_uuid())",
    ] {
        assert_eq!(
            refused(&mut connection, &evil, statement).await.as_deref(),
            Some("42501"),
            "{statement}"
        );
    }
}
