//! Members, their roles, and invitations.

use super::{
    house::{Browser, House, location, param},
    oidc::{code, ready, redeem, refresh, userinfo},
};
use chrono::TimeDelta;
use reqwest::{
    StatusCode,
    header::{ACCEPT, ORIGIN},
};
use sqlx::Row;

const ADA: &str = "ada@example.com";

async fn invite(browser: &Browser, addresses: &str, role: &str) -> String {
    let form = [("slug", "acme"), ("addresses", addresses), ("role", role)];
    location(&browser.post("/fn/invite", &form).await)
}

/// The status that a script gets for a call.
pub async fn call(browser: &Browser, name: &str, form: &[(&str, &str)]) -> StatusCode {
    let request = browser
        .client
        .post(format!("{}/fn/{name}", browser.origin))
        .header(ACCEPT, "application/json")
        .header(ORIGIN, &browser.origin)
        .form(form);
    request.send().await.unwrap().status()
}

async fn answer(browser: &Browser, verb: &str, invitation: &str) -> StatusCode {
    call(
        browser,
        &format!("{verb}_invitation"),
        &[("slug", "acme"), ("id", invitation)],
    )
    .await
}

/// Invites `email` and returns the invitation's identifier, from the mail.
pub async fn invited(house: &House, inviter: &Browser, email: &str, role: &str) -> String {
    assert_eq!(invite(inviter, email, role).await, "/w/acme/admin/invitations");
    let mail = house.mails.take_invitation().await;
    assert_eq!(mail.to, email);
    param(&mail.url, "invitation").unwrap()
}

/// Somebody who joined by invitation.
pub async fn joined(house: &House, owner: &Browser, email: &str, role: &str) -> Browser {
    let id = invited(house, owner, email, role).await;
    let browser = house.sign_in(email).await;
    assert_eq!(answer(&browser, "accept", &id).await, StatusCode::OK);
    browser
}

pub async fn id_of(house: &House, email: &str) -> String {
    let all = house.database.all_seeing().await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("SELECT user_id FROM user_emails WHERE address = $1")
        .bind(email)
        .fetch_one(&all)
        .await
        .unwrap();
    format!("usr_{}", id.simple())
}

async fn set_role(house: &House, browser: &Browser, email: &str, role: &str) -> StatusCode {
    let id = id_of(house, email).await;
    call(
        browser,
        "change_role",
        &[("slug", "acme"), ("id", &id), ("role", role)],
    )
    .await
}

pub async fn page(browser: &Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.get(path).await;
    (answer.status(), answer.text().await.unwrap())
}

#[actix_web::test]
async fn an_invited_person_joins_once_with_the_role_they_were_asked_for() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let id = invited(&house, &owner, ADA, "auditor").await;
    let stranger = house.browser();
    let (status, html) = page(&stranger, &format!("/w/acme/join?invitation={id}")).await;
    assert!(
        status == StatusCode::OK
            && html.contains("owner@acme.example")
            && html.contains("value=\"ada@example.com\"")
    );
    assert_eq!(answer(&stranger, "accept", &id).await, StatusCode::UNAUTHORIZED);

    let ada = house.sign_in(ADA).await;
    assert_eq!(page(&ada, "/w/acme/admin/apps").await.0, StatusCode::NOT_FOUND);
    assert!(page(&ada, "/workspaces").await.1.contains("Join Acme"));
    assert_eq!(answer(&ada, "accept", &id).await, StatusCode::OK);
    assert_eq!(page(&ada, "/w/acme/admin/apps").await.0, StatusCode::OK);
    assert_eq!(page(&ada, "/w/acme/admin/apps/new").await.0, StatusCode::OK);
    assert_eq!(set_role(&house, &ada, ADA, "admin").await, StatusCode::FORBIDDEN);
    assert_eq!(
        answer(&ada, "accept", &id).await,
        StatusCode::OK,
        "a second click"
    );
    assert_eq!(set_role(&house, &ada, ADA, "admin").await, StatusCode::FORBIDDEN);
    assert!(!page(&ada, "/workspaces").await.1.contains("Join Acme"));
    let (_, members) = page(&owner, "/w/acme/admin/members").await;
    assert!(members.contains(ADA) && members.contains("Auditor"));
}

#[actix_web::test]
async fn an_invitation_serves_nobody_but_the_invited_address() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let id = invited(&house, &owner, ADA, "owner").await;
    let eve = house.sign_in("eve@example.com").await;
    let (_, html) = page(&eve, &format!("/w/acme/join?invitation={id}")).await;
    assert!(html.contains("You’re signed in as eve@example.com") && !html.contains("accept_invitation"));
    for verb in ["accept", "decline"] {
        assert_eq!(answer(&eve, verb, &id).await, StatusCode::GONE);
    }
    assert_eq!(page(&eve, "/w/acme/admin/apps").await.0, StatusCode::NOT_FOUND);
    assert!(!page(&eve, "/workspaces").await.1.contains("Acme"));
    // The same identifier under another workspace leads nowhere.
    house.owner_of("globex").await;
    let ada = house.sign_in(ADA).await;
    let elsewhere = [("slug", "globex"), ("id", id.as_str())];
    assert_eq!(
        call(&ada, "accept_invitation", &elsewhere).await,
        StatusCode::GONE
    );
    assert_eq!(answer(&ada, "accept", &id).await, StatusCode::OK);
}

#[actix_web::test]
async fn an_invitation_ends_to_the_second_when_withdrawn_and_when_declined() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let id = invited(&house, &owner, ADA, "member").await;
    house.clock.advance(TimeDelta::days(7));
    let ada = house.sign_in(ADA).await;
    assert_eq!(answer(&ada, "accept", &id).await, StatusCode::GONE);
    let owner = house.sign_in("owner@acme.example").await;
    assert!(
        page(&owner, "/w/acme/admin/invitations")
            .await
            .1
            .contains("Expired")
    );
    assert_eq!(answer(&owner, "resend", &id).await, StatusCode::OK);
    house.mails.take_invitation().await;
    assert_eq!(answer(&owner, "withdraw", &id).await, StatusCode::OK);
    assert_eq!(answer(&owner, "resend", &id).await, StatusCode::NOT_FOUND);
    assert_eq!(answer(&ada, "accept", &id).await, StatusCode::GONE);
    let again = invited(&house, &owner, ADA, "member").await;
    assert_ne!(again, id);
    assert_eq!(answer(&ada, "decline", &again).await, StatusCode::OK);
    assert_eq!(answer(&ada, "accept", &again).await, StatusCode::GONE);
    assert_eq!(page(&ada, "/w/acme/admin/apps").await.0, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn an_invitation_dies_with_the_inviters_right_to_give_it() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let admin = joined(&house, &owner, "admin@example.com", "admin").await;
    let first = invited(&house, &admin, ADA, "admin").await;
    let second = invited(&house, &admin, "grace@example.com", "member").await;
    let ada = house.sign_in(ADA).await;
    assert_eq!(
        set_role(&house, &owner, "admin@example.com", "member").await,
        StatusCode::OK
    );
    assert_eq!(answer(&ada, "accept", &first).await, StatusCode::GONE);
    let admin_id = id_of(&house, "admin@example.com").await;
    let gone = call(&owner, "remove_member", &[("slug", "acme"), ("id", &admin_id)]).await;
    assert_eq!(gone, StatusCode::OK);
    let grace = house.sign_in("grace@example.com").await;
    assert_eq!(answer(&grace, "accept", &second).await, StatusCode::GONE);
    assert!(
        !page(&owner, "/w/acme/admin/invitations")
            .await
            .1
            .contains("grace@")
    );
}

#[actix_web::test]
async fn nobody_gives_what_they_do_not_hold_or_touches_somebody_who_holds_more() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let admin = joined(&house, &owner, "admin@example.com", "admin").await;
    let auditor = joined(&house, &owner, "auditor@example.com", "auditor").await;
    let member = joined(&house, &owner, "member@example.com", "member").await;
    let pending = invited(&house, &owner, ADA, "owner").await;
    let owner_id = id_of(&house, "owner@acme.example").await;
    let of_owner = [("slug", "acme"), ("id", owner_id.as_str())];
    let demote = [of_owner[0], of_owner[1], ("role", "member")];
    for (who, browser) in [("admin", &admin), ("auditor", &auditor), ("member", &member)] {
        for role in ["owner", "superuser", ""] {
            assert!(
                !set_role(&house, browser, &format!("{who}@example.com"), role)
                    .await
                    .is_success()
            );
        }
        assert_eq!(call(browser, "change_role", &demote).await, StatusCode::FORBIDDEN);
        assert_eq!(
            call(browser, "remove_member", &of_owner).await,
            StatusCode::FORBIDDEN
        );
        for verb in ["resend", "withdraw"] {
            assert_eq!(
                answer(browser, verb, &pending).await,
                StatusCode::FORBIDDEN,
                "{who}"
            );
        }
        let form = [
            ("slug", "acme"),
            ("addresses", "x@example.com"),
            ("role", "owner"),
        ];
        assert_eq!(call(browser, "invite", &form).await, StatusCode::FORBIDDEN);
        // Not even by inviting the same address again as less.
        let form = [("slug", "acme"), ("addresses", ADA), ("role", "member")];
        assert_eq!(call(browser, "invite", &form).await, StatusCode::FORBIDDEN);
    }
    for (browser, other) in [(&auditor, "member@example.com"), (&member, "auditor@example.com")] {
        assert_eq!(
            set_role(&house, browser, other, "member").await,
            StatusCode::FORBIDDEN
        );
    }
    for hidden in ["/w/acme/admin/members", "/w/acme/admin/invitations"] {
        assert_eq!(page(&member, hidden).await.0, StatusCode::FORBIDDEN, "{hidden}");
        let (status, html) = page(&auditor, hidden).await;
        assert!(
            status == StatusCode::OK && !html.contains("/fn/invite\""),
            "{hidden}"
        );
    }
    assert_eq!(
        set_role(&house, &admin, "member@example.com", "admin").await,
        StatusCode::OK
    );
    assert_eq!(
        page(&member, "/w/acme/admin/members").await.0,
        StatusCode::OK,
        "at the next request"
    );
    assert_eq!(
        set_role(&house, &admin, "member@example.com", "auditor").await,
        StatusCode::OK
    );
    assert_eq!(page(&member, "/w/acme/admin/apps/new").await.0, StatusCode::OK);
    let form = [("slug", "acme"), ("name", "x"), ("admission", "open")];
    assert_eq!(
        call(&member, "update_workspace", &form).await,
        StatusCode::FORBIDDEN
    );
}

#[actix_web::test]
async fn a_removed_member_loses_tokens_consents_and_sight_at_once() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "admin").await;
    let (_, tokens) = redeem(&house, "acme", &app, &code(&ada, &app).await).await;
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    let id = id_of(&house, ADA).await;
    let removed = owner
        .post("/fn/remove_member", &[("slug", "acme"), ("id", &id)])
        .await;
    assert_eq!(location(&removed), "/w/acme/admin/members");
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&house, &app, token).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(page(&ada, "/w/acme/admin/apps").await.0, StatusCode::NOT_FOUND);
    assert!(ada.is_signed_in().await, "the person stays");
    assert_eq!(
        page(&owner, &format!("/w/acme/admin/members/{id}")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn a_workspace_is_never_without_an_owner() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let me = id_of(&house, "owner@acme.example").await;
    let my = [("slug", "acme"), ("id", me.as_str())];
    assert_eq!(
        call(&owner, "leave_workspace", &my[..1]).await,
        StatusCode::CONFLICT
    );
    assert_eq!(call(&owner, "remove_member", &my).await, StatusCode::CONFLICT);
    assert_eq!(
        set_role(&house, &owner, "owner@acme.example", "admin").await,
        StatusCode::CONFLICT
    );
    let ada = joined(&house, &owner, ADA, "owner").await;
    // Both leave at once: one of them stays, time after time.
    let (one, other) = tokio::join!(
        call(&owner, "leave_workspace", &my[..1]),
        call(&ada, "leave_workspace", &my[..1])
    );
    let mut outcomes = [one, other];
    outcomes.sort();
    assert_eq!(outcomes, [StatusCode::OK, StatusCode::CONFLICT]);
    let all = house.database.all_seeing().await.unwrap();
    let owners: i64 = sqlx::query_scalar("SELECT count(*) FROM memberships WHERE role = 'owner'")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(owners, 1);
}

#[actix_web::test]
async fn the_database_itself_keeps_an_owner_against_two_who_demote_each_other() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    joined(&house, &owner, ADA, "owner").await;
    let pool = house.database.all_seeing().await.unwrap();
    let demote = "UPDATE memberships SET role = 'member' WHERE user_id = (SELECT user_id FROM user_emails WHERE address = $1)";
    let mut first = pool.begin().await.unwrap();
    sqlx::query(demote).bind(ADA).execute(&mut *first).await.unwrap();
    let second = {
        let pool = pool.clone();
        actix_web::rt::spawn(async move {
            let mut second = pool.begin().await.unwrap();
            let done = sqlx::query(demote)
                .bind("owner@acme.example")
                .execute(&mut *second)
                .await;
            done.map(drop).map_err(|error| {
                error
                    .into_database_error()
                    .unwrap()
                    .constraint()
                    .map(str::to_owned)
            })
        })
    };
    // The second waits for the workspace that the first holds.
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting)
        .fetch_one(&pool)
        .await
        .unwrap()
        == 0
    {
        actix_web::rt::task::yield_now().await;
    }
    first.commit().await.unwrap();
    let refused = second.await.unwrap();
    assert_eq!(refused, Err(Some("memberships_keep_an_owner".to_owned())));
}

#[actix_web::test]
async fn pasted_addresses_are_invited_each_by_itself_and_an_address_gets_only_so_many_mails() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    for (alone, status) in [
        ("nonsense", StatusCode::UNPROCESSABLE_ENTITY),
        ("owner@acme.example", StatusCode::CONFLICT),
        (" ,\n", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let form = [("slug", "acme"), ("addresses", alone), ("role", "member")];
        assert_eq!(call(&owner, "invite", &form).await, status, "{alone}");
    }
    let pasted = "A <A@example.com>; b@example.com\nowner@acme.example";
    assert_eq!(
        invite(&owner, pasted, "member").await,
        "/w/acme/admin/invitations"
    );
    let mut receivers = [
        house.mails.take_invitation().await.to,
        house.mails.take_invitation().await.to,
    ];
    receivers.sort();
    assert_eq!(receivers, ["a@example.com", "b@example.com"]);
    let all = house.database.all_seeing().await.unwrap();
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM invitations")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(count, 2);
    let mut limited = 0;
    for _ in 0..6 {
        limited += usize::from(
            call(
                &owner,
                "invite",
                &[
                    ("slug", "acme"),
                    ("addresses", "a@example.com"),
                    ("role", "member"),
                ],
            )
            .await
                == StatusCode::TOO_MANY_REQUESTS,
        );
    }
    assert_eq!(limited, 2, "an address gets five mails at once and no more");
}

#[actix_web::test]
async fn one_click_twice_joins_once() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let id = invited(&house, &owner, ADA, "member").await;
    let ada = house.sign_in(ADA).await;
    let click = || answer(&ada, "accept", &id);
    let (one, two, three) = tokio::join!(click(), click(), click());
    let won = [one, two, three]
        .iter()
        .filter(|status| status.is_success())
        .count();
    assert_eq!(won, 3);
    let all = house.database.all_seeing().await.unwrap();
    let events = sqlx::query("SELECT detail FROM audit_events WHERE action = 'member.joined'")
        .fetch_all(&all)
        .await
        .unwrap();
    assert_eq!(events.len(), 1);
    let detail: serde_json::Value = events[0].get(0);
    assert_eq!(detail["role"], "member");
}

#[actix_web::test]
async fn ten_thousand_members_come_in_pages_searched_filtered_and_ordered() {
    let house = House::start().await;
    let owner = house.owner_of("acme").await;
    let all = house.database.all_seeing().await.unwrap();
    sqlx::raw_sql(
        "CREATE TEMP TABLE people AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 10000) n;
         INSERT INTO users (id, display_name, created_at) SELECT id, 'Person ' || n, now() FROM people;
         INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at)
         SELECT id, 'p' || n || '@example.com', true, now(), now() FROM people;
         INSERT INTO memberships (workspace_id, user_id, role, created_at)
         SELECT d.workspace_id, p.id, CASE WHEN n % 100 = 0 THEN 'admin' ELSE 'member' END, '2020-01-01'::timestamptz + n * interval '1 minute'
         FROM people p, workspace_directory d WHERE d.slug = 'acme'",
    )
    .execute(&all)
    .await
    .unwrap();
    for order in ["email", "joined"] {
        let mut seen = std::collections::HashSet::new();
        let mut next = Some(format!("/w/acme/admin/members?q=&role=admin&order={order}"));
        while let Some(path) = next {
            let (status, html) = page(&owner, &path).await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains(">10001<"), "the count is of all members");
            for part in html.split("/w/acme/admin/members/usr_").skip(1) {
                assert!(
                    seen.insert(part.split('"').next().unwrap().to_owned()),
                    "twice on pages by {order}"
                );
            }
            next = super::apps::next_page(&html);
        }
        assert_eq!(seen.len(), 100, "{order}");
    }
    let (_, html) = page(&owner, "/w/acme/admin/members?q=PERSON%2077").await;
    assert_eq!(html.matches("row-link").count(), 50);
    let (_, html) = page(&owner, "/w/acme/admin/members?q=p777%40").await;
    assert_eq!(html.matches("row-link").count(), 1);
    let (_, html) = page(&owner, "/w/acme/admin/members?q=%25").await;
    assert_eq!(html.matches("row-link").count(), 0, "the search has no wildcards");
    let (status, _) = page(&owner, "/w/acme/admin/members?role=root").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
