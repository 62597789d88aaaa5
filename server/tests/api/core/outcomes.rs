//! What forms came to, as browsers without scripts are told of it: once, on the page that follows, and nowhere else.

use crate::{
    harness::{Browser, Harness, location, token},
    isolation::{forms, names_of_nothing},
    members::{joined, page},
};
use app::server::outcome::stays_typed;
use iam::core::outcome::LIFETIME;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, COOKIE, ORIGIN, SET_COOKIE},
    redirect::Policy,
};

const NEW: &str = "/workspaces/new";
const INVITATIONS: &str = "/w/acme/admin/invitations";

/// `name=value` of a cookie that an answer sets.
fn set_cookie(answer: &Response, name: &str) -> Option<String> {
    let cookies = answer.headers().get_all(SET_COOKIE);
    cookies
        .iter()
        .filter_map(|cookie| cookie.to_str().unwrap().split(';').next())
        .find(|pair| pair.starts_with(name) && !pair.ends_with('='))
        .map(str::to_owned)
}

/// Sends exactly these cookies.
async fn get_with(house: &Harness, path: &str, cookies: &str) -> String {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client
        .get(format!("{}{path}", house.origin))
        .header(ACCEPT, "text/html")
        .header(COOKIE, cookies);
    request.send().await.unwrap().text().await.unwrap()
}

/// Signs in, and returns the session's cookie too.
async fn with_cookie(house: &Harness, email: &str) -> (Browser, String) {
    let browser = house.browser();
    let mail = house.ask(&browser, email, "", "").await;
    let answer = browser
        .post("/fn/redeem_magic_link", &[("token", token(&mail))])
        .await;
    let cookie = set_cookie(&answer, "dev_rooiam_session").unwrap();
    (browser, cookie)
}

/// Tries to make a workspace under a reserved address.
async fn fail(browser: &Browser) -> Response {
    let form = [("name", "Second & last"), ("slug", "login")];
    browser.post_on(NEW, "/fn/create_workspace", &form).await
}

fn tells_of_failure(html: &str) -> bool {
    html.contains("This address is reserved")
}

#[actix_web::test]
async fn a_form_that_failed_comes_back_once_with_the_reason_and_what_was_typed() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let answer = fail(&owner).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&answer), NEW);
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=120"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("login") && cookie.len() < 4096, "{cookie}");
    let (status, html) = page(&owner, NEW).await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "role=\"alert\"",
        "value=\"Second &amp; last\"",
        "value=\"login\"",
        "aria-invalid=\"true\"",
    ] {
        assert!(tells_of_failure(&html) && html.contains(part), "{part}: {html}");
    }
    let (_, html) = page(&owner, NEW).await;
    assert!(!tells_of_failure(&html) && !html.contains("Second"), "told once");

    // Where the browser tells no page to go back to, the answer itself says what happened.
    let answer = owner
        .post("/fn/create_workspace", &[("name", "x"), ("slug", "login")])
        .await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(tells_of_failure(&answer.text().await.unwrap()));
}

#[actix_web::test]
async fn what_a_form_did_is_told_once() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let settings = "/w/acme/admin/settings";
    let form = [("slug", "acme"), ("name", "Acme"), ("admission", "members")];
    let answer = owner.post_on(settings, "/fn/update_workspace", &form).await;
    assert_eq!(location(&answer), settings);
    // Another page does not use it up, nor does a browser that only loads ahead.
    assert!(!page(&owner, "/w/acme/admin").await.1.contains("Changes saved"));
    let ahead = owner.client.get(format!("{}{settings}", owner.origin));
    let ahead = ahead.header("sec-purpose", "prefetch").send().await.unwrap();
    assert!(!ahead.text().await.unwrap().contains("Changes saved"));
    assert!(page(&owner, settings).await.1.contains("Changes saved"));
    assert!(!page(&owner, settings).await.1.contains("Changes saved"));
}

#[actix_web::test]
async fn a_program_gets_the_answer_itself_and_no_cookie() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = [
        ("slug", "acme"),
        ("addresses", "ada@example.com, nonsense"),
        ("role", "member"),
    ];
    let request = owner
        .client
        .post(format!("{}/fn/invite", owner.origin))
        .header(ACCEPT, "application/json")
        .header(ORIGIN, &owner.origin);
    let answer = request.form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(location(&answer), INVITATIONS);
    assert!(answer.headers().get(SET_COOKIE).is_none());
    assert_eq!(answer.text().await.unwrap(), "null");
}

#[actix_web::test]
async fn an_address_that_somebody_made_up_tells_nothing() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    // {"code":"slug_reserved"}
    let failure = "__path=/fn/create_workspace&__err=eyJjb2RlIjoic2x1Z19yZXNlcnZlZCJ9";
    for (path, query) in [
        (NEW, failure),
        ("/w/acme/admin/settings", "saved=1"),
        (INVITATIONS, "sent=60&members=3"),
        ("/w/acme/admin/members", "changed=60"),
        ("/w/acme/admin/domains", "check=seen"),
        ("/w/acme/admin/branding", "refused=invalid_image"),
    ] {
        let (_, html) = page(&owner, &format!("{path}?{query}")).await;
        for sign in [
            "role=\"status\"",
            "role=\"alert\"",
            "data-told",
            "aria-invalid=\"true\"",
        ] {
            assert!(!html.contains(sign), "{path} {sign}: {html}");
        }
    }
}

#[actix_web::test]
async fn an_outcome_is_for_its_own_person_page_and_moment_and_opens_for_nobody_who_bends_it() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    let (ada, session) = with_cookie(&house, "ada@example.com").await;
    let (_, other_session) = with_cookie(&house, "eve@example.com").await;
    let outcome = set_cookie(&fail(&ada).await, "dev_rooiam_outcome").unwrap();
    let told = async |path: &str, session: &str, outcome: &str| {
        tells_of_failure(&get_with(&house, path, &format!("{session}; {outcome}")).await)
    };
    assert!(told(NEW, &session, &outcome).await, "as it was meant");
    assert!(!told(NEW, &other_session, &outcome).await);
    assert!(!told(NEW, "", &outcome).await);
    assert!(!told("/workspaces", &session, &outcome).await);
    for at in [30, 60, outcome.len() - 1] {
        let mut bent = outcome.clone().into_bytes();
        bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
        assert!(
            !told(NEW, &session, std::str::from_utf8(&bent).unwrap()).await,
            "{at}"
        );
    }
    for junk in [
        "dev_rooiam_outcome=",
        "dev_rooiam_outcome=x",
        "dev_rooiam_outcome=AAAA",
    ] {
        assert!(!told(NEW, &session, junk).await, "{junk}");
    }
    house.clock.advance(LIFETIME);
    assert!(!told(NEW, &session, &outcome).await, "too late");
}

#[actix_web::test]
async fn a_long_list_comes_back_whole_and_waits_for_nobody_else() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let admin = joined(&house, &owner, "admin@example.com", "admin").await;
    let lines: Vec<_> = (0..100)
        .map(|n| format!("somebody-with-a-long-name-{n}@a-long-domain.example"))
        .collect();
    let list = lines.join("\n");
    let form = [("slug", "acme"), ("addresses", list.as_str()), ("role", "owner")];
    let answer = admin.post_on(INVITATIONS, "/fn/invite", &form).await;
    assert_eq!(location(&answer), INVITATIONS);
    let header: usize = answer
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .map(|one| one.len())
        .sum();
    assert!(header < 512, "proxies take small headers only: {header}");
    let pool = house.database.all_seeing().await.unwrap();
    let kept = async || {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM kept_outcomes")
            .fetch_one(&pool)
            .await
            .unwrap();
        count
    };
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM kept_outcomes")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!sealed.windows(8).any(|part| part == b"somebody"));
    assert!(!page(&owner, INVITATIONS).await.1.contains("somebody-with"));
    let (_, html) = page(&admin, INVITATIONS).await;
    assert!(lines.iter().all(|line| html.contains(line)), "{html}");
    assert_eq!(kept().await, 0);
    // The next takes the place of one that no page asked for, and nothing stays for good.
    for _ in 0..3 {
        admin.post_on(INVITATIONS, "/fn/invite", &form).await;
    }
    assert_eq!(kept().await, 1);
    house.clock.advance(LIFETIME * 2);
    let now = house.iam.now();
    house
        .iam
        .store()
        .sweep_global(now, iam::domain::sign_in::session::IDLE)
        .await
        .unwrap();
    assert_eq!(kept().await, 0);
    let huge = "x@example.com ".repeat(10_000);
    let form = [("slug", "acme"), ("addresses", huge.as_str()), ("role", "owner")];
    admin.post_on(INVITATIONS, "/fn/invite", &form).await;
    assert!(page(&admin, INVITATIONS).await.1.contains("role=\"alert\""));
}

#[actix_web::test]
async fn no_secret_stays_in_a_form_or_travels_with_an_outcome() {
    let house = Harness::start().await;
    let guest = house.browser();
    let mail = house.ask(&guest, "ada@example.com", "", "").await;
    for (field, secret) in [("code", "098765"), ("token", "roo_ml_stolen")] {
        let to = if field == "code" {
            "redeem_code"
        } else {
            "redeem_magic_link"
        };
        let answer = guest
            .post_on("/login/sent", &format!("/fn/{to}"), &[(field, secret)])
            .await;
        assert_eq!(location(&answer), "/login/sent");
        let (_, html) = page(&guest, "/login/sent").await;
        assert!(!html.contains(secret) && !html.contains(token(&mail)), "{field}");
    }
    let secrets = [
        "code",
        "token",
        "secret",
        "password",
        "client_secret",
        "recovery_code",
    ];
    for (name, _) in forms() {
        for field in stays_typed(&format!("/fn/{name}")) {
            assert!(!secrets.contains(field), "{name}: {field}");
        }
    }
}

#[actix_web::test]
async fn every_form_that_fails_leaves_a_clean_address_and_is_told_once() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    let names = names_of_nothing();
    let from = "/workspaces";
    let mut walked = 0;
    let works = [
        "begin_totp",
        "end_other_sessions",
        "forget_browsers",
        "keep_account",
        "put_off_passkey",
        "remove_picture",
        "set_display_name",
        "set_preferences",
        "sign_out",
        "sign_out_everywhere",
    ];
    for (name, form) in forms().filter(|(name, _)| !works.contains(name)) {
        let form: Vec<_> = form
            .iter()
            .map(|(field, value)| (*field, names.fill(value)))
            .collect();
        let form: Vec<_> = form
            .iter()
            .map(|(field, value)| (*field, value.as_str()))
            .collect();
        let answer = mia.post_on(from, &format!("/fn/{name}"), &form).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{name}");
        assert_eq!(location(&answer), from, "{name}");
        assert!(set_cookie(&answer, "dev_rooiam_outcome").is_some(), "{name}");
        assert!(page(&mia, from).await.1.contains("role=\"alert\""), "{name}");
        assert!(!page(&mia, from).await.1.contains("role=\"alert\""), "{name}");
        walked += 1;
    }
    assert!(walked >= 45, "{walked}");
    // Who is not signed in is sent to the login page, which has another form.
    let guest = house.browser();
    let answer = fail(&guest).await;
    assert_eq!(location(&answer), "/login");
    assert!(set_cookie(&answer, "dev_rooiam_outcome").is_none());
}
