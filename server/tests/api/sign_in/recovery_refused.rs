//! Recovery of people who lost their second factors, by people who want something else.

use super::{
    passkeys::came_to,
    passwords::{GOOD, choose},
    recovery::{ADA, also_at, begin, begin_as_operator, by_mail, come_back, member, told_of},
    two_step::{next_code, prove, shows, turn_on, waiting_id, waits},
};
use crate::{
    domains::proof::proved,
    harness::{Browser, Harness, location},
    members::{call, id_of, joined, page, set_role},
    platform::users::{operator, person},
};
use chrono::TimeDelta;
use iam::{
    domain::sign_in::{
        recovery::{BY_OPERATOR, BY_WORKSPACE, OBJECTED},
        session::RECENT,
    },
    port::{Notice, SecurityChange},
};
use reqwest::StatusCode;

const HOUR: TimeDelta = TimeDelta::hours(1);

/// The form that the page behind a mail's link sends.
fn form(link: &str) -> Vec<(&str, &str)> {
    let (_, query) = link.split_once('?').unwrap();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .collect()
}

/// Says no in a session; what it came to, if not that.
async fn say_no(house: &Harness, browser: &Browser) -> Option<String> {
    let all = house.database.all_seeing().await.unwrap();
    let id: uuid::Uuid = sqlx::query_scalar("SELECT id FROM recoveries")
        .fetch_one(&all)
        .await
        .unwrap();
    let recovery = format!("rcv_{}", id.simple());
    came_to(
        browser
            .call_json("stop_own_recovery", &[("recovery", &recovery)])
            .await,
    )
    .await
}

/// Whether a mail to `address` is enough now.
async fn lets_in(house: &Harness, address: &str) -> bool {
    let (browser, next) = by_mail(house, address).await;
    come_back(&browser, &next).await.is_none()
}

#[actix_web::test]
async fn what_an_admin_began_behind_somebodys_back_is_stopped_by_mail_session_or_proof_and_looking_stops_nothing()
 {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let (ada, app, id) = member(&house, &owner).await;
    assert_eq!(begin(&owner, &id, &[]).await, None);
    let mail = told_of(&house, SecurityChange::RecoveryByWorkspace).await;
    let (_, link) = mail.url.split_once(&house.origin).unwrap();
    // A mail scanner looks, as often as it likes.
    let reader = house.browser();
    for _ in 0..3 {
        let (status, html) = page(&reader, link).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            html.contains("Stop recovery") && html.contains("Phone stolen"),
            "{html}"
        );
    }
    assert_eq!(house.told(["recovery.stopped"]).await, [0]);
    let wrong = link.replace("key=roo_sr_", "key=roo_sr_x");
    assert_eq!(page(&reader, &wrong).await.0, StatusCode::GONE);
    assert_eq!(
        call(&reader, "stop_recovery", &form(&wrong)).await,
        StatusCode::GONE
    );
    let done = location(&reader.post("/fn/stop_recovery", &form(link)).await);
    assert_eq!(done, "/login/recovery?done=stopped");
    assert_eq!(page(&reader, link).await.0, StatusCode::GONE, "over");
    // Once more does nothing, neither to this one nor to the next.
    assert_eq!(call(&reader, "stop_recovery", &form(link)).await, StatusCode::OK);
    assert_eq!(begin(&owner, &id, &[]).await, None);
    assert_eq!(
        call(&reader, "stop_recovery", &form(link)).await,
        StatusCode::GONE
    );
    assert_eq!(house.told(["recovery.stopped"]).await, [1]);

    // A session of hers stops it, nobody else's does.
    assert_eq!(say_no(&house, &owner).await.as_deref(), Some("not_found"));
    assert_eq!(say_no(&house, &ada).await, None);
    assert_eq!(house.told(["recovery.stopped"]).await, [2]);

    // So does the proof of what is said to be lost.
    assert_eq!(begin(&owner, &id, &[]).await, None);
    next_code(&house);
    let (browser, next) = by_mail(&house, ADA).await;
    assert_eq!(prove(&browser, &next, &shows(&house, &app)).await, None);
    assert_eq!(house.told(["recovery.stopped"]).await, [3]);
    house.clock.advance(BY_WORKSPACE + HOUR);
    assert!(!lets_in(&house, ADA).await);
    // Who begins it again and again floods nobody.
    let owner = house.sign_in("owner@acme.example").await;
    let mut last = None;
    for _ in 0..5 {
        last = begin(&owner, &id, &[]).await;
        let form = [("slug", "acme"), ("id", id.as_str())];
        call(&owner, "withdraw_recovery", &form).await;
    }
    assert_eq!(last.as_deref(), Some("rate_limited"));
}

#[actix_web::test]
async fn an_admin_recovers_nobody_mightier_nobody_of_another_workspace_and_not_themselves() {
    let house = Harness::start().await;
    let owner = house.owner_of("acme").await;
    let (ada, _, id) = member(&house, &owner).await;
    let mia = joined(&house, &owner, "mia@example.com", "admin").await;
    turn_on(&house, &owner).await;
    let owners = id_of(&house, "owner@acme.example").await;
    // An admin no owner, a member nobody, nobody themselves.
    assert_eq!(begin(&mia, &owners, &[]).await.as_deref(), Some("forbidden"));
    assert_eq!(begin(&ada, &owners, &[]).await.as_deref(), Some("forbidden"));
    assert_eq!(begin(&owner, &owners, &[]).await.as_deref(), Some("forbidden"));
    // Nothing is lost where nothing is.
    let mias = id_of(&house, "mia@example.com").await;
    assert_eq!(begin(&owner, &mias, &[]).await.as_deref(), Some("not_found"));
    let (_, html) = page(&owner, &format!("/w/acme/admin/members/{mias}")).await;
    assert!(html.contains("nothing to recover"), "{html}");
    let (_, html) = page(&mia, &format!("/w/acme/admin/members/{owners}")).await;
    assert!(!html.contains("id=\"recovery\""), "{html}");
    // Who is somewhere else too is the operators' matter, and no operator is anybody else's.
    let form = [("name", "Her own"), ("slug", "hers")];
    assert_eq!(call(&ada, "create_workspace", &form).await, StatusCode::OK);
    assert_eq!(
        begin(&owner, &id, &[]).await.as_deref(),
        Some("recovery_elsewhere")
    );
    let (_, html) = page(&owner, &format!("/w/acme/admin/members/{id}")).await;
    assert!(html.contains("Ask an operator of this server"), "{html}");
    assert_eq!(house.told(["recovery.begun"]).await, [0]);
    // It takes a sign-in that is recent, and two factors of who has them.
    house.clock.advance(RECENT);
    assert_eq!(begin(&mia, &mias, &[]).await.as_deref(), Some("sign_in_again"));
}

#[actix_web::test]
async fn a_recovery_dies_with_the_right_of_who_began_it_and_with_another_workspace_of_its_person() {
    for what in ["role", "left", "disabled", "suspended", "elsewhere", "mightier"] {
        let house = Harness::start().await;
        let olga = operator(&house).await;
        let owner = house.owner_of("acme").await;
        let (ada, _, id) = member(&house, &owner).await;
        let mia = joined(&house, &owner, "mia@example.com", "admin").await;
        assert_eq!(begin(&mia, &id, &[]).await, None, "{what}");
        let done = match what {
            "role" => set_role(&house, &owner, "mia@example.com", "member").await,
            "left" => call(&mia, "leave_workspace", &[("slug", "acme")]).await,
            "disabled" => {
                let mias = id_of(&house, "mia@example.com").await;
                person(&olga, "disable", &mias).await
            }
            "suspended" => call(&olga, "suspend_workspace", &[("slug", "acme"), ("reason", "x")]).await,
            "mightier" => set_role(&house, &owner, ADA, "owner").await,
            _ => {
                let form = [("name", "Her own"), ("slug", "hers")];
                call(&ada, "create_workspace", &form).await
            }
        };
        assert_eq!(done, StatusCode::OK, "{what}");
        house.clock.advance(BY_WORKSPACE + HOUR);
        assert!(!lets_in(&house, ADA).await, "{what}");
    }
}

#[actix_web::test]
async fn an_intruder_with_mailbox_and_second_factor_stops_no_operator_and_nothing_they_add_meanwhile_stays() {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let ada = house.sign_in(ADA).await;
    also_at(&house, "ada@home.example").await;
    // The intruder reads her mails and was the first to set up an app.
    let thief = house.sign_in(ADA).await;
    let (app, _) = turn_on(&house, &thief).await;
    house.clock.advance(TimeDelta::minutes(1));
    let id = id_of(&house, ADA).await;
    assert_eq!(begin_as_operator(&olga, &id, &[]).await, None);
    let mail = told_of(&house, SecurityChange::RecoveryByOperator).await;
    let (_, link) = mail.url.split_once(&house.origin).unwrap();
    // Neither the mail nor a session nor the second factor stops it: it counts later, once.
    let done = location(&thief.post("/fn/stop_recovery", &form(link)).await);
    assert_eq!(done, "/login/recovery?done=objected");
    // Whoever can withdraw it hears of that.
    let notice = house.mails.take_notice().await;
    assert!(matches!(notice.notice, Notice::RecoveryObjected { .. }));
    assert_eq!(
        (notice.to.as_str(), notice.by.as_str()),
        ("olga@operator.example", ADA)
    );
    assert!(
        notice.url.ends_with(&format!("/platform/people/{id}")),
        "{}",
        notice.url
    );
    assert_eq!(say_no(&house, &thief).await, None);
    next_code(&house);
    let (browser, next) = by_mail(&house, ADA).await;
    assert_eq!(prove(&browser, &next, &shows(&house, &app)).await, None);
    assert_eq!(
        house.told(["recovery.objected", "recovery.stopped"]).await,
        [1, 0]
    );
    let (_, html) = page(&olga, &format!("/platform/people/{id}")).await;
    assert!(html.contains("This person objected"), "{html}");
    // An address that they add signs in, and is let past by nothing.
    assert_eq!(
        call(&browser, "add_address", &[("address", "thief@evil.example")]).await,
        StatusCode::OK
    );
    let added = house.mails.take_address().await;
    let (_, token) = added.url.split_once("token=").unwrap();
    assert_eq!(
        call(&browser, "confirm_address", &[("token", token)]).await,
        StatusCode::OK
    );
    // A password that they choose, where passwords count, is as good as gone too.
    assert_eq!(choose(&browser, GOOD).await, None);
    house.clock.advance(BY_OPERATOR + HOUR);
    assert!(!lets_in(&house, "ada@home.example").await, "too early");
    house.clock.advance(OBJECTED - BY_OPERATOR);
    assert!(!lets_in(&house, "thief@evil.example").await);
    // She reads the other mailbox.
    let (back, next) = by_mail(&house, "ada@home.example").await;
    assert_eq!(come_back(&back, &next).await, None);
    for out in [&thief, &ada, &browser] {
        assert!(!out.is_signed_in().await);
    }
    let all = house.database.all_seeing().await.unwrap();
    let left: Vec<String> = sqlx::query_scalar(
        "SELECT address FROM user_emails WHERE user_id = (SELECT user_id FROM user_emails WHERE address = $1) ORDER BY address",
    )
    .bind(ADA)
    .fetch_all(&all)
    .await
    .unwrap();
    assert_eq!(left, [ADA, "ada@home.example"]);
    assert_eq!(house.told(["password.removed"]).await, [1]);
}

#[actix_web::test]
async fn a_recovery_lets_a_sign_in_by_mail_pass_and_neither_a_session_nor_another_browser_nor_operators_themselves()
 {
    let house = Harness::start().await;
    let olga = operator(&house).await;
    // A session that was found proves nothing, whatever a recovery says.
    let found = house.sign_in(ADA).await;
    turn_on(&house, &house.sign_in(ADA).await).await;
    house.clock.advance(TimeDelta::minutes(1));
    let id = id_of(&house, ADA).await;
    assert_eq!(begin_as_operator(&olga, &id, &[]).await, None);
    house.clock.advance(BY_OPERATOR + HOUR);
    let step_up = location(&found.get("/login/step-up").await);
    assert!(waiting_id(&step_up).is_some(), "{step_up}");
    assert_eq!(
        come_back(&found, &step_up).await.as_deref(),
        Some("recovery_over")
    );
    // What waits in one browser is nothing in another.
    let (_, next) = by_mail(&house, ADA).await;
    let other = house.browser();
    house.ask(&other, "eve@evil.example", "", "").await;
    assert_eq!(come_back(&other, &next).await.as_deref(), Some("sign_in_expired"));
    // An operator neither themselves nor without the right.
    let olgas = id_of(&house, "olga@operator.example").await;
    let olga = house.sign_in("olga@operator.example").await;
    assert_eq!(
        begin_as_operator(&olga, &olgas, &[]).await.as_deref(),
        Some("forbidden")
    );
    assert_eq!(
        begin_as_operator(&found, &olgas, &[]).await.as_deref(),
        Some("not_found")
    );
    // Who is disabled meanwhile does not come back by it, nor after they are enabled.
    assert_eq!(person(&olga, "disable", &id).await, StatusCode::OK);
    assert_eq!(person(&olga, "enable", &id).await, StatusCode::OK);
    assert!(!lets_in(&house, ADA).await);
    // Two clicks at once come to one session.
    assert_eq!(begin_as_operator(&olga, &id, &[]).await, None);
    house.clock.advance(BY_OPERATOR + HOUR);
    let browser = house.browser();
    let next = waits(&browser, &house.ask(&browser, ADA, "", "").await).await;
    let (first, second) = tokio::join!(come_back(&browser, &next), come_back(&browser, &next));
    assert_eq!((first, second), (None, None));
    assert_eq!(house.told(["recovery.used"]).await, [1]);
}

#[actix_web::test]
async fn at_a_workspaces_own_host_nobody_comes_back_and_nobody_says_no() {
    const HOST: &str = "login.acme.example";
    let house = Harness::start().await;
    let olga = operator(&house).await;
    let owner = house.owner_of("acme").await;
    let (_, _, id) = member(&house, &owner).await;
    proved(&house, &owner, "acme", HOST).await;
    let own = [("slug", "acme"), ("domain", HOST)];
    assert_eq!(call(&owner, "set_workspace_host", &own).await, StatusCode::OK);
    house.clock.advance(TimeDelta::minutes(1));
    assert_eq!(begin_as_operator(&olga, &id, &[]).await, None);
    let mail = told_of(&house, SecurityChange::RecoveryByOperator).await;
    let (_, link) = mail.url.split_once(&house.origin).unwrap();
    house.clock.advance(BY_OPERATOR + HOUR);
    let there = house.browser_at(HOST);
    let next = waits(&there, &house.ask(&there, ADA, "acme", "").await).await;
    let (_, html) = page(&there, &next).await;
    assert!(!html.contains("Continue without a code"), "{html}");
    assert_eq!(come_back(&there, &next).await.as_deref(), Some("not_found"));
    assert_eq!(
        call(&there, "stop_recovery", &form(link)).await,
        StatusCode::NOT_FOUND
    );
    // What waits there is nothing here, though it is the same person's.
    let here = house.browser();
    house.ask(&here, ADA, "", "").await;
    assert_eq!(come_back(&here, &next).await.as_deref(), Some("sign_in_expired"));
    assert_eq!(house.told(["recovery.used", "recovery.objected"]).await, [0, 0]);
    assert!(lets_in(&house, ADA).await);
}
