//! Invitations.

use super::{ADA, answer, call, id_of, invite, invited, joined, page, set_role};
use crate::harness::Harness;
use chrono::TimeDelta;
use reqwest::StatusCode;
use sqlx::Row;

#[actix_web::test]
async fn an_invited_person_joins_once_with_the_role_they_were_asked_for() {
    let house = Harness::start().await;
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
    let house = Harness::start().await;
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
    let house = Harness::start().await;
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
    let sent = house.told(["invitation.created", "invitation.resent"]);
    assert_eq!(sent.await, [2, 1]);
    let ended = house.told(["invitation.withdrawn", "invitation.declined"]);
    assert_eq!(ended.await, [1, 1]);
}

#[actix_web::test]
async fn an_invitation_dies_with_the_inviters_right_to_give_it() {
    let house = Harness::start().await;
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
async fn pasted_addresses_are_invited_each_by_itself_and_an_address_gets_only_so_many_mails() {
    let house = Harness::start().await;
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
    let house = Harness::start().await;
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
