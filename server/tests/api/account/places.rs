//! Roughly where a browser signed in, told to its person.

use crate::harness::{Harness, token};
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, ORIGIN};

const ADA: &str = "ada@example.com";

#[actix_web::test]
async fn a_person_sees_roughly_where_they_signed_in_and_no_log_does() {
    let house = Harness::start().await;
    let here = house.sign_in(ADA).await;
    let there = house.browser();
    let mail = house.ask(&there, ADA, "", "").await;
    let request = there
        .client
        .post(format!("{}/fn/redeem_magic_link", there.origin))
        .header(ACCEPT, "text/html")
        .header(ORIGIN, &there.origin)
        .header("x-forwarded-for", "203.0.113.9")
        .form(&[("token", token(&mail))]);
    assert!(request.send().await.unwrap().status().is_redirection());
    let warning = house.mails.take_warning().await;
    assert_eq!(warning.name, "203.0.113.9 (Vienna, Austria)");
    for (language, place) in [("en", "Vienna, Austria"), ("de", "Wien, Österreich")] {
        let page = here
            .client
            .get(format!("{}/account/sessions", here.origin))
            .header(ACCEPT_LANGUAGE, language);
        let html = page.send().await.unwrap().text().await.unwrap();
        assert_eq!(html.matches(place).count(), 1, "{html}");
    }
    let told: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE to_jsonb(audit_events)::text LIKE '%Vienna%'",
    )
    .fetch_one(&house.database.all_seeing().await.unwrap())
    .await
    .unwrap();
    assert_eq!(told, 0);
}
