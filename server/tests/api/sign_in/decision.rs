//! What a workspace, the platform and apps ask of a sign-in beside its age: two factors, a method, a passkey.

use super::passkeys::{add, sign_in};
use crate::{
    harness::{Harness, RegisteredApp, location, param, request},
    members::{ALL_METHODS, asks, call, joined, page},
    platform::users::operator,
    provider::{redeem, refresh, userinfo},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use iam_testkit::{Authenticator, Says};
use reqwest::StatusCode;
use serde_json::Value;

const OWNER: &str = "owner@acme.example";

/// An owner with a passkey, in a browser that signed in with it, and an app.
async fn with_passkey(house: &Harness) -> (crate::harness::Browser, Authenticator, RegisteredApp) {
    let owner = house.owner_of("acme").await;
    let app = house.register(&owner, "acme", "ES256").await;
    let mut authenticator = Authenticator::default();
    assert_eq!(add(&owner, &mut authenticator, &Says::default()).await, None);
    let _added = house.mails.take_warning().await;
    let browser = house.browser();
    assert_eq!(
        sign_in(&browser, &mut authenticator, &Says::default()).await,
        None
    );
    let _new_browser = house.mails.take_warning().await;
    (browser, authenticator, app)
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// Where a request of the app leads a browser, after the first step.
async fn led_to(browser: &crate::harness::Browser, app: &RegisteredApp, more: &str) -> String {
    let stored = location(
        &browser
            .get(&format!("/w/acme/oauth/authorize?{}", request(app, more)))
            .await,
    );
    if !stored.starts_with("/w/acme/continue") {
        return stored;
    }
    let next = location(&browser.get(&stored).await);
    if next.starts_with("/w/acme/login") {
        let page = browser.get(&next).await;
        return if page.status().is_redirection() {
            location(&page)
        } else {
            next
        };
    }
    next
}

#[actix_web::test]
async fn a_workspace_that_asks_for_two_factors_lets_nobody_in_with_one() {
    let house = Harness::start_named().await;
    let (strong, _, app) = with_passkey(&house).await;
    let ada = joined(&house, &strong, "ada@example.com", "admin").await;
    let (_, tokens) = redeem(&house, "acme", &app, &crate::provider::code(&ada, &app).await).await;
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
    let (_, own) = redeem(&house, "acme", &app, &crate::provider::code(&strong, &app).await).await;

    assert_eq!(asks(&strong, "", true, &ALL_METHODS).await, StatusCode::OK);
    // From the next request on: pages, forms, requests of apps, and what apps got before.
    let (status, html) = page(&ada, "/w/acme/admin/members").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(html.contains("/login/step-up?workspace=acme"), "{html}");
    let refused = ada.call_json("leave_workspace", &[("slug", "acme")]).await;
    assert_eq!(
        refused.json::<Value>().await.unwrap()["code"],
        "second_factor_required"
    );
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::UNAUTHORIZED);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let (status, answer) = refresh(&house, &app, refresh_token).await;
    assert_eq!(
        (status, &answer["error"]),
        (StatusCode::BAD_REQUEST, &Value::from("invalid_grant"))
    );
    assert!(
        led_to(&ada, &app, "")
            .await
            .starts_with("/login/step-up?workspace=acme&request=")
    );
    for (more, error) in [
        ("&prompt=none", "interaction_required"),
        (
            "&prompt=none&acr_values=aal2",
            "unmet_authentication_requirements",
        ),
    ] {
        let silent = led_to(&ada, &app, more).await;
        assert_eq!(param(&silent, "error").as_deref(), Some(error));
    }
    // Whoever signed in with a passkey notices nothing.
    assert_eq!(page(&strong, "/w/acme/admin/members").await.0, StatusCode::OK);
    assert_eq!(userinfo(&house, "acme", &own).await, StatusCode::OK);
    // Other places do not ask.
    assert_eq!(page(&ada, "/workspaces").await.0, StatusCode::OK);
    // "Why can't they get in?" says the same.
    let (_, html) = page(&strong, "/w/acme/admin/members/check?email=ada@example.com").await;
    assert!(html.contains("without two-step verification"), "{html}");
    // And it ends as it began.
    assert_eq!(asks(&strong, "", false, &ALL_METHODS).await, StatusCode::OK);
    assert_eq!(page(&ada, "/w/acme/admin/members").await.0, StatusCode::OK);
    assert_eq!(userinfo(&house, "acme", &tokens).await, StatusCode::OK);
}

#[actix_web::test]
async fn nobody_asks_for_what_their_own_sign_in_lacks() {
    let house = Harness::start_named().await;
    let (strong, _, _) = with_passkey(&house).await;
    let weak = house.sign_in(OWNER).await;
    let refused = StatusCode::CONFLICT;
    assert_eq!(asks(&weak, "", true, &ALL_METHODS).await, refused);
    assert_eq!(asks(&weak, "", false, &["passkey"]).await, refused);
    assert_eq!(asks(&strong, "", false, &["email"]).await, refused);
    assert_eq!(
        asks(&strong, "", false, &[]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        asks(&strong, "", false, &["guess"]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(asks(&strong, "", true, &["passkey"]).await, StatusCode::OK);
    // Now the weak one has to sign in anew, by the method that counts.
    let (status, html) = page(&weak, "/w/acme/admin/settings").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(html.contains("/w/acme/login?again=1"), "{html}");
    assert_eq!(page(&strong, "/w/acme/admin/settings").await.0, StatusCode::OK);
}

#[actix_web::test]
async fn a_login_page_offers_what_counts_and_says_why_it_asks_again() {
    let house = Harness::start_named().await;
    let (strong, _, app) = with_passkey(&house).await;
    let weak = house.sign_in(OWNER).await;
    let (by_mail, by_passkey) = ("/fn/request_magic_link", "/fn/redeem_passkey");
    let (_, html) = page(&house.browser(), "/w/acme/login").await;
    assert!(html.contains(by_mail) && html.contains(by_passkey), "{html}");

    assert_eq!(asks(&strong, "", false, &["passkey"]).await, StatusCode::OK);
    for path in ["/w/acme/login", "/w/acme/login?again=1"] {
        let (_, html) = page(&weak, path).await;
        assert!(!html.contains(by_mail) && html.contains(by_passkey), "{html}");
        assert!(html.contains("not in a way that Acme accepts"), "{html}");
    }
    let asked = led_to(&weak, &app, "").await;
    let (_, html) = page(&weak, &asked).await;
    assert!(!html.contains(by_mail), "{html}");
    assert!(html.contains("not in a way that Acme accepts"), "{html}");
    // A stranger is told what counts, and how to get it.
    let (_, html) = page(&house.browser(), "/w/acme/login").await;
    assert!(html.contains("Acme only accepts passkeys"), "{html}");
    assert!(!html.contains("not in a way"), "{html}");
    // Whoever signs in on purpose again is asked, and not reproached.
    let (_, html) = page(&strong, "/w/acme/login?again=1").await;
    assert!(
        html.contains(by_passkey) && !html.contains("not in a way"),
        "{html}"
    );

    assert_eq!(asks(&strong, "3600", false, &ALL_METHODS).await, StatusCode::OK);
    house.clock.advance(TimeDelta::hours(2));
    let (_, html) = page(&weak, "/w/acme/login").await;
    assert!(
        html.contains("Sign in again to confirm") && html.contains(by_mail),
        "{html}"
    );
}

#[actix_web::test]
async fn the_platform_asks_for_two_factors_everywhere() {
    let house = Harness::start_named().await;
    let (strong, _, _) = with_passkey(&house).await;
    let olga = operator(&house).await;
    let form = [
        ("two_factors", "true"),
        ("methods[]", "email"),
        ("methods[]", "passkey"),
    ];
    assert_eq!(
        call(&olga, "update_platform_sign_in", &form).await,
        StatusCode::CONFLICT
    );
    let mut key = Authenticator::default();
    assert_eq!(add(&olga, &mut key, &Says::default()).await, None);
    assert_eq!(sign_in(&olga, &mut key, &Says::default()).await, None);
    assert_eq!(
        call(&olga, "update_platform_sign_in", &form).await,
        StatusCode::OK
    );
    let weak = house.sign_in(OWNER).await;
    assert_eq!(page(&weak, "/w/acme/admin").await.0, StatusCode::UNAUTHORIZED);
    let (status, html) = page(&strong, "/w/acme/admin/settings").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("The platform also requires this"), "{html}");
}

#[actix_web::test]
async fn an_app_asks_how_sure_it_is_to_be_and_is_told() {
    let house = Harness::start_named().await;
    let (strong, _, app) = with_passkey(&house).await;
    let weak = house.sign_in(OWNER).await;
    let metadata = house
        .browser()
        .get("/w/acme/.well-known/openid-configuration")
        .await;
    let metadata: Value = metadata.json().await.unwrap();
    assert_eq!(
        metadata["acr_values_supported"],
        serde_json::json!(["aal1", "aal2", "phr"])
    );

    for (asked, enough) in [
        ("&acr_values=aal1", true),
        ("&acr_values=aal2", false),
        ("&acr_values=phr", false),
        ("&acr_values=phr%20aal1", true),
        ("&acr_values=urn:example:gold", true),
    ] {
        let weakly = led_to(&weak, &app, asked).await;
        assert_eq!(!weakly.starts_with("/login/step-up"), enough, "{asked}: {weakly}");
        let strongly = led_to(&strong, &app, asked).await;
        assert!(!strongly.starts_with("/login"), "{asked}: {strongly}");
    }
    let granted = strong.authorize("acme", &request(&app, "&acr_values=phr")).await;
    let (_, tokens) = redeem(&house, "acme", &app, &param(&granted, "code").unwrap()).await;
    assert_eq!(claims(&tokens["id_token"])["acr"], "phr");
    assert_eq!(claims(&tokens["access_token"])["acr"], "phr");
    let (_, tokens) = redeem(&house, "acme", &app, &crate::provider::code(&weak, &app).await).await;
    assert_eq!(claims(&tokens["id_token"])["acr"], "aal1");
}
