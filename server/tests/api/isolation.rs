//! Nobody sees another workspace's data: by the catalogue of the database, and by walking every route and server function.

use super::house::{Browser, House, location};
use iam_testkit::Database;
use reqwest::{
    StatusCode,
    header::{ACCEPT, ORIGIN},
};
use std::collections::BTreeSet;

/// Tables that hold a workspace's rows although their key is another: see their comments.
const GLOBAL_WITH_WORKSPACE: [&str; 2] = ["workspace_directory", "magic_links"];

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

/// What a case sends: `{slug}`, `{app}`, `{member}`, `{invitation}` and `{request}` stand for what belongs to somebody else.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// Server functions that name something of a workspace.
const SCOPED: &[Case] = &[
    ("load_apps", &[("slug", "{slug}"), ("search", ""), ("before", "")]),
    ("load_app", &[("slug", "{slug}"), ("id", "{app}")]),
    (
        "register_app",
        &[
            ("slug", "{slug}"),
            ("name", "x"),
            ("client_type", "public"),
            ("redirect_uris", "https://x.example/"),
            ("id_token_alg", "ES256"),
        ],
    ),
    (
        "update_app",
        &[
            ("slug", "{slug}"),
            ("id", "{app}"),
            ("name", "x"),
            ("redirect_uris", "https://x.example/"),
            ("id_token_alg", "ES256"),
        ],
    ),
    (
        "set_app_state",
        &[("slug", "{slug}"), ("id", "{app}"), ("state", "disabled")],
    ),
    ("rotate_app_secret", &[("slug", "{slug}"), ("id", "{app}")]),
    ("load_settings", &[("slug", "{slug}")]),
    ("load_overview", &[("slug", "{slug}")]),
    ("end_workspace", &[("slug", "{slug}"), ("confirmation", "{slug}")]),
    ("restore_workspace", &[("slug", "{slug}")]),
    (
        "offer_ownership",
        &[("slug", "{slug}"), ("address", "owner@acme.example")],
    ),
    ("withdraw_ownership_offer", &[("slug", "{slug}")]),
    ("accept_ownership", &[("slug", "{slug}"), ("id", "{member}")]),
    ("decline_ownership", &[("slug", "{slug}"), ("id", "{member}")]),
    (
        "update_workspace",
        &[("slug", "{slug}"), ("name", "Pwned"), ("admission", "open")],
    ),
    (
        "load_members",
        &[
            ("slug", "{slug}"),
            ("search", ""),
            ("role", ""),
            ("order", ""),
            ("after", ""),
        ],
    ),
    ("load_member", &[("slug", "{slug}"), ("id", "{member}")]),
    (
        "change_role",
        &[("slug", "{slug}"), ("id", "{member}"), ("role", "member")],
    ),
    ("remove_member", &[("slug", "{slug}"), ("id", "{member}")]),
    ("leave_workspace", &[("slug", "{slug}")]),
    ("load_invitations", &[("slug", "{slug}"), ("before", "")]),
    (
        "invite",
        &[
            ("slug", "{slug}"),
            ("addresses", "x@example.com"),
            ("role", "member"),
        ],
    ),
    ("resend_invitation", &[("slug", "{slug}"), ("id", "{invitation}")]),
    (
        "withdraw_invitation",
        &[("slug", "{slug}"), ("id", "{invitation}")],
    ),
    ("load_join", &[("slug", "{slug}"), ("invitation", "{invitation}")]),
    ("accept_invitation", &[("slug", "{slug}"), ("id", "{invitation}")]),
    (
        "decline_invitation",
        &[("slug", "{slug}"), ("id", "{invitation}")],
    ),
    ("load_roles", &[("slug", "{slug}")]),
    ("load_role", &[("slug", "{slug}"), ("id", "{role}")]),
    ("create_role", &[("slug", "{slug}"), ("name", "x")]),
    (
        "create_app_role",
        &[("slug", "{slug}"), ("id", "{app}"), ("name", "x")],
    ),
    (
        "save_roles",
        &[
            ("slug", "{slug}"),
            ("versions[]", "{role} 1"),
            ("grants[]", "{role} app:read"),
        ],
    ),
    (
        "rename_role",
        &[("slug", "{slug}"), ("id", "{role}"), ("name", "x")],
    ),
    ("delete_role", &[("slug", "{slug}"), ("id", "{role}")]),
    (
        "set_member_roles",
        &[("slug", "{slug}"), ("id", "{member}"), ("roles[]", "{role}")],
    ),
    ("load_groups", &[("slug", "{slug}")]),
    (
        "load_group",
        &[("slug", "{slug}"), ("id", "{group}"), ("after", "")],
    ),
    ("create_group", &[("slug", "{slug}"), ("name", "x")]),
    (
        "rename_group",
        &[("slug", "{slug}"), ("id", "{group}"), ("name", "x")],
    ),
    ("delete_group", &[("slug", "{slug}"), ("id", "{group}")]),
    (
        "set_group_roles",
        &[("slug", "{slug}"), ("id", "{group}"), ("roles[]", "{role}")],
    ),
    (
        "add_to_group",
        &[
            ("slug", "{slug}"),
            ("id", "{group}"),
            ("addresses", "owner@acme.example"),
        ],
    ),
    (
        "remove_from_group",
        &[("slug", "{slug}"), ("id", "{group}"), ("member", "{member}")],
    ),
    ("load_domains", &[("slug", "{slug}")]),
    ("claim_domain", &[("slug", "{slug}"), ("domain", "x.example")]),
    ("check_domain", &[("slug", "{slug}"), ("domain", "{domain}")]),
    (
        "set_domain_joining",
        &[
            ("slug", "{slug}"),
            ("domain", "{domain}"),
            ("joining", "everybody"),
        ],
    ),
    (
        "set_workspace_host",
        &[("slug", "{slug}"), ("domain", "{domain}")],
    ),
    ("remove_domain", &[("slug", "{slug}"), ("domain", "{domain}")]),
    ("load_door", &[("slug", "{slug}")]),
    ("knock", &[("slug", "{slug}"), ("request", "{request}")]),
    ("withdraw_join_request", &[("slug", "{slug}")]),
    ("approve_join_request", &[("slug", "{slug}"), ("id", "{member}")]),
    ("decline_join_request", &[("slug", "{slug}"), ("id", "{member}")]),
    ("load_selection", &[("slug", "{slug}"), ("ids[]", "{member}")]),
    (
        "change_members",
        &[
            ("slug", "{slug}"),
            ("ids[]", "{member}"),
            ("change", "remove"),
            ("value", ""),
        ],
    ),
    (
        "end_app_session",
        &[
            ("slug", "{slug}"),
            ("id", "{member}"),
            ("grant", "grt_01920000000070008000000000000042"),
        ],
    ),
    (
        "open_support",
        &[("slug", "{slug}"), ("reason", "x"), ("hours", "8")],
    ),
    ("close_support", &[("slug", "{slug}")]),
    ("load_branding", &[("slug", "{slug}")]),
    (
        "update_branding",
        &[
            ("slug", "{slug}"),
            ("accent", "#123456"),
            ("login_text", "x"),
            ("support", ""),
        ],
    ),
    ("remove_logo", &[("slug", "{slug}")]),
    ("load_consent", &[("slug", "{slug}"), ("request", "{request}")]),
    ("end_session", &[("session", "{session}")]),
];

/// What only operators may do: a member of a workspace, the owner included, is told that there is no platform.
const FOR_OPERATORS: &[Case] = &[
    ("load_platform", &[("search", ""), ("after", "")]),
    ("load_platform_workspace", &[("slug", "{slug}")]),
    ("load_platform_settings", &[]),
    (
        "update_platform",
        &[("creation", "operators"), ("default_admission", "open")],
    ),
    ("load_health", &[]),
    ("load_people", &[("search", ""), ("after", "")]),
    ("load_person", &[("id", "{member}")]),
    ("disable_person", &[("id", "{member}")]),
    ("enable_person", &[("id", "{member}")]),
    ("end_person_sessions", &[("id", "{member}")]),
    ("suspend_workspace", &[("slug", "{slug}"), ("reason", "x")]),
    ("resume_workspace", &[("slug", "{slug}")]),
];

/// These show names to whoever holds an unguessable identifier that was sent to them: an invitation's, a request's.
const FOR_THE_HOLDER_OF_THE_LINK: &[&str] = &["load_join", "load_consent"];

/// Server functions that name nothing of a workspace, or what is public by design: a login page shows the workspace's name.
const UNSCOPED: &[&str] = &[
    "create_workspace",
    "inspect_magic_link",
    "load_account",
    "load_awaited",
    "load_home",
    "load_mailbox",
    "load_sign_in",
    "load_workspaces",
    "redeem_code",
    "redeem_magic_link",
    "request_magic_link",
    "sign_out",
];

/// Pages that show something of a workspace.
const SCOPED_PAGES: &[(&str, &str)] = &[
    ("/w/:slug/admin", "/w/{slug}/admin"),
    ("/w/:slug/admin/apps", "/w/{slug}/admin/apps?before={app}"),
    ("/w/:slug/admin/apps/new", "/w/{slug}/admin/apps/new"),
    ("/w/:slug/admin/apps/:id", "/w/{slug}/admin/apps/{app}"),
    ("/w/:slug/admin/members", "/w/{slug}/admin/members?after={member}"),
    ("/w/:slug/admin/members/:id", "/w/{slug}/admin/members/{member}"),
    (
        "/w/:slug/admin/members/change",
        "/w/{slug}/admin/members/change?id={member}",
    ),
    ("/platform/people", "/platform/people"),
    ("/platform/people/:id", "/platform/people/{member}"),
    ("/platform/health", "/platform/health"),
    (
        "/w/:slug/admin/invitations",
        "/w/{slug}/admin/invitations?before={invitation}",
    ),
    ("/w/:slug/admin/roles", "/w/{slug}/admin/roles"),
    ("/w/:slug/admin/roles/:id", "/w/{slug}/admin/roles/{role}"),
    ("/w/:slug/admin/groups", "/w/{slug}/admin/groups"),
    ("/w/:slug/admin/groups/:id", "/w/{slug}/admin/groups/{group}"),
    ("/w/:slug/admin/domains", "/w/{slug}/admin/domains"),
    ("/w/:slug/admin/branding", "/w/{slug}/admin/branding"),
    ("/w/:slug/ask", "/w/{slug}/ask"),
    ("/w/:slug/admin/settings", "/w/{slug}/admin/settings"),
    ("/platform", "/platform"),
    ("/platform/settings", "/platform/settings"),
    ("/platform/workspaces/:slug", "/platform/workspaces/{slug}"),
    ("/w/:slug/consent", "/w/{slug}/consent?request={request}"),
];

/// Pages that show nothing of a workspace to somebody who was not given the link. The join page is for whoever holds the
/// invitation's unguessable identifier; the other steps of its answer are walked above.
const UNSCOPED_PAGES: &[&str] = &[
    "/",
    "/account",
    "/dev/mailbox",
    "/login",
    "/login/sent",
    "/login/verify",
    "/w/:slug/join",
    "/w/:slug/leave",
    "/w/:slug/login",
    "/workspaces",
    "/workspaces/new",
];

#[test]
fn every_route_and_server_function_has_a_case() {
    let listed: BTreeSet<String> = leptos::server_fn::actix::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    let walked: BTreeSet<String> = SCOPED
        .iter()
        .map(|(name, _)| *name)
        .chain(UNSCOPED.iter().copied())
        .chain(FOR_OPERATORS.iter().map(|(name, _)| *name))
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, walked, "give each server function a case in this file");
    let listed: BTreeSet<String> = server::http::page_routes()
        .iter()
        .map(|route| route.path().replace('{', ":").replace('}', ""))
        .collect();
    let walked: BTreeSet<String> = SCOPED_PAGES
        .iter()
        .map(|(route, _)| *route)
        .chain(UNSCOPED_PAGES.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, walked, "give each page a case in this file");
}

/// What belongs to a workspace, or looks as if it did.
#[derive(Clone)]
struct Names([(&'static str, String); 9]);

impl Names {
    fn fill(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// Identifiers of the right form that belong to nothing.
fn nothing(slug: &str) -> Names {
    let id = |prefix| format!("{prefix}_01920000000070008000000000000042");
    Names([
        ("{slug}", slug.to_owned()),
        ("{app}", id("app")),
        ("{member}", id("usr")),
        ("{invitation}", id("inv")),
        ("{request}", id("agr")),
        ("{session}", id("ses")),
        ("{role}", id("rol")),
        ("{group}", id("grp")),
        ("{domain}", "nobodys.example".to_owned()),
    ])
}

async fn call(browser: &Browser, (name, form): Case, names: &Names) -> (StatusCode, String) {
    let form: Vec<_> = form
        .iter()
        .map(|(field, value)| (*field, names.fill(value)))
        .collect();
    let request = browser
        .client
        .post(format!("{}/fn/{name}", browser.origin))
        .header(ACCEPT, "application/json")
        .header(ORIGIN, &browser.origin)
        .form(&form);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// The page without what differs from answer to answer: nonces, and what was asked for.
async fn page(browser: &Browser, path: &str, names: &Names) -> (StatusCode, String) {
    let answer = browser.get(&names.fill(path)).await;
    let status = answer.status();
    let mut text = answer.text().await.unwrap();
    let nonce = text
        .split_once("nonce=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .map(str::to_owned);
    if let Some(nonce) = nonce {
        text = text.replace(&nonce, "");
    }
    for (name, value) in &names.0 {
        text = text.replace(value, name);
    }
    (status, text)
}

/// A workspace `acme` that has one of everything.
async fn furnished(house: &House) -> (Browser, [(&'static str, String); 8]) {
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "RS256").await;
    let invite = [
        ("slug", "acme"),
        ("addresses", "ada@example.com"),
        ("role", "member"),
    ];
    let (role, group) = (
        [("slug", "acme"), ("name", "Helpdesk")],
        [("slug", "acme"), ("name", "Berlin")],
    );
    owner.post("/fn/invite", &invite).await;
    house.mails.take_invitation().await;
    owner.post("/fn/create_role", &role).await;
    owner.post("/fn/create_group", &group).await;
    let begin = format!("/w/acme/oauth/authorize?{}", super::house::request(&app, ""));
    let waiting = location(&owner.get(&begin).await);
    let pool = house.database.all_seeing().await.unwrap();
    let one = |prefix: &'static str, sql: &'static str| {
        let pool = pool.clone();
        async move {
            let id: uuid::Uuid = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
            format!("{prefix}_{}", id.simple())
        }
    };
    let member = "SELECT user_id FROM memberships m JOIN workspace_directory d USING (workspace_id) WHERE d.slug = 'acme'";
    let objects = [
        ("{app}", app.id.clone()),
        ("{member}", one("usr", member).await),
        ("{invitation}", one("inv", "SELECT id FROM invitations").await),
        ("{request}", waiting.rsplit('=').next().unwrap().to_owned()),
        ("{session}", one("ses", "SELECT id FROM sessions").await),
        ("{role}", one("rol", "SELECT id FROM roles").await),
        ("{group}", one("grp", "SELECT id FROM groups").await),
        ("{domain}", "furnished.example".to_owned()),
    ];
    super::domains::proved(house, &owner, "acme", "furnished.example").await;
    (owner, objects)
}

fn names(slug: &str, objects: &[(&'static str, String); 8]) -> Names {
    let [a, b, c, d, e, f, g, h] = objects.clone();
    Names([("{slug}", slug.to_owned()), a, b, c, d, e, f, g, h])
}

/// What asks for no permission: leaving, answering what was sent to oneself, one's own sessions, the overview, which
/// shows a member what they may know; restoring looks for the permission itself, since nobody enters a workspace that ends.
const FOR_EVERYBODY: &[&str] = &[
    "accept_invitation",
    "accept_ownership",
    "decline_invitation",
    "decline_ownership",
    "end_session",
    "knock",
    "leave_workspace",
    "load_consent",
    "load_door",
    "load_join",
    "load_overview",
    "restore_workspace",
    "withdraw_join_request",
];

#[actix_web::test]
async fn a_member_without_a_permission_is_refused_by_every_function_and_page() {
    let house = House::start().await;
    let (owner, objects) = furnished(&house).await;
    let member = super::members::joined(&house, &owner, "mia@example.com", "member").await;
    let real = names("acme", &objects);
    let pool = house.database.all_seeing().await.unwrap();
    let before = snapshot(&pool).await;
    for case in SCOPED.iter().filter(|case| !FOR_EVERYBODY.contains(&case.0)) {
        let (status, _) = call(&member, *case, &real).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}", case.0);
        let (status, _) = call(&house.browser(), *case, &real).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", case.0);
    }
    for (route, path) in SCOPED_PAGES.iter().filter(|(route, _)| route.contains("/admin/")) {
        let (status, _) = page(&member, path, &real).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{route}");
    }
    assert_eq!(snapshot(&pool).await, before, "nothing changed");
}

#[actix_web::test]
async fn what_belongs_to_another_workspace_answers_as_what_does_not_exist() {
    let house = House::start().await;
    let (owner, objects) = furnished(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let eve = house.owner_of("evil").await;
    let before = snapshot(&pool).await;
    // Through the workspace's own address, and smuggled in through the attacker's.
    for (slug, imagined) in [("acme", "no-such-place"), ("evil", "evil")] {
        let real = names(slug, &objects);
        let imagined = nothing(imagined);
        for case in SCOPED {
            let names_an_object = case
                .1
                .iter()
                .any(|(_, value)| value.starts_with('{') && *value != "{slug}");
            if slug == "evil" && !names_an_object {
                continue;
            }
            if slug == "acme" && FOR_THE_HOLDER_OF_THE_LINK.contains(&case.0) {
                continue;
            }
            assert_eq!(
                call(&eve, *case, &real).await,
                call(&eve, *case, &imagined).await,
                "{} through {slug}",
                case.0
            );
        }
        for (_, path) in SCOPED_PAGES {
            // A cursor of elsewhere shows the attacker's own list.
            if slug == "evil" && !path.contains("/{") && !path.contains("{request}") {
                continue;
            }
            if slug == "acme" && path.contains("{request}") {
                continue;
            }
            assert_eq!(
                page(&eve, path, &real).await,
                page(&eve, path, &imagined).await,
                "{path} through {slug}"
            );
        }
    }
    for case in FOR_OPERATORS {
        let mine = names("evil", &objects);
        let (status, _) = call(&eve, *case, &mine).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{}", case.0);
    }
    assert_eq!(snapshot(&pool).await, before, "nothing of acme changed");
    assert!(owner.is_signed_in().await);
}

/// Everything of the first workspace that an attack could have changed.
async fn snapshot(pool: &sqlx::PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "WITH acme AS (SELECT workspace_id AS id FROM workspace_directory WHERE slug = 'acme')
         SELECT row_to_json(w)::text FROM workspaces w, acme WHERE w.id = acme.id
         UNION ALL SELECT row_to_json(d)::text FROM workspace_directory d
         UNION ALL SELECT row_to_json(a)::text FROM apps a, acme WHERE a.workspace_id = acme.id
         UNION ALL SELECT row_to_json(s)::text FROM app_secrets s, acme WHERE s.workspace_id = acme.id
         UNION ALL SELECT row_to_json(u)::text FROM app_redirect_uris u, acme WHERE u.workspace_id = acme.id
         UNION ALL SELECT row_to_json(m)::text FROM memberships m, acme WHERE m.workspace_id = acme.id
         UNION ALL SELECT row_to_json(i)::text FROM invitations i, acme WHERE i.workspace_id = acme.id
         UNION ALL SELECT row_to_json(r)::text FROM roles r, acme WHERE r.workspace_id = acme.id
         UNION ALL SELECT row_to_json(g)::text FROM groups g, acme WHERE g.workspace_id = acme.id
         UNION ALL SELECT row_to_json(x)::text FROM member_roles x, acme WHERE x.workspace_id = acme.id
         UNION ALL SELECT row_to_json(y)::text FROM group_roles y, acme WHERE y.workspace_id = acme.id
         UNION ALL SELECT row_to_json(v)::text FROM group_members v, acme WHERE v.workspace_id = acme.id
         UNION ALL SELECT row_to_json(o)::text FROM ownership_offers o, acme WHERE o.workspace_id = acme.id
         UNION ALL SELECT row_to_json(n)::text FROM workspace_domains n, acme WHERE n.workspace_id = acme.id
         UNION ALL SELECT row_to_json(l)::text FROM workspace_logos l, acme WHERE l.workspace_id = acme.id
         UNION ALL SELECT row_to_json(q)::text FROM join_requests q, acme WHERE q.workspace_id = acme.id
         UNION ALL SELECT row_to_json(h)::text FROM support_windows h, acme WHERE h.workspace_id = acme.id
         UNION ALL SELECT row_to_json(e)::text FROM users e
         UNION ALL SELECT row_to_json(p)::text FROM platform_settings p
         UNION ALL SELECT row_to_json(z)::text FROM authorizations z, acme WHERE z.workspace_id = acme.id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}
