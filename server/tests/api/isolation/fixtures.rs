//! A workspace with one of everything, and ways to ask for it.

use super::cases::Case;
use crate::harness::{Browser, Harness, location};
use reqwest::StatusCode;

/// What belongs to a workspace, or looks as if it did.
#[derive(Clone)]
pub struct Names([(&'static str, String); 12]);

impl Names {
    /// The same through another workspace.
    pub fn at(&self, slug: &str) -> Self {
        let mut names = self.clone();
        names.0[0].1 = slug.to_owned();
        names
    }

    pub fn fill(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// Identifiers of the right form that belong to nothing.
pub fn nothing(slug: &str) -> Names {
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
        ("{passkey}", id("pk")),
        ("{connection}", id("con")),
        ("{trial}", id("coa")),
    ])
}

pub async fn call(browser: &Browser, (name, form): Case, names: &Names) -> (StatusCode, String) {
    let form: Vec<_> = form
        .iter()
        .map(|(field, value)| (*field, names.fill(value)))
        .collect();
    let fields: Vec<_> = form
        .iter()
        .map(|(field, value)| (*field, value.as_str()))
        .collect();
    let answer = browser.call_json(name, &fields).await;
    (answer.status(), answer.text().await.unwrap())
}

/// The page without what differs from answer to answer: nonces, and what was asked for.
pub async fn page(browser: &Browser, path: &str, names: &Names) -> (StatusCode, String) {
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

/// A page that failed, without the look of the workspace in its address: that is public, the login page wears it too.
pub fn undressed(text: String) -> String {
    let mut text = text;
    for (from, to, instead) in [
        ("<title>", "</title>", ""),
        ("<p class=\"brand", "</p>", ""),
        ("<link rel=\"stylesheet\" href=\"/brand/", ">", ""),
        (
            r#""{\"Ok\":\"{\\\"name\\\":"#,
            r#"}\"}""#,
            r#""{\"Err\":{\"code\":\"not_found\"}}""#,
        ),
    ] {
        while let Some(start) = text.find(from) {
            let end = text[start..].find(to).unwrap() + start + to.len();
            text.replace_range(start..end, instead);
        }
    }
    text.replace("<!>", "")
}

/// A workspace `acme` that has one of everything.
pub async fn furnished(house: &Harness) -> (Browser, [(&'static str, String); 11]) {
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
    let begin = format!("/w/acme/oauth/authorize?{}", crate::harness::request(&app, ""));
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
    let role = "SELECT id FROM roles r JOIN workspace_directory d USING (workspace_id) WHERE d.slug = 'acme'";
    // Where an address leads nobody adds one.
    let passkey = "INSERT INTO passkeys (id, user_id, credential_id, credential, name, aaguid, synced, created_at)
                   SELECT gen_random_uuid(), user_id, '\\x00', '{}', 'Mine', gen_random_uuid(), false, created_at FROM sessions
                   RETURNING id";
    let connection = connection(&owner).await;
    let objects = [
        ("{app}", app.id.clone()),
        ("{member}", one("usr", member).await),
        ("{invitation}", one("inv", "SELECT id FROM invitations").await),
        ("{request}", waiting.rsplit('=').next().unwrap().to_owned()),
        ("{session}", one("ses", "SELECT id FROM sessions").await),
        ("{role}", one("rol", role).await),
        ("{group}", one("grp", "SELECT id FROM groups").await),
        ("{domain}", "furnished.example".to_owned()),
        ("{passkey}", one("pk", passkey).await),
        ("{connection}", connection.clone()),
        ("{trial}", trial(&owner, &connection).await),
    ];
    crate::domains::proof::proved(house, &owner, "acme", "furnished.example").await;
    (owner, objects)
}

/// Connects a provider that nobody answers for.
async fn connection(owner: &Browser) -> String {
    let form = [
        ("slug", "acme"),
        ("preset", "oidc"),
        ("issuer", "http://127.0.0.1:9"),
        ("name", "Harbour ID"),
        ("client_id", "x"),
        ("client_secret", "x"),
        ("provisioning", "members"),
    ];
    let page = location(&owner.post("/fn/create_connection", &form).await);
    page.rsplit('/').next().unwrap().to_owned()
}

/// Tries it out, which is over at once.
async fn trial(owner: &Browser, connection: &str) -> String {
    let form = [("connection", connection), ("test", "1")];
    let page = location(&owner.post("/w/acme/login/connection", &form).await);
    page.rsplit('/').next().unwrap().to_owned()
}

pub fn names(slug: &str, objects: &[(&'static str, String); 11]) -> Names {
    let [a, b, c, d, e, f, g, h, i, j, k] = objects.clone();
    Names([("{slug}", slug.to_owned()), a, b, c, d, e, f, g, h, i, j, k])
}

/// Everything of the first workspace that an attack could have changed.
pub async fn snapshot(pool: &sqlx::PgPool) -> Vec<String> {
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
         UNION ALL SELECT row_to_json(c)::text FROM connections c, acme WHERE c.workspace_id = acme.id
         UNION ALL SELECT row_to_json(t)::text FROM connection_identities t, acme WHERE t.workspace_id = acme.id
         UNION ALL SELECT row_to_json(f)::text FROM connection_groups f, acme WHERE f.workspace_id = acme.id
         UNION ALL SELECT row_to_json(e)::text FROM users e
         UNION ALL SELECT row_to_json(k)::text FROM passkeys k
         UNION ALL SELECT row_to_json(p)::text FROM platform_settings p
         UNION ALL SELECT row_to_json(z)::text FROM authorizations z, acme WHERE z.workspace_id = acme.id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}
