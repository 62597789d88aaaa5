//! What the database says of itself.

use iam_testkit::Database;

/// Tables that hold a workspace's rows although their key is another: see their comments.
const GLOBAL_WITH_WORKSPACE: [&str; 6] = [
    "workspace_directory",
    "recoveries",
    "magic_links",
    "passkey_challenges",
    "pending_sign_ins",
    "sign_in_domains",
];

#[actix_web::test]
async fn every_table_with_workspace_data_is_secured_whole() {
    let database = Database::create().await.unwrap();
    let pool = database.all_seeing().await.unwrap();
    let tables: Vec<(String, String, bool, bool, Vec<String>)> = sqlx::query_as(
        "SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), ''), c.relrowsecurity, c.relforcerowsecurity,
                ARRAY(SELECT a.attname::text FROM pg_index i
                      CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place)
                      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                      WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place)
         FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let mut faults = Vec::new();
    for (table, comment, enabled, forced, key) in &tables {
        let carries: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'workspace_id' AND NOT attisdropped)",
        )
        .bind(table)
        .fetch_one(&pool)
        .await
        .unwrap();
        let of_workspace =
            table == "workspaces" || (carries && !GLOBAL_WITH_WORKSPACE.contains(&table.as_str()));
        let kind = if of_workspace { "workspace:" } else { "global:" };
        if !comment.starts_with(kind) {
            faults.push(format!("{table}: its comment does not start with '{kind}'"));
        }
        if !of_workspace {
            continue;
        }
        if !(*enabled && *forced) {
            faults.push(format!("{table}: row level security is not enabled and forced"));
        }
        if table != "workspaces" && (key.len() < 2 || key[0] != "workspace_id") {
            faults.push(format!(
                "{table}: the primary key {key:?} does not begin with workspace_id"
            ));
        }
        faults.extend(commands_without_policy(&pool, table).await);
        faults.extend(keys_without_workspace(&pool, table).await);
    }
    assert!(tables.len() >= 26, "{}", tables.len());
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Commands that no policy of the table binds to the context, for reading and for writing.
async fn commands_without_policy(pool: &sqlx::PgPool, table: &str) -> Vec<String> {
    let policies: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT cmd, qual, with_check FROM pg_policies WHERE tablename = $1")
            .bind(table)
            .fetch_all(pool)
            .await
            .unwrap();
    let bound = |expression: &Option<String>| {
        expression.as_deref().is_some_and(|text| {
            text.contains("( SELECT rooiam_workspace()") || text.contains("( SELECT rooiam_person()")
        })
    };
    let mut faults: Vec<String> = policies
        .iter()
        .flat_map(|(_, qual, check)| [qual, check])
        .filter(|expression| expression.is_some() && !bound(expression))
        .map(|expression| format!("{table}: a policy binds nothing: {expression:?}"))
        .collect();
    for (command, reads, writes) in [
        ("SELECT", true, false),
        ("INSERT", false, true),
        ("UPDATE", true, true),
        ("DELETE", true, false),
    ] {
        let covered = policies.iter().any(|(cmd, qual, check)| {
            (cmd == command || cmd == "ALL") && (!reads || bound(qual)) && (!writes || bound(check))
        });
        if !covered {
            faults.push(format!("{table}: no policy for {command}"));
        }
    }
    faults
}

/// Foreign keys to other workspace tables that leave workspace_id out, so that a row could point into another workspace.
async fn keys_without_workspace(pool: &sqlx::PgPool, table: &str) -> Vec<String> {
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT k.conname::text FROM pg_constraint k
         WHERE k.contype = 'f' AND k.conrelid = $1::regclass AND k.confrelid <> 'workspaces'::regclass
           AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'workspace_id')
           AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                           WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'workspace_id')",
    )
    .bind(table)
    .fetch_all(pool)
    .await
    .unwrap();
    loose
        .into_iter()
        .map(|name| format!("{table}: foreign key {name} leaves workspace_id out"))
        .collect()
}

#[actix_web::test]
async fn the_catalogue_test_would_see_a_careless_table() {
    let database = Database::create().await.unwrap();
    let pool = database.all_seeing().await.unwrap();
    sqlx::raw_sql(
        "CREATE TABLE careless (workspace_id uuid, id uuid PRIMARY KEY, app_id uuid REFERENCES apps (id));
         CREATE POLICY open_to_all ON careless FOR SELECT USING (true)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let missing = commands_without_policy(&pool, "careless").await;
    assert_eq!(missing.len(), 5, "{missing:?}");
    assert_eq!(keys_without_workspace(&pool, "careless").await.len(), 1);
}
