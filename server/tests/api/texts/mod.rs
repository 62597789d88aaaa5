//! What people type and others see: refused where it deceives, shown as it was typed where it does not.

mod fields;

use crate::{
    harness::{Browser, Harness},
    isolation::{
        cases::{FOR_OPERATORS, SCOPED},
        fixtures::{Names, furnished, names, snapshot},
        pages::{SCOPED_PAGES, UNSCOPED_PAGES},
    },
};
use fields::{
    Kind::{Lines, Name, Word},
    TEXTS,
};
use iam_types::ErrorCode;
use reqwest::StatusCode;

/// The form of a server function that would be taken, with another text.
fn form(function: &str, argument: &str, text: &str, names: &Names) -> Vec<(&'static str, String)> {
    let cases = SCOPED.iter().chain(FOR_OPERATORS);
    let case = cases
        .map(|case| (case.0, case.1))
        .find(|(name, _)| *name == function);
    let fields = match (function, case) {
        (_, Some((_, fields))) => fields,
        ("create_workspace", _) => &[("name", "x"), ("slug", "spare")],
        ("set_display_name", _) => &[("name", "x")],
        _ => panic!("no form for {function}"),
    };
    let fill = |(name, value): &(&'static str, &'static str)| {
        let value = if *name == argument {
            text.to_owned()
        } else {
            names.fill(value)
        };
        (*name, value)
    };
    fields.iter().map(fill).collect()
}

async fn send(
    browser: &Browser,
    (function, argument): (&'static str, &'static str),
    text: &str,
    names: &Names,
) -> (StatusCode, String) {
    let form = form(function, argument, text, names);
    let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.call_json(function, &fields).await;
    (answer.status(), answer.text().await.unwrap())
}

/// A workspace with one of everything, whose owner operates the platform too.
async fn ready(house: &Harness) -> (Browser, Names) {
    let (owner, objects) = furnished(house).await;
    house
        .iam
        .platform()
        .appoint_operator("owner@acme.example")
        .await
        .unwrap();
    (owner, names("acme", &objects))
}

#[actix_web::test]
async fn deceptive_text_is_refused_in_every_field() {
    let house = Harness::start().await;
    let (owner, names) = ready(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let before = snapshot(&pool).await;
    let unseen = [
        "\u{0}",
        "Ac\u{0}me",
        "Ac\u{7}me",
        "Ac\r\nBcc: eve@example.com",
        "\u{200b}",
        "\u{feff}",
        "\u{3164}",
        "\u{ad}\u{ad}",
        "\u{e0041}\u{e0042}",
        "\u{fe0f}",
        "\u{2060}",
        "\u{115f}",
        "\u{2800}",
        "\u{301}",
        "Ac\u{200b}me",
        "Acme\u{202e}gro.live",
        "Acme\u{202d}",
        "\u{2066}Acme\u{2069}",
        "\u{200f}Acme",
        "Ac\u{61c}me",
        "Acme\u{200d}",
    ];
    for (function, argument, kind) in TEXTS {
        let refused = async |text: &str, code: ErrorCode| {
            let code = if *kind == Word {
                ErrorCode::InvalidAppRole
            } else {
                code
            };
            let (status, answer) = send(&owner, (function, argument), text, &names).await;
            assert_eq!(
                status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{function} {text:?}: {answer}"
            );
            assert!(answer.contains(code.as_str()), "{function} {text:?}: {answer}");
        };
        for text in unseen {
            // A few lines may have a break between them.
            if *kind != Lines || !text.contains('\n') {
                refused(text, ErrorCode::InvisibleText).await;
            }
        }
        let too_long = if *kind == Name {
            ErrorCode::InvalidName
        } else {
            ErrorCode::InvalidText
        };
        refused(&"x".repeat(4096), too_long).await;
        if *kind == Name {
            for text in [
                "Your mailbox is full https://evil.example",
                "See www.evil.example",
                "evil.example/login",
                "Write to help@evil.example",
            ] {
                refused(text, ErrorCode::AddressInName).await;
            }
        }
    }
    assert_eq!(snapshot(&pool).await, before, "nothing changed");
}

/// What stands before a text's number.
const MARKUP: &str = "</title></textarea></script><b x>";
/// The same where it is shown.
const SHOWN: &str = "&lt;/title&gt;&lt;/textarea&gt;&lt;/script&gt;&lt;b x&gt;";
/// What it becomes where it is taken for markup.
const INJECTED: &str = "<b x>";

/// Gets a page and looks whether a text became markup, there or in a header; and whether the title is whole.
async fn look(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    for (name, value) in answer.headers() {
        let value = String::from_utf8_lossy(value.as_bytes());
        assert!(!value.contains(INJECTED), "{name} of {path}: {value}");
    }
    let html = answer.text().await.unwrap();
    assert!(!html.contains(INJECTED), "{path}: {html}");
    let title = html
        .split_once("<title>")
        .map(|(_, rest)| rest.split("</title>").next().unwrap());
    assert!(
        title.is_none_or(|title| !title.contains('<')),
        "{path}: {title:?}"
    );
    html
}

#[actix_web::test]
async fn markup_in_a_text_is_shown_as_text_on_every_page() {
    let house = Harness::start().await;
    let (owner, names) = ready(&house).await;
    let mia = crate::members::joined(&house, &owner, "mia@example.com", "member").await;
    for (number, (function, argument, kind)) in TEXTS.iter().enumerate() {
        // The one is suspended that can be done without.
        let names = if *function == "suspend_workspace" {
            names.at("spare")
        } else {
            names.clone()
        };
        let text = format!("{MARKUP}{number}; & \"x\" 'y'");
        let (status, answer) = send(&owner, (function, argument), &text, &names).await;
        let taken = match *function {
            // There is nothing to end here.
            "end_app_sessions" => StatusCode::NOT_FOUND,
            "end_user_session" | "begin_recovery" | "begin_user_recovery" => StatusCode::FORBIDDEN,
            _ if *kind == Word => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        };
        assert_eq!(status, taken, "{function}: {answer}");
    }
    let mut pages = String::new();
    let walked = SCOPED_PAGES.iter().map(|(_, path)| *path);
    let more = [
        "/account/security",
        "/w/acme/admin/apps",
        "/w/acme/admin/members",
        "/w/acme/admin/invitations",
        "/w/acme/login?request={request}",
        "/w/acme/join?invitation={invitation}",
        "/platform/workspaces/spare",
    ];
    let unscoped = UNSCOPED_PAGES.iter().map(|path| path.replace(":slug", "acme"));
    for path in walked
        .map(str::to_owned)
        .chain(more.map(str::to_owned))
        .chain(unscoped)
    {
        for browser in [&owner, &mia, &house.browser()] {
            pages += &look(browser, &names.fill(&path)).await;
        }
    }
    for (number, (function, argument, kind)) in TEXTS.iter().enumerate() {
        let seen = pages.contains(&format!("{SHOWN}{number};"));
        // What these say stands in a mail and in the log.
        let unseen = [
            "end_app_sessions",
            "end_user_session",
            "begin_recovery",
            "begin_user_recovery",
        ]
        .contains(function);
        assert_eq!(
            seen,
            *kind != Word && !unseen,
            "{argument} of {function} is on none of the pages"
        );
    }
    let title = look(&house.browser(), "/w/acme/login").await;
    let title = title
        .split_once("<title>")
        .unwrap()
        .1
        .split("</title>")
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(title, format!("Sign in · {SHOWN}1; &amp; \"x\" 'y'"));
}

#[actix_web::test]
async fn markup_in_an_address_is_never_written_as_markup() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let markup = "%3Cb%20x%3E";
    let query: String = [
        "q",
        "role",
        "order",
        "after",
        "again",
        "before",
        "request",
        "token",
        "invitation",
        "id",
        "saved",
        "refused",
        "sent",
        "members",
        "__path",
        "__err",
    ]
    .map(|name| format!("{name}={markup}&"))
    .concat();
    for route in server::http::page_routes() {
        for (from, to) in [("", ""), ("{slug}", "acme")] {
            let path: Vec<_> = route
                .path()
                .split('/')
                .map(|part| match part {
                    part if part == from => to,
                    part if part.starts_with('{') => markup,
                    part => part,
                })
                .collect();
            for browser in [&owner, &house.browser()] {
                look(browser, &format!("{}?{query}", path.join("/"))).await;
            }
        }
    }
    // Nor does an address say anything in our name.
    for path in ["/w/Your%20mailbox/leave", "/platform/workspaces/Your%20mailbox"] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(!answer.text().await.unwrap().contains("Your mailbox"), "{path}");
    }
}

#[actix_web::test]
async fn what_was_stored_before_is_cleaned_once() {
    let house = Harness::start().await;
    ready(&house).await;
    let pool = house.database.all_seeing().await.unwrap();
    let spoil = "WITH acme AS (SELECT workspace_id AS id FROM workspace_directory WHERE slug = 'acme'),
                 w AS (UPDATE workspaces SET name = U&'\\202EAcme\\200B', login_text = E'a\\nb' || U&'\\2066' WHERE id = (SELECT id FROM acme)),
                 a AS (UPDATE apps SET name = U&'\\3164' WHERE workspace_id = (SELECT id FROM acme)),
                 g AS (INSERT INTO groups (workspace_id, id, name, created_at)
                       SELECT id, gen_random_uuid(), U&'Berlin\\+0E0041', now() FROM acme)
                 UPDATE users SET display_name = U&'Ada\\00AD \\D83D\\DC69\\200D\\D83D\\DCBB'";
    sqlx::query(spoil).execute(&pool).await.unwrap();
    let owner = sqlx::PgPool::connect_with(house.database.owner.clone())
        .await
        .unwrap();
    for _ in 0..2 {
        let clean = include_str!("../../../../migrations/0023_clean_texts.sql");
        sqlx::raw_sql(clean).execute(&owner).await.unwrap();
    }
    let texts: Vec<String> = sqlx::query_scalar(
        "WITH acme AS (SELECT workspace_id AS id FROM workspace_directory WHERE slug = 'acme')
         SELECT name FROM workspaces w, acme WHERE w.id = acme.id
         UNION ALL SELECT login_text FROM workspaces w, acme WHERE w.id = acme.id
         UNION ALL SELECT left(name, 8) FROM apps a, acme WHERE a.workspace_id = acme.id
         UNION ALL (SELECT left(name, 7) FROM groups g, acme WHERE g.workspace_id = acme.id ORDER BY name)
         UNION ALL SELECT DISTINCT display_name FROM users",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let clean = [
        "Acme",
        "a\nb",
        "Unnamed ",
        "Berlin",
        "Berlin ",
        "Ada 👩\u{200d}💻",
    ];
    assert_eq!(texts, clean);
}
