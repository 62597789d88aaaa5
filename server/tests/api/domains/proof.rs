//! Domains proved by DNS, and who comes in by them.

use crate::{
    harness::{Browser, Harness, location, request},
    members::{call, id_of, joined, page},
    provider::{code, ready},
};
use chrono::TimeDelta;
use iam::port::Notice;
use iam_types::WorkspaceId;
use reqwest::StatusCode;
use std::time::Duration;

const DOMAIN: &str = "acme.example";
const RECORD: &str = "_rooiam-challenge.acme.example";

async fn about(browser: &Browser, verb: &str, slug: &str) -> StatusCode {
    call(browser, verb, &[("slug", slug), ("domain", DOMAIN)]).await
}

async fn joining(browser: &Browser, who: &str) -> StatusCode {
    let form = [("slug", "acme"), ("domain", DOMAIN), ("joining", who)];
    call(browser, "set_domain_joining", &form).await
}

/// The record that would prove the domain for `slug`.
pub async fn proof(house: &Harness, slug: &str, domain: &str) -> String {
    let all = house.database.all_seeing().await.unwrap();
    let token: String = sqlx::query_scalar(
        "SELECT token FROM workspace_domains JOIN workspace_directory d USING (workspace_id) WHERE d.slug = $1 AND domain = $2",
    )
    .bind(slug)
    .bind(domain)
    .fetch_one(&all)
    .await
    .unwrap();
    format!("rooiam-domain-verification={token}")
}

/// Claims and proves `domain` for `slug`.
pub async fn proved(house: &Harness, owner: &Browser, slug: &str, domain: &str) {
    let form = [("slug", slug), ("domain", domain)];
    assert_eq!(call(owner, "claim_domain", &form).await, StatusCode::OK);
    let record = proof(house, slug, domain).await;
    house
        .resolver
        .publish(&format!("_rooiam-challenge.{domain}"), &["v=spf1 -all", &record]);
    let answer = owner.post("/fn/check_domain", &form).await;
    let list = format!("/w/{slug}/admin/domains");
    assert_eq!(location(&answer), list);
    assert!(page(owner, &list).await.1.contains("The domain is verified."));
}

async fn workspace(house: &Harness, slug: &str) -> WorkspaceId {
    house.iam.workspaces().id(&slug.parse().unwrap()).await.unwrap()
}

async fn is_proved(house: &Harness, slug: &str) -> bool {
    let all = house.database.all_seeing().await.unwrap();
    sqlx::query_scalar(
        "SELECT verified_at IS NOT NULL FROM workspace_domains JOIN workspace_directory d USING (workspace_id) WHERE d.slug = $1",
    )
    .bind(slug)
    .fetch_one(&all)
    .await
    .unwrap()
}

#[actix_web::test]
async fn a_domain_is_proved_by_its_own_record_and_by_nothing_else() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let form = [("slug", "acme"), ("domain", " ACME.example. ")];
    assert_eq!(call(&owner, "claim_domain", &form).await, StatusCode::OK);
    assert_eq!(about(&owner, "claim_domain", "acme").await, StatusCode::CONFLICT);
    for bad in [
        "",
        "localhost",
        "127.0.0.1",
        "xn--example-.com",
        "a b.example",
        "https://acme.example",
    ] {
        let form = [("slug", "acme"), ("domain", bad)];
        assert_eq!(
            call(&owner, "claim_domain", &form).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{bad}"
        );
    }
    // Unproved it opens nothing.
    assert_eq!(joining(&owner, "everybody").await, StatusCode::CONFLICT);
    assert_eq!(
        about(&owner, "set_workspace_host", "acme").await,
        StatusCode::CONFLICT
    );
    let eve = house.owner_of("evil").await;
    assert_eq!(about(&eve, "claim_domain", "evil").await, StatusCode::OK);
    let (mine, theirs) = (
        proof(&house, "acme", DOMAIN).await,
        proof(&house, "evil", DOMAIN).await,
    );
    for records in [&[][..], &["x"], &[&theirs], &[&mine[..mine.len() - 1]]] {
        house.resolver.publish(RECORD, records);
        let answer = owner
            .post("/fn/check_domain", &[("slug", "acme"), ("domain", DOMAIN)])
            .await;
        assert_eq!(location(&answer), "/w/acme/admin/domains");
        let (_, html) = page(&owner, "/w/acme/admin/domains").await;
        assert!(html.contains("DNS record not found."), "{records:?}");
        assert!(!is_proved(&house, "acme").await);
    }
    house.resolver.silence(RECORD);
    assert_eq!(
        about(&owner, "check_domain", "acme").await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    house.resolver.publish(RECORD, &[&mine]);
    assert_eq!(about(&owner, "check_domain", "acme").await, StatusCode::OK);
    assert!(is_proved(&house, "acme").await);
    // Of two who could prove it, the first has it.
    house.resolver.publish(RECORD, &[&mine, &theirs]);
    assert_eq!(about(&eve, "check_domain", "evil").await, StatusCode::CONFLICT);
    assert!(!is_proved(&house, "evil").await);
    let (_, html) = page(&owner, "/w/acme/admin/domains").await;
    assert!(html.contains("Verified"), "{html}");
    assert_eq!(house.told(["domain.claimed", "domain.proved"]).await, [2, 1]);
}

#[actix_web::test]
async fn a_proof_that_vanishes_is_lost_after_three_days_and_a_silent_server_takes_nothing() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    proved(&house, &owner, "acme", DOMAIN).await;
    assert_eq!(joining(&owner, "everybody").await, StatusCode::OK);
    let id = workspace(&house, "acme").await;
    house.resolver.silence(RECORD);
    for _ in 0..9 {
        house.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
        house.iam.domains().recheck(id).await.unwrap();
        assert!(is_proved(&house, "acme").await, "silence is no proof of loss");
    }
    house.resolver.publish(RECORD, &[]);
    for day in 0..3 {
        house.iam.domains().recheck(id).await.unwrap();
        assert!(is_proved(&house, "acme").await, "day {day}");
        house.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    }
    // Two nodes look at once; one of them tells.
    let (one, two) = tokio::join!(house.iam.domains().recheck(id), house.iam.domains().recheck(id));
    one.unwrap();
    two.unwrap();
    assert!(!is_proved(&house, "acme").await);
    let mail = house.mails.take_notice().await;
    assert!(matches!(mail.notice, Notice::DomainLost { ref domain } if domain == DOMAIN));
    assert_eq!(house.told(["domain.updated", "domain.lost"]).await, [1, 1]);
    let stranger = house.sign_in(&format!("ada@{DOMAIN}")).await;
    assert_eq!(page(&stranger, "/w/acme/ask").await.0, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn nothing_is_held_while_a_name_server_thinks() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    proved(&house, &owner, "acme", DOMAIN).await;
    let id = workspace(&house, "acme").await;
    let all = house.database.all_seeing().await.unwrap();
    house.resolver.publish(RECORD, &[]);
    // Missing since so long that the next look would lose it.
    house.clock.advance(TimeDelta::days(2));
    house.iam.domains().recheck(id).await.unwrap();
    house.clock.advance(TimeDelta::days(4));
    let owner = house.sign_in("owner@acme.example").await;
    house.resolver.hold();
    let looks: Vec<_> = (0..8)
        .map(|_| {
            let iam = house.iam.clone();
            tokio::spawn(async move { iam.domains().recheck(id).await })
        })
        .collect();
    // More at once than there are connections.
    house.resolver.asked(8).await;
    // What was read before is let go behind the look's back; while the name server thinks there is time for that.
    let mut open = 1_i64;
    for _ in 0..100 {
        open = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
        )
        .fetch_one(&all)
        .await
        .unwrap();
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(open, 0);
    // Nobody waits for those who wait, and what they hear of a domain that was claimed anew is not about that one.
    assert_eq!(about(&owner, "remove_domain", "acme").await, StatusCode::OK);
    assert_eq!(house.told(["domain.removed"]).await, [1]);
    assert_eq!(about(&owner, "claim_domain", "acme").await, StatusCode::OK);
    house.resolver.release();
    for look in looks {
        look.await.unwrap().unwrap();
    }
    let untouched: bool = sqlx::query_scalar("SELECT bool_and(checked_at IS NULL) FROM workspace_domains")
        .fetch_one(&all)
        .await
        .unwrap();
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox_mails WHERE kind = 'notice'")
        .fetch_one(&all)
        .await
        .unwrap();
    assert!(untouched && mails == 0, "{untouched} {mails}");
}

#[actix_web::test]
async fn an_address_at_a_proved_domain_lets_somebody_in_as_a_member_and_no_neighbour() {
    let (house, owner, app) = ready("ES256").await;
    proved(&house, &owner, "acme", DOMAIN).await;
    let ada = house.sign_in(&format!("ada@{DOMAIN}")).await;
    let refused = ada
        .get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
        .await;
    assert_eq!(ada.get(&location(&refused)).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(joining(&owner, "everybody").await, StatusCode::OK);
    for neighbour in [
        "eve@sub.acme.example",
        "eve@xacme.example",
        "eve@acme.example.evil.example",
        "eve@аcme.example",
    ] {
        let eve = house.sign_in(neighbour).await;
        assert_eq!(
            page(&eve, "/w/acme/ask").await.0,
            StatusCode::NOT_FOUND,
            "{neighbour}"
        );
        assert_eq!(
            call(&eve, "join_or_request", &[("slug", "acme"), ("request", "")]).await,
            StatusCode::NOT_FOUND
        );
        assert!(!page(&eve, "/workspaces").await.1.contains("Acme"), "{neighbour}");
    }
    let (_, list) = page(&ada, "/workspaces").await;
    assert!(list.contains("Workspaces you can join") && list.contains("Acme"));
    code(&ada, &app).await;
    let (_, list) = page(&ada, "/workspaces").await;
    assert!(!list.contains("Workspaces you can join") && list.contains("Member"));
    assert_eq!(page(&ada, "/w/acme/admin/members").await.0, StatusCode::FORBIDDEN);
    let ben = house.sign_in(&format!("ben@{DOMAIN}")).await;
    assert_eq!(
        call(&ben, "join_or_request", &[("slug", "acme"), ("request", "")]).await,
        StatusCode::OK
    );
    assert_eq!(page(&ben, "/w/acme/admin").await.0, StatusCode::OK);
}

#[actix_web::test]
async fn whoever_asks_waits_for_an_answer_and_then_is_a_member_or_not() {
    let (house, owner, app) = ready("ES256").await;
    let auditor = joined(&house, &owner, "audrey@example.com", "auditor").await;
    let settings = [("slug", "acme"), ("name", "Acme"), ("admission", "requests")];
    assert_eq!(call(&owner, "update_workspace", &settings).await, StatusCode::OK);
    let ada = house.sign_in("ada@example.com").await;
    let step = location(
        &ada.get(&format!("/w/acme/oauth/authorize?{}", request(&app, "")))
            .await,
    );
    let door = location(&ada.get(&step).await);
    assert!(door.starts_with("/w/acme/ask?request=agr_"), "{door}");
    assert!(page(&ada, &door).await.1.contains("Request access"));
    let join_or_request = [("slug", "acme"), ("request", "")];
    for _ in 0..2 {
        assert_eq!(
            call(&ada, "join_or_request", &join_or_request).await,
            StatusCode::OK
        );
    }
    let mail = house.mails.take_notice().await;
    assert_eq!(
        (mail.to.as_str(), mail.by.as_str()),
        ("owner@acme.example", "ada@example.com")
    );
    assert!(matches!(mail.notice, Notice::JoinRequested));
    assert!(page(&ada, &door).await.1.contains("You requested access"));
    assert!(page(&ada, "/workspaces").await.1.contains("Request pending"));
    // Asking is nothing yet.
    let refused = ada.get(&step).await;
    assert!(location(&refused).starts_with("/w/acme/ask"));
    let id = id_of(&house, "ada@example.com").await;
    let about = [("slug", "acme"), ("id", id.as_str())];
    for other in [&auditor, &ada] {
        assert_ne!(call(other, "approve_join_request", &about).await, StatusCode::OK);
    }
    assert!(
        page(&auditor, "/w/acme/admin/invitations")
            .await
            .1
            .contains("ada@example.com")
    );
    assert_eq!(call(&owner, "decline_join_request", &about).await, StatusCode::OK);
    assert_eq!(
        call(&owner, "approve_join_request", &about).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        call(&ada, "join_or_request", &join_or_request).await,
        StatusCode::OK
    );
    assert_eq!(
        call(&ada, "withdraw_join_request", &[("slug", "acme")]).await,
        StatusCode::OK
    );
    assert_eq!(
        call(&owner, "approve_join_request", &about).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        call(&ada, "join_or_request", &join_or_request).await,
        StatusCode::OK
    );
    let (one, two) = tokio::join!(
        call(&owner, "approve_join_request", &about),
        call(&owner, "approve_join_request", &about)
    );
    assert!(one == StatusCode::OK || two == StatusCode::OK);
    loop {
        let mail = house.mails.take_notice().await;
        if matches!(mail.notice, Notice::JoinApproved) {
            assert_eq!(mail.to, "ada@example.com");
            break;
        }
    }
    code(&ada, &app).await;
    let told = house.told(["workspace.updated", "join.requested", "join.request_ended"]);
    assert_eq!(told.await, [1, 3, 2]);
    // Somebody else's answer to a question that nobody asked.
    let stranger = id_of(&house, "audrey@example.com").await;
    assert_eq!(
        call(
            &owner,
            "approve_join_request",
            &[("slug", "acme"), ("id", &stranger)]
        )
        .await,
        StatusCode::NOT_FOUND
    );
}
