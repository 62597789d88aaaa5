//! Limits, as those who push against them: strangers, members, and loops.

mod folding;
mod provider;
mod sign_in;
mod table;
mod toll;

use crate::{
    harness::{Browser, Harness, RegisteredApp},
    members::{call, id_of, joined, page},
};
use iam::{core::limits::Limit, port::Notice};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, HeaderMap, HeaderValue, ORIGIN, RETRY_AFTER},
    redirect::Policy,
};

const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;

/// A browser at another network: it comes through the proxy that the server trusts.
pub fn browser_from(house: &Harness, network: &str) -> Browser {
    let forwarded = HeaderMap::from_iter([(
        "x-forwarded-for".parse().unwrap(),
        HeaderValue::from_str(network).unwrap(),
    )]);
    let client = Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .default_headers(forwarded)
        .build()
        .unwrap();
    Browser {
        client,
        origin: house.origin.clone(),
    }
}

async fn count(house: &Harness, sql: &'static str) -> i64 {
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
}

/// The wait that an answer names, which every refusal of this kind must.
fn wait(answer: &Response) -> u64 {
    assert_eq!(answer.status(), TOO_MANY);
    let wait = answer.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!(wait >= 1);
    wait
}

async fn ask_for_token(house: &Harness, network: &str, app: &RegisteredApp, secret: &str) -> Response {
    Client::new()
        .post(format!("{}/w/acme/oauth/token", house.origin))
        .header("x-forwarded-for", network)
        .basic_auth(&app.id, Some(secret))
        .form(&[("grant_type", "refresh_token"), ("refresh_token", "roo_rt_x")])
        .send()
        .await
        .unwrap()
}

fn other_secret(app: &RegisteredApp) -> String {
    let mut secret = app.secret.clone();
    let flipped = if secret.ends_with('A') { "B" } else { "A" };
    secret.replace_range(secret.len() - 1.., flipped);
    secret
}

#[actix_web::test]
async fn a_newcomer_is_no_mail_relay() {
    let house = Harness::start().await;
    let eve = house.sign_in("eve@example.com").await;
    let mut workspaces = Vec::new();
    for n in 0..10 {
        let slug = format!("junk-{n}");
        let form = [("name", "Junk"), ("slug", slug.as_str())];
        if call(&eve, "create_workspace", &form).await == StatusCode::OK {
            workspaces.push(slug);
        }
    }
    assert_eq!(workspaces.len(), 3);
    for round in 0..20 {
        for slug in &workspaces {
            let addresses: Vec<String> = (0..20)
                .map(|n| format!("victim-{round}-{n}-{slug}@example.com"))
                .collect();
            let form = [
                ("slug", slug.as_str()),
                ("addresses", &addresses.join("\n")),
                ("role", "member"),
            ];
            call(&eve, "invite", &form).await;
        }
    }
    let sent = count(
        &house,
        "SELECT count(*) FROM outbox_mails WHERE kind = 'invitation'",
    )
    .await;
    assert!(sent <= 80, "{sent} strangers got a mail");
    assert!(sent >= 60, "a first team can be invited at once, {sent} were");
}

#[actix_web::test]
async fn several_newcomers_behind_one_address_share_what_it_may_send() {
    let house = Harness::start().await;
    for n in 0..5 {
        let slug = format!("junk-{n}");
        let eve = house.owner_of(&slug).await;
        for round in 0..8 {
            let addresses: Vec<String> = (0..10)
                .map(|k| format!("victim-{round}-{k}-{n}@example.com"))
                .collect();
            let form = [
                ("slug", slug.as_str()),
                ("addresses", &addresses.join("\n")),
                ("role", "member"),
            ];
            call(&eve, "invite", &form).await;
        }
    }
    let sent = count(
        &house,
        "SELECT count(*) FROM outbox_mails WHERE kind = 'invitation'",
    )
    .await;
    assert!(sent <= 162, "{sent} strangers got a mail");
}

#[actix_web::test]
async fn a_workspace_that_is_no_newcomer_invites_more() {
    let house = Harness::start().await;
    house.owner_of("acme").await;
    house.clock.advance(chrono::TimeDelta::days(1));
    let owner = house.sign_in("owner@acme.example").await;
    let mut sent = 0;
    for round in 0..12 {
        let addresses: Vec<String> = (0..10).map(|n| format!("p-{round}-{n}@example.com")).collect();
        let form = [
            ("slug", "acme"),
            ("addresses", &addresses.join("\n")),
            ("role", "member"),
        ];
        sent += usize::from(call(&owner, "invite", &form).await == StatusCode::OK);
    }
    assert_eq!(sent, 12);
}

#[actix_web::test]
async fn strangers_who_flood_an_address_with_invitations_keep_nobody_from_being_invited() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = |slug: &'static str| {
        [
            ("slug", slug),
            ("addresses", "victim@example.com"),
            ("role", "member"),
        ]
    };
    for slug in ["junk-1", "junk-2", "junk-3", "junk-4", "junk-5"] {
        let eve = house.owner_of(slug).await;
        for _ in 0..6 {
            call(&eve, "invite", &form(slug)).await;
        }
    }
    let mails = "SELECT count(*) FROM outbox_mails WHERE kind = 'invitation'";
    let flooded = count(&house, mails).await;
    assert!(flooded <= 20, "{flooded}");
    assert_eq!(call(&owner, "invite", &form("acme")).await, StatusCode::OK);
    assert_eq!(count(&house, mails).await, flooded);
    let victim = house.sign_in("victim@example.com").await;
    assert!(page(&victim, "/workspaces").await.1.contains("Join Acme"));
}

#[actix_web::test]
async fn the_same_news_again_and_again_is_no_mail_again_and_again() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    joined(&house, &owner, "ada@example.com", "member").await;
    let mut offered = 0;
    for _ in 0..30 {
        let form = [("slug", "acme"), ("address", "ada@example.com")];
        offered += usize::from(call(&owner, "offer_ownership", &form).await == StatusCode::OK);
    }
    let mails = "SELECT count(*) FROM outbox_mails WHERE kind = 'notice'";
    assert_eq!((offered, count(&house, mails).await), (5, 5));
    let mut ended = 0;
    for _ in 0..20 {
        let form = [("slug", "acme"), ("confirmation", "acme")];
        ended += usize::from(call(&owner, "end_workspace", &form).await == StatusCode::OK);
        call(&owner, "restore_workspace", &[("slug", "acme")]).await;
    }
    assert_eq!(ended, 3);
    // What had not left when the workspace came back has lost its point.
    assert!(
        count(&house, mails).await <= 8,
        "each ending is told once at most"
    );
    let left = count(
        &house,
        "SELECT count(*) FROM audit_events WHERE action LIKE 'workspace.%' AND action <> 'workspace.created'",
    )
    .await;
    assert_eq!(left, 6);
    assert!(matches!(
        house.mails.take_notice().await.notice,
        Notice::OwnershipOffered
    ));
}

#[actix_web::test]
async fn who_asks_and_takes_it_back_in_a_loop_troubles_nobody_for_long() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = [("slug", "acme"), ("name", "Acme"), ("admission", "requests")];
    assert_eq!(call(&owner, "update_workspace", &form).await, StatusCode::OK);
    let eve = house.sign_in("eve@example.com").await;
    for _ in 0..15 {
        call(&eve, "join_or_request", &[("slug", "acme"), ("request", "")]).await;
        call(&eve, "withdraw_join_request", &[("slug", "acme")]).await;
    }
    let form = [("slug", "acme"), ("name", "Acme"), ("admission", "open")];
    assert_eq!(call(&owner, "update_workspace", &form).await, StatusCode::OK);
    let gus = house.sign_in("gus@example.com").await;
    for _ in 0..15 {
        call(&gus, "join_or_request", &[("slug", "acme"), ("request", "")]).await;
        call(&gus, "leave_workspace", &[("slug", "acme")]).await;
    }
    let asked = count(
        &house,
        "SELECT count(*) FROM audit_events WHERE action = 'join.requested'",
    )
    .await;
    let left = count(
        &house,
        "SELECT count(*) FROM audit_events WHERE action = 'member.left'",
    )
    .await;
    let mails = count(&house, "SELECT count(*) FROM outbox_mails WHERE kind = 'notice'").await;
    assert_eq!((asked, left, mails), (5, 5, 5));
}

#[actix_web::test]
async fn a_refusal_of_this_kind_says_when_to_come_back_on_pages_and_to_scripts() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = owner.post("/w/acme/admin/export", &[]).await;
        if answer.status() == TOO_MANY {
            assert!(wait(&answer) <= 600);
            assert!(answer.text().await.unwrap().contains("rate_limited"));
        } else {
            statuses.push(answer.status());
        }
    }
    assert_eq!(statuses, [StatusCode::OK; 5]);
    let browser = house.browser();
    let mut limited = 0;
    for _ in 0..7 {
        let form = [("email", "ada@example.com"), ("slug", ""), ("request", "")];
        let answer = browser
            .client
            .post(format!("{}/fn/request_magic_link", house.origin))
            .header(ACCEPT, "application/json")
            .header(ORIGIN, &house.origin)
            .form(&form)
            .send()
            .await
            .unwrap();
        if answer.status() == TOO_MANY {
            assert!(wait(&answer) <= 180);
            limited += 1;
        }
    }
    assert_eq!(limited, 2);
}

#[actix_web::test]
async fn a_loop_of_changes_stops_whole_and_whoever_runs_it_can_still_leave() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let code = crate::provider::code(&owner, &app).await;
    let (_, tokens) = crate::provider::redeem(&house, "acme", &app, &code).await;
    let quota = Limit::ChangePerson.quota();
    let key = id_of(&house, "owner@acme.example").await;
    for _ in 0..quota.burst.get() - 10 {
        house.iam.limiter().check(quota, &key).await;
    }
    let (mut made, mut stopped) = (0, 0);
    for n in 0..20 {
        let name = format!("Role {n}");
        match call(&owner, "create_role", &[("slug", "acme"), ("name", &name)]).await {
            StatusCode::OK => made += 1,
            status => {
                assert_eq!(status, TOO_MANY);
                stopped += 1;
            }
        }
    }
    assert!(made <= 10 && stopped >= 10, "{made} made, {stopped} stopped");
    assert_eq!(
        count(
            &house,
            "SELECT count(*) FROM roles WHERE app_id IS NULL AND name LIKE 'Role %'"
        )
        .await,
        made
    );
    // Putting an end to it all takes no right to change things.
    assert_eq!(call(&owner, "sign_out_everywhere", &[]).await, StatusCode::OK);
    assert!(!owner.is_signed_in().await);
    let token = tokens["refresh_token"].as_str().unwrap();
    let refreshed = crate::provider::refresh(&house, &app, token).await;
    assert_eq!(refreshed.0, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn the_demo_is_made_within_the_limits() {
    let house = Harness::start().await;
    assert!(server::dev::demo::seed(&house.iam).await.unwrap());
}
