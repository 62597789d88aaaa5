//! Members and their roles.

use super::{ADA, answer, call, id_of, invited, joined, page, set_role};
use crate::{
    harness::{Harness, location},
    provider::{code, ready, redeem, refresh, userinfo},
    sign_in::raced::until_wait,
};
use reqwest::StatusCode;

#[actix_web::test]
async fn nobody_gives_what_they_do_not_hold_or_touches_somebody_who_holds_more() {
    let house = Harness::start().await;
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
    assert_eq!(house.told(["member.removed"]).await, [1]);
    assert_eq!(
        page(&owner, &format!("/w/acme/admin/members/{id}")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn a_workspace_is_never_without_an_owner() {
    let house = Harness::start().await;
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

#[expect(clippy::disallowed_methods, reason = "the test is the other side of a race")]
#[actix_web::test]
async fn the_database_itself_keeps_an_owner_against_two_who_demote_each_other() {
    let house = Harness::start().await;
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
    until_wait(&pool, 1).await;
    first.commit().await.unwrap();
    let refused = second.await.unwrap();
    assert_eq!(refused, Err(Some("memberships_keep_an_owner".to_owned())));
}

#[actix_web::test]
async fn ten_thousand_members_come_in_pages_searched_filtered_and_ordered() {
    let house = Harness::start().await;
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
    let mut orders = std::collections::HashMap::new();
    for order in ["email", "-email", "joined", "-joined", "role", "-role"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("/w/acme/admin/members?q=&role=admin&order={order}"));
        while let Some(path) = next {
            let (status, html) = page(&owner, &path).await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains(">10001<") && html.contains("100 of 10001 members"));
            for part in html.split("/w/acme/admin/members/usr_").skip(1) {
                seen.push(part.split('"').next().unwrap().to_owned());
            }
            next = crate::apps::app::next_page(&html);
        }
        let each: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), each.len()), (100, 100), "{order}");
        orders.insert(order, seen);
    }
    for order in ["email", "joined", "role"] {
        let mut backwards = orders[format!("-{order}").as_str()].clone();
        backwards.reverse();
        assert_eq!(orders[order], backwards, "{order}");
    }
    let (_, html) = page(&owner, "/w/acme/admin/members?order=role").await;
    let first = html.split("/w/acme/admin/members/usr_").nth(1).unwrap();
    assert!(first.contains("owner@acme.example"), "owners come first");
    assert!(html.contains("aria-sort=\"ascending\"") && !html.contains("aria-sort=\"descending\""));
    let (_, html) = page(&owner, "/w/acme/admin/members?q=PERSON%2077").await;
    assert_eq!(html.matches("name=\"id\"").count(), 50);
    let (_, html) = page(&owner, "/w/acme/admin/members?q=p777%40").await;
    assert_eq!(html.matches("name=\"id\"").count(), 1);
    let (_, html) = page(&owner, "/w/acme/admin/members?q=%25").await;
    assert_eq!(
        html.matches("name=\"id\"").count(),
        0,
        "the search has no wildcards"
    );
    let (status, _) = page(&owner, "/w/acme/admin/members?role=root").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn all_members_that_match_are_changed_together_up_to_a_bound() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let all = house.database.all_seeing().await.unwrap();
    sqlx::raw_sql(
        "CREATE TEMP TABLE people AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 210) n;
         INSERT INTO users (id, display_name, created_at) SELECT id, 'Person ' || n, now() FROM people;
         INSERT INTO user_emails (user_id, address, is_primary, verified_at, created_at)
         SELECT id, 'p' || n || CASE WHEN n <= 60 THEN '@few.example' ELSE '@many.example' END, true, now(), now() FROM people;
         INSERT INTO memberships (workspace_id, user_id, role, created_at)
         SELECT d.workspace_id, p.id, 'member', now() FROM people p, workspace_directory d WHERE d.slug = 'acme'",
    )
    .execute(&all)
    .await
    .unwrap();
    let (_, list) = page(&owner, "/w/acme/admin/members?q=few.example").await;
    assert!(list.contains("60 of 211 members") && list.contains("Edit 60 matching members"));
    let (_, html) = page(
        &owner,
        "/w/acme/admin/members/change?all=1&q=few.example&role=member",
    )
    .await;
    assert!(html.contains("60 members selected") && !html.contains("many.example"));
    let (_, html) = page(&owner, "/w/acme/admin/members/change?all=1&q=&role=").await;
    assert!(html.contains("200 members selected") && html.contains("first 200 members"));
    let ids: Vec<_> = html
        .split("name=\"change\" value=\"role\"")
        .nth(1)
        .unwrap()
        .split("</form>")
        .next()
        .unwrap()
        .split("name=\"ids[]\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 200);
    let me = id_of(&house, "owner@acme.example").await;
    let mut form = vec![("slug", "acme"), ("change", "role"), ("value", "auditor")];
    form.extend(
        ids.iter()
            .filter(|id| **id != me)
            .map(|id| ("ids[]", id.as_str())),
    );
    assert_eq!(call(&owner, "change_members", &form).await, StatusCode::OK);
    let auditors: i64 = sqlx::query_scalar("SELECT count(*) FROM memberships WHERE role = 'auditor'")
        .fetch_one(&all)
        .await
        .unwrap();
    assert!(auditors >= 199, "{auditors}");
    let one_more = format!("usr_{}", uuid::Uuid::nil().simple());
    form.extend(std::iter::repeat_n(
        ("ids[]", one_more.as_str()),
        201 - (form.len() - 3),
    ));
    assert_eq!(
        call(&owner, "change_members", &form).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[actix_web::test]
async fn the_list_tells_groups_and_what_this_workspace_saw_last_and_nothing_of_others() {
    let (house, owner, app) = ready("ES256").await;
    let ada = joined(&house, &owner, ADA, "member").await;
    let form = [("slug", "acme"), ("name", "Night shift")];
    assert_eq!(call(&owner, "create_group", &form).await, StatusCode::OK);
    let all = house.database.all_seeing().await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO group_members (workspace_id, group_id, user_id)
         SELECT g.workspace_id, g.id, e.user_id FROM groups g, user_emails e WHERE e.address = 'ada@example.com'",
    )
    .execute(&all)
    .await
    .unwrap();
    code(&ada, &app).await;
    let globex = house.owner_of("globex").await;
    house.clock.advance(chrono::TimeDelta::hours(2));
    // What they do elsewhere is seen there only.
    let form = [("slug", "globex"), ("addresses", ADA), ("role", "member")];
    assert_eq!(call(&globex, "invite", &form).await, StatusCode::OK);
    let invitation = house.mails.take_invitation().await;
    let id = crate::harness::param(&invitation.url, "invitation").unwrap();
    let form = [("slug", "globex"), ("id", id.as_str())];
    assert_eq!(call(&ada, "accept_invitation", &form).await, StatusCode::OK);
    let (_, list) = page(&owner, "/w/acme/admin/members?q=ada").await;
    let row = list.split("name=\"id\"").nth(1).unwrap();
    assert!(row.contains("Night shift") && row.contains("2 hours ago") && !row.contains("just now"));
    let (_, list) = page(&globex, "/w/globex/admin/members?q=ada").await;
    assert!(list.contains("just now") && !list.contains("Night shift"));
    // The history says what happened in words.
    let member = format!("/w/acme/admin/members/{}", id_of(&house, ADA).await);
    let (_, html) = page(&owner, &member).await;
    assert!(html.contains("ada@example.com signed in to") && html.contains("joined the workspace"));
    assert!(!html.contains("code.issued") && !html.contains("member.joined"));
}
