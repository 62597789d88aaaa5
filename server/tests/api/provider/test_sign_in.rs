//! A sign-in that is only tried: it says what a real one would, and leaves nothing behind.

use crate::{
    access::role::{claims, tokens},
    harness::{Harness, RegisteredApp},
    isolation::safe::everything,
    members::{call, joined, page},
    platform::users::operator,
    provider::ready,
};
use reqwest::{Client, StatusCode};
use serde_json::Value;

const ALL: &str = "%20profile%20email%20roles";

fn path(app: &RegisteredApp) -> String {
    format!("/w/acme/admin/apps/{}/test", app.id)
}

/// The claims that the page shows.
fn shown(html: &str, id: &str) -> Value {
    let text = html.split_once(&format!("<code id=\"{id}\">")).unwrap().1;
    let text = text.split("</code>").next().unwrap();
    let text = text.split("<!").next().unwrap();
    serde_json::from_str(&text.replace("&quot;", "\"").replace("&amp;", "&")).unwrap()
}

async fn userinfo(house: &Harness, tokens: &Value) -> Value {
    let answer = Client::new()
        .get(format!("{}/w/acme/oauth/userinfo", house.origin))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send();
    answer.await.unwrap().json().await.unwrap()
}

#[actix_web::test]
async fn a_tried_sign_in_says_what_a_real_one_gives_the_app() {
    let (house, owner, app) = ready("ES256").await;
    let role = [("slug", "acme"), ("id", app.id.as_str()), ("name", "doctor")];
    assert_eq!(call(&owner, "create_app_role", &role).await, StatusCode::OK);
    assert_eq!(
        call(&owner, "set_display_name", &[("name", "Olivia")]).await,
        StatusCode::OK
    );
    let (status, before) = page(&owner, &path(&app)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        before.contains("You’ll be asked to allow access first."),
        "{before}"
    );
    let real = tokens(&house, &owner, &app, ALL).await;
    let (_, html) = page(&owner, &path(&app)).await;
    assert!(html.contains("You’ve already allowed access"), "{html}");
    let mut id_token = claims(&real, "id_token");
    let only_real = id_token.as_object_mut().unwrap();
    assert!(only_real.remove("nonce").is_some() && only_real.remove("at_hash").is_some());
    assert_eq!(shown(&html, "id-token"), id_token);
    assert_eq!(id_token["name"], "Olivia");
    assert_eq!(shown(&html, "userinfo"), userinfo(&house, &real).await);
}

#[actix_web::test]
async fn a_tried_sign_in_leaves_nothing_behind() {
    let (house, owner, app) = ready("EdDSA").await;
    let adam = joined(&house, &owner, "adam@example.com", "admin").await;
    let all = house.database.all_seeing().await.unwrap();
    let counted = async || -> (i64, i64) {
        let counts = "SELECT (SELECT count(*) FROM authorizations), (SELECT count(*) FROM audit_events)";
        sqlx::query_as(counts).fetch_one(&all).await.unwrap()
    };
    let (tables, counts) = (everything(&all).await, counted().await);
    for browser in [&owner, &adam] {
        let answer = browser.get(&path(&app)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers().get("set-cookie").is_none());
    }
    assert_eq!(everything(&all).await, tables);
    assert_eq!(counted().await, counts);
}

#[actix_web::test]
async fn a_tried_sign_in_says_why_it_would_fail_and_shows_no_claims_then() {
    let (house, owner, app) = ready("ES256").await;
    let olga = operator(&house).await;
    let open = [("slug", "acme"), ("reason", "Help"), ("hours", "8")];
    assert_eq!(call(&owner, "open_support", &open).await, StatusCode::OK);
    for (admission, sentence, gives) in [
        ("members", "only members can sign in to its apps", false),
        ("requests", "but you can request access", false),
        ("open", "you’ll become a member of this workspace", true),
    ] {
        let form = [("slug", "acme"), ("name", "Acme"), ("admission", admission)];
        assert_eq!(call(&owner, "update_workspace", &form).await, StatusCode::OK);
        let (status, html) = page(&olga, &path(&app)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains(sentence), "{admission} {html}");
        assert_eq!(html.contains("id=\"userinfo\""), gives, "{admission}");
    }
    let disabled = [("slug", "acme"), ("id", app.id.as_str()), ("state", "disabled")];
    assert_eq!(call(&owner, "set_app_state", &disabled).await, StatusCode::OK);
    let (_, html) = page(&owner, &path(&app)).await;
    assert!(html.contains("Nobody can sign in. This app is disabled."));
    assert!(!html.contains("id=\"id-token\""));
}

#[actix_web::test]
async fn only_who_may_see_the_app_may_try_it() {
    let (house, owner, app) = ready("ES256").await;
    let mia = joined(&house, &owner, "mia@example.com", "member").await;
    assert_eq!(page(&mia, &path(&app)).await.0, StatusCode::FORBIDDEN);
    let eve = house.owner_of("evil").await;
    assert_eq!(page(&eve, &path(&app)).await.0, StatusCode::NOT_FOUND);
    let through_own = path(&app).replace("acme", "evil");
    assert_eq!(page(&eve, &through_own).await.0, StatusCode::NOT_FOUND);
}
