//! What people are told of what happened with their account.

use crate::{
    harness::{Browser, Harness, location},
    members::{call, id_of, joined, page, set_role},
    provider::{code, ready},
};
use chrono::TimeDelta;
use reqwest::StatusCode;

const ADA: &str = "ada@example.com";
const ACTIVITY: &str = "/account/activity";

async fn told(browser: &Browser, path: &str) -> String {
    let (status, html) = page(browser, path).await;
    assert_eq!(status, StatusCode::OK);
    html.replace("<!>", "")
}

#[actix_web::test]
async fn a_person_reads_in_plain_words_what_happened_with_their_account() {
    let (house, owner, app) = ready("ES256").await;
    let later = || house.clock.advance(TimeDelta::seconds(1));
    let ada = joined(&house, &owner, ADA, "member").await;
    later();
    code(&ada, &app).await;
    later();
    let form = [("slug", "acme"), ("id", app.id.as_str())];
    assert_eq!(call(&ada, "disconnect_app", &form).await, StatusCode::OK);
    later();
    let named = [("name", "Ada")];
    assert_eq!(call(&ada, "set_display_name", &named).await, StatusCode::OK);
    later();
    house.sign_in(ADA).await;
    later();
    assert_eq!(call(&ada, "end_other_sessions", &[]).await, StatusCode::OK);
    later();
    assert_eq!(set_role(&house, &owner, ADA, "auditor").await, StatusCode::OK);
    let html = told(&ada, ACTIVITY).await;
    let mut rest = html.as_str();
    // The latest first.
    for words in [
        "Role changed from Member to Auditor",
        "Signed out all other browsers",
        "Signed in",
        "Profile changed",
        "Disconnected Orders",
        "Gave Orders access",
    ] {
        rest = rest
            .split_once(words)
            .unwrap_or_else(|| panic!("{words}: {html}"))
            .1;
    }
    // These came in one moment.
    for words in ["Joined the workspace", "Signed in", "Account created"] {
        assert!(rest.contains(words), "{words}: {html}");
    }
    assert!(html.contains("Acme · from 127.0.0.1"), "{html}");
    assert!(
        !html.contains("owner@acme.example"),
        "nor who gave the role: {html}"
    );
}

#[actix_web::test]
async fn nobody_reads_what_happened_to_others_or_who_and_where_an_operator_is() {
    let house = Harness::start().await;
    house
        .iam
        .platform()
        .appoint_operator("olga@operator.example")
        .await
        .unwrap();
    let olga = house.sign_in("olga@operator.example").await;
    let ada = house.sign_in(ADA).await;
    let eve = house.sign_in("eve@example.com").await;
    let ends = olga
        .client
        .post(format!("{}/fn/end_user_sessions", house.origin))
        .header("origin", &house.origin)
        .header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .form(&[("id", id_of(&house, ADA).await)]);
    assert!(ends.send().await.unwrap().status().is_success());
    assert!(!ada.is_signed_in().await);
    let ada = house.sign_in(ADA).await;
    assert!(
        told(&olga, ACTIVITY)
            .await
            .contains("<span dir=\"auto\" class=\"hint\">Platform")
    );
    let html = told(&ada, ACTIVITY).await;
    let (_, line) = html.split_once("Signed out everywhere by an operator").unwrap();
    let line = line.split("</li>").next().unwrap();
    assert!(!line.contains("127.0.0.1") && !line.contains("Firefox"), "{line}");
    assert!(!html.contains("olga@operator.example"));
    for other in [&olga, &eve] {
        let html = told(other, ACTIVITY).await;
        assert!(!html.contains("Signed out"), "{html}");
        assert!(!html.contains(ADA), "{html}");
    }
    let nobody = house.browser();
    assert_eq!(location(&nobody.get(ACTIVITY).await), "/login");
}

#[actix_web::test]
async fn a_long_history_comes_in_pages_each_event_once() {
    let house = Harness::start().await;
    let ada = house.sign_in(ADA).await;
    let pool = house.database.all_seeing().await.unwrap();
    sqlx::query(
        "INSERT INTO audit_events (workspace_id, id, occurred_at, action, actor_id, target)
         SELECT '00000000-0000-7000-8000-000000000000', ('01800000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'epoch',
                'user.updated', e.user_id, 'usr_' || replace(e.user_id::text, '-', '')
         FROM user_emails e, generate_series(1, 33) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let first = told(&ada, ACTIVITY).await;
    assert_eq!(first.matches("Profile changed").count(), 28);
    let next = first
        .split("href=\"")
        .find(|part| part.contains("before="))
        .unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = told(&ada, &next).await;
    assert_eq!(second.matches("Profile changed").count(), 5);
    assert!(first.contains("Account created") && second.contains("First page"));
    assert!(!second.contains("before="), "it is the last one");
    let (status, _) = page(&ada, &format!("{ACTIVITY}?before=junk")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
